import { lookup, Resolver } from 'node:dns/promises'
import type { Networks } from '../../../domain/public-address.ts'

/** The addresses a name stands for; fails when there are none. */
export type Resolve = (name: string) => Promise<readonly string[]>

/** Milliseconds for one question, asked twice. */
const TIMEOUT = 1_500

/**
 * Names are asked of the DNS and of nothing else: what only this machine or its network knows leads inward. It also
 * keeps a name server that is slow on purpose from holding the few threads that `lookup` shares with all files. Where
 * the operator allows networks inside, their names are known to `lookup` alone.
 */
export function createResolve(allowed: Networks): Resolve {
  const resolver = new Resolver({ timeout: TIMEOUT, tries: 2 })
  return async (name) => {
    const [four, six] = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)])
    const found = [four, six].flatMap((each) => (each.status === 'fulfilled' ? each.value : []))
    if (found.length > 0) return found
    if (allowed.length > 0) return (await lookup(name, { all: true })).map(({ address }) => address)
    throw four.status === 'rejected' ? four.reason : new Error('no address')
  }
}
