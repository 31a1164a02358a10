import ipaddr from 'ipaddr.js'

/** Networks as CIDR, `10.1.0.0/16`, or by name: loopback, linklocal, uniquelocal. An address stands for itself. */
export type Networks = readonly string[]

/** All of the IPv6 internet there is; every other block leads inward, nowhere, or by a translator into IPv4. */
const GLOBAL_IPV6 = ipaddr.parseCIDR('2000::/3')
/** Public by their number and yet inside: the host of a virtual machine at Azure; addresses for documentation (RFC 9637). */
const NOT_PUBLIC: Networks = ['168.63.129.16/32', '3fff::/20']

/**
 * May something that an outsider names be dialled? True for public unicast addresses and for the networks an operator
 * allows. False for what is no address at all.
 */
export function mayBeDialled(address: string, allowed: Networks): boolean {
  if (!ipaddr.isValid(address)) return false
  if (isWithin(address, allowed)) return true
  return isPublic(address) && !isWithin(address, NOT_PUBLIC)
}

function isPublic(address: string): boolean {
  const parsed = ipaddr.parse(address)
  return parsed.range() === 'unicast' && (parsed.kind() === 'ipv4' || parsed.match(GLOBAL_IPV6))
}

function isWithin(address: string, networks: Networks): boolean {
  const parsed = ipaddr.parse(address)
  return networks.some((network) => {
    const named = NAMED[network]
    if (named) return named.includes(parsed.range())
    const [base, bits] = rangeOf(network)
    return base.kind() === parsed.kind() && parsed.match(base, bits)
  })
}

/** As TRUST_PROXY names them. */
const NAMED: Readonly<Record<string, readonly string[]>> = {
  loopback: ['loopback'],
  linklocal: ['linkLocal'],
  uniquelocal: ['private', 'uniqueLocal'],
}

function rangeOf(network: string): ReturnType<typeof ipaddr.parseCIDR> {
  if (network.includes('/')) return ipaddr.parseCIDR(network)
  const one = ipaddr.parse(network)
  return [one, one.kind() === 'ipv4' ? 32 : 128]
}
