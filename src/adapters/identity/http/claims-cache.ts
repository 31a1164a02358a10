import { createHash } from 'node:crypto'
import type { Clock } from '../../../kit/clock.ts'
import type { Claims } from '../../../ports/identity.ts'

/** Milliseconds an answer may be kept: so long a role that was taken away may still count. */
const KEEP = 5_000
const MOST = 10_000

export interface ClaimsCache {
  get(token: string): Claims | undefined
  set(token: string, claims: Claims): void
}

/** Answers of auth by the hash of their token, for a few seconds. Never beyond the token's own end. */
export function createClaimsCache(now: Clock): ClaimsCache {
  const kept = new Map<string, { claims: Claims; until: number }>()
  return {
    get(token) {
      const found = kept.get(keyOf(token))
      return found && now() < found.until ? found.claims : undefined
    },
    set(token, claims) {
      const key = keyOf(token)
      kept.delete(key)
      kept.set(key, { claims, until: Math.min(now() + KEEP, claims.exp * 1000) })
      // A map keeps the order of insertion: the first is the oldest.
      const [oldest] = kept.keys()
      if (kept.size > MOST && oldest !== undefined) kept.delete(oldest)
    },
  }
}

const keyOf = (token: string) => createHash('sha256').update(token).digest('base64')
