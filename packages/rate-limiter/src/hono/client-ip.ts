import type { Context } from 'hono'
import { checkInteger, checkType } from '../check.ts'

/** The shape of `GetConnInfo` of `hono/conninfo`, which early versions of hono 4 have not. */
type GetConnInfo = (c: Context) => { readonly remote: { readonly address?: string | undefined } }

/** Whose word about the client's address is taken, and how much of the address counts. */
export interface ClientIpOptions {
  /**
   * How many proxies of your own stand in front and append to `X-Forwarded-For`. With n of them the client is the n-th
   * address from the right; whatever stands further left the client has written itself. @default 0
   */
  trustedHops?: number | undefined
  /** How many leading bits of an IPv6 address make one client, who commonly has that many addresses. @default 56 */
  ipv6Prefix?: number | undefined
  /** Tells the socket's address; your runtime's, from `hono/bun`, `hono/deno`, …. @default that of @hono/node-server */
  getConnInfo?: GetConnInfo | undefined
}

/**
 * A key for `rateLimit`: the client's address, `203.0.113.7` or `2001:db8:0:100::/56`. A header that is missing, too
 * short or no address there means the socket's address.
 *
 * @throws {RangeError | TypeError} on an option that makes no sense; the key throws where the socket has no address.
 * @example
 * app.use(rateLimit({ limiter, key: clientIp({ trustedHops: 1 }) }))
 */
export function clientIp({ trustedHops = 0, ipv6Prefix = 56, getConnInfo = nodeConnInfo }: ClientIpOptions = {}): (
  c: Context,
) => string {
  checkInteger('trustedHops', trustedHops, 0)
  checkInteger('ipv6Prefix', ipv6Prefix, 1)
  checkType('getConnInfo', getConnInfo, 'function')
  if (ipv6Prefix > 128) throw new RangeError(`ipv6Prefix must be <= 128, received ${ipv6Prefix}`)

  return (c) => {
    const forwarded = trustedHops > 0 ? c.req.header('x-forwarded-for')?.split(',').at(-trustedHops) : undefined
    const client = forwarded === undefined ? undefined : normalize(forwarded.trim(), ipv6Prefix)
    if (client !== undefined) return client
    const { address } = getConnInfo(c).remote
    const socket = address === undefined ? undefined : normalize(address, ipv6Prefix)
    if (socket === undefined)
      throw new Error('clientIp found no socket address; give it the getConnInfo of your runtime')
    return socket
  }
}

function normalize(address: string, ipv6Prefix: number): string | undefined {
  if (isIpv4(address)) return address
  const groups = ipv6Groups(address)
  if (groups === undefined) return undefined
  if (groups.slice(0, 6).join() === '0,0,0,0,0,65535') {
    return groups
      .slice(6)
      .flatMap((group) => [group >> 8, group & 255])
      .join('.')
  }
  const kept = groups.map((group, index) => {
    const bits = Math.min(Math.max(ipv6Prefix - 16 * index, 0), 16)
    return group & (0xffff << (16 - bits))
  })
  const hex = kept.slice(0, Math.ceil(ipv6Prefix / 16)).map((group) => group.toString(16))
  return `${hex.join(':')}${hex.length < 8 ? '::' : ''}/${ipv6Prefix}`
}

function isIpv4(address: string): boolean {
  const octets = address.split('.')
  return octets.length === 4 && octets.every((octet) => /^(0|[1-9]\d{0,2})$/.test(octet) && Number(octet) <= 255)
}

/** The eight groups of an IPv6 address. The URL parser knows its grammar (RFC 4291) and writes it in one way only. */
function ipv6Groups(address: string): number[] | undefined {
  const [withoutZone = ''] = address.split('%')
  const url = `http://[${withoutZone}]/`
  if (!/^[\da-f:.]+$/i.test(withoutZone) || !URL.canParse(url)) return undefined
  const [left = '', right] = new URL(url).hostname.slice(1, -1).split('::')
  const [head, tail] = [groupsOf(left), groupsOf(right ?? '')]
  return [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => 0), ...tail]
}

function groupsOf(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => parseInt(group, 16))
}

interface NodeBindings {
  readonly incoming?: { readonly socket: { readonly remoteAddress?: string } }
}

/** As `getConnInfo` of @hono/node-server, without depending on it. */
const nodeConnInfo: GetConnInfo = (c) => {
  const env = c.env as (NodeBindings & { readonly server?: NodeBindings }) | undefined
  const address = (env?.server ?? env)?.incoming?.socket.remoteAddress
  return { remote: { address } }
}
