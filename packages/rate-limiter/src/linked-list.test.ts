import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { LinkedList, type Linked } from './linked-list.ts'

interface Item extends Linked<Item> {
  readonly value: number
}

test('LinkedList holds what a list does from which anything is taken out, the current item of a walk included', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 20 })), fc.array(fc.nat({ max: 20 })), (values, taken) => {
      const list = new LinkedList<Item>()
      for (const value of values) list.push({ value, before: undefined, after: undefined })
      for (const item of list) if (taken.includes(item.value)) list.delete(item)
      const left = values.filter((value) => !taken.includes(value))
      expect(Array.from(list, ({ value }) => value)).toEqual(left)
      expect(list.first?.value).toBe(left[0])
      list.push({ value: 99, before: undefined, after: undefined })
      expect(Array.from(list, ({ value }) => value)).toEqual([...left, 99])
    }),
  )
})
