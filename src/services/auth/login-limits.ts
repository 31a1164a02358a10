import { createHash } from 'node:crypto'
import ipaddr from 'ipaddr.js'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { AppError } from '../../domain/errors.ts'
import { emailKey } from '../../domain/user.ts'
import type { Credentials } from '../../ports/identity.ts'

const WINDOW_SECONDS = 15 * 60
const PER_ACCOUNT = 10
const PER_ADDRESS = 100

type Attempt = Pick<Credentials, 'email' | 'address'>

export interface LoginLimits {
  /** TOO_MANY_ATTEMPTS when the account or the address has failed too often. */
  check(attempt: Attempt): Promise<void>
  /** Counts a failed login, of an account or of none. */
  fail(attempt: Attempt): Promise<void>
  /** Nothing was counted for this account. */
  forget(email: string): Promise<void>
}

/** Failed logins of the last quarter of an hour, per account (whether it exists or not) and per address. */
export function createLoginLimits(): LoginLimits {
  const accounts = new RateLimiterMemory({ points: PER_ACCOUNT, duration: WINDOW_SECONDS })
  const addresses = new RateLimiterMemory({ points: PER_ADDRESS, duration: WINDOW_SECONDS })
  return {
    async check({ email, address }) {
      const [account, origin] = await Promise.all([
        accounts.get(accountKey(email)),
        addresses.get(addressKey(address)),
      ])
      const waits = [
        account && account.consumedPoints >= PER_ACCOUNT ? account.msBeforeNext : 0,
        origin && origin.consumedPoints >= PER_ADDRESS ? origin.msBeforeNext : 0,
      ]
      const wait = Math.max(...waits)
      if (wait > 0) throw new AppError('TOO_MANY_ATTEMPTS', undefined, { retryAfter: Math.ceil(wait / 1000) })
    },
    async fail({ email, address }) {
      await Promise.all([accounts.penalty(accountKey(email)), addresses.penalty(addressKey(address))])
    },
    async forget(email) {
      await accounts.delete(accountKey(email))
    },
  }
}

/** Of one length, however long the text someone sends as an address. */
export const accountKey = (email: string) => createHash('sha256').update(emailKey(email)).digest('base64')

/** IPv6 by its /64, which one customer holds whole; IPv4 also when it is written as IPv6. */
export function addressKey(address: string): string {
  if (!ipaddr.isValid(address)) return address.slice(0, 64)
  const parsed = ipaddr.process(address)
  if (parsed.kind() === 'ipv4') return parsed.toString()
  return parsed.toByteArray().slice(0, 8).join('.')
}
