import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { MinHeap } from './min-heap.ts'

test('MinHeap.top is the lowest rank, whatever was added, changed and deleted', () => {
  const action = fc.record({ type: fc.constantFrom('add', 'update', 'delete'), rank: fc.integer(), pick: fc.nat() })
  fc.assert(
    fc.property(fc.array(action), (actions) => {
      const heap = new MinHeap<{ rank: number; slot: number }>()
      const items: { rank: number; slot: number }[] = []
      for (const { type, rank, pick } of actions) {
        const index = pick % Math.max(1, items.length)
        const item = items[index]
        if (type === 'add' || item === undefined) {
          const added = { rank, slot: -1 }
          items.push(added)
          heap.add(added)
        } else if (type === 'update') {
          item.rank = rank
          heap.update(item)
        } else {
          items.splice(index, 1)
          heap.delete(item)
          expect(item.slot).toBe(-1)
        }
        expect(heap.top?.rank).toBe(items.length === 0 ? undefined : Math.min(...items.map((one) => one.rank)))
      }
    }),
  )
})
