import { Hono } from 'hono'
import type { GetConnInfo } from 'hono/conninfo'
import { expect, test } from 'vitest'
import { clientIp, type ClientIpOptions } from './client-ip.ts'

async function keyOf(options: ClientIpOptions, remoteAddress: string | undefined, forwarded?: string): Promise<string> {
  const app = new Hono().get('/', (c) => c.text(clientIp(options)(c)))
  app.onError((error, c) => c.text(error.message, 500))
  const headers: Record<string, string> = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }
  const response = await app.request('/', { headers }, { incoming: { socket: { remoteAddress } } })
  return response.text()
}

test('clientIp with no trusted hop takes the socket, whatever X-Forwarded-For says', async () => {
  expect(await keyOf({}, '192.0.2.1', '203.0.113.7')).toBe('192.0.2.1')
})

test('clientIp takes the n-th hop from the right', async () => {
  const header = '6.6.6.6, 203.0.113.7,  198.51.100.2'
  expect(await keyOf({ trustedHops: 1 }, '192.0.2.1', header)).toBe('198.51.100.2')
  expect(await keyOf({ trustedHops: 2 }, '192.0.2.1', header)).toBe('203.0.113.7')
})

test.each([undefined, '', '203.0.113.7', 'unknown, 1.1.1.1', '1.2.3, 1.1.1.1', '1.2.3.256, 1.1.1.1', '[x]@y, 1.1.1.1'])(
  'clientIp takes the socket when the header %j is missing, too short or unparsable',
  async (header) => {
    expect(await keyOf({ trustedHops: 2 }, '192.0.2.1', header)).toBe('192.0.2.1')
  },
)

test.each([
  ['::ffff:1.2.3.4', '1.2.3.4'],
  ['::FFFF:102:304', '1.2.3.4'],
  ['2001:db8::1.2.3.4', '2001:db8:0:0::/56'],
  ['2001:db8:1:2ff:1:2:3:4', '2001:db8:1:200::/56'],
  ['2001:db8:1:201::', '2001:db8:1:200::/56'],
  ['fe80::1%eth0', 'fe80:0:0:0::/56'],
  ['::1', '0:0:0:0::/56'],
])('clientIp makes one key of %s: %s', async (address, key) => {
  expect(await keyOf({}, address)).toBe(key)
})

test('clientIp keeps as many bits as ipv6Prefix says', async () => {
  expect(await keyOf({ ipv6Prefix: 128 }, '2001:db8::ff')).toBe('2001:db8:0:0:0:0:0:ff/128')
  expect(await keyOf({ ipv6Prefix: 20 }, '2001:fdb8::ff')).toBe('2001:f000::/20')
})

const getConnInfo = (): ReturnType<GetConnInfo> => ({ remote: { address: '192.0.2.9', addressType: 'IPv4' } })

test('clientIp asks getConnInfo of another runtime, and says so when there is no address', async () => {
  expect(await keyOf({ getConnInfo }, undefined)).toBe('192.0.2.9')
  expect(await keyOf({}, undefined)).toContain('no socket address')
})

test.each([{ trustedHops: -1 }, { ipv6Prefix: 0 }, { ipv6Prefix: 129 }])('clientIp refuses %o', (options) => {
  expect(() => clientIp(options)).toThrow(RangeError)
})
