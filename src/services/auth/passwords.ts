import { randomBytes } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { hash, parseOptions, verify } from '@node-rs/argon2'
import { createTurnstile } from './turnstile.ts'

/** OWASP's first recommendation for argon2id: 19 MiB, two passes, one lane. 6-9 ms. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const
/** How often hashing may go on at once. It shares its threads with the file system: one stays free. */
const AT_ONCE = Math.min(3, Math.max(1, availableParallelism() - 1))

export interface Passwords {
  /** argon2id in PHC form. */
  hash(password: string): Promise<string>
  /**
   * True when `password` is the one behind `known`. Without a known hash it takes as long and is false, so that time
   * does not tell who has an account. `before` runs when its turn has come; when it fails, nothing is hashed.
   */
  check(password: string, known: string | undefined, before?: () => Promise<void>): Promise<boolean>
  /** True for a hash made with other parameters than today's. */
  isOutdated(known: string): boolean
}

/** Hashing of passwords, a few at a time. */
export function createPasswords(): Passwords {
  const inTurn = createTurnstile(AT_ONCE)
  // Made at the first need, from a password nobody knows.
  let dummy: Promise<string> | undefined
  const dummyHash = () => {
    dummy ??= hash(randomBytes(32), COST)
    return dummy
  }
  return {
    hash: (password) => inTurn(() => hash(password, COST)),
    check: (password, known, before) =>
      inTurn(async () => {
        await before?.()
        const matches = await verify(known ?? (await dummyHash()), password)
        return matches && known !== undefined
      }),
    isOutdated(known) {
      const { memoryCost, timeCost, parallelism } = parseOptions(known)
      return memoryCost !== COST.memoryCost || timeCost !== COST.timeCost || parallelism !== COST.parallelism
    },
  }
}
