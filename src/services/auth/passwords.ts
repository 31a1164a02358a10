import { randomBytes } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { hash, parseOptions, verify } from '@node-rs/argon2'
import { verify as verifyBcrypt } from '@node-rs/bcrypt'
import { isBcrypt } from '../../domain/password-hash.ts'
import { createTurnstile } from './turnstile.ts'

/** OWASP's first recommendation for argon2id: 19 MiB, two passes, one lane. 6-9 ms. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const
/** How often hashing may go on at once. It shares its threads with the file system: one stays free. */
const AT_ONCE = Math.min(3, Math.max(1, availableParallelism() - 1))

/** `unreadable`: the known hash is none that can be checked. */
export type Verdict = 'right' | 'wrong' | 'unreadable'

export interface Passwords {
  /** argon2id in PHC form. */
  hash(password: string): Promise<string>
  /**
   * Whether `password` is the one behind `known`, an argon2 or bcrypt hash. Without one that can be read it takes as
   * long as with an argon2id hash and is not right, so that time does not tell who has an account. `before` runs when
   * its turn has come; when it fails, nothing is hashed.
   */
  check(password: string, known: string | undefined, before?: () => Promise<void>): Promise<Verdict>
  /** True for a hash of another kind, or made with other parameters, than today's. */
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
        const verdict = known === undefined ? 'wrong' : await compare(password, known)
        if (known === undefined || verdict === 'unreadable') await verify(await dummyHash(), password)
        return verdict
      }),
    isOutdated(known) {
      if (!known.startsWith('$argon2id$')) return true
      const { memoryCost, timeCost, parallelism } = parseOptions(known)
      return memoryCost !== COST.memoryCost || timeCost !== COST.timeCost || parallelism !== COST.parallelism
    },
  }
}

/** bcrypt sees the first 72 bytes, here as in the programs that made these hashes. */
async function compare(password: string, known: string): Promise<Verdict> {
  try {
    const matches = await (isBcrypt(known) ? verifyBcrypt(password, known) : verify(known, password))
    return matches ? 'right' : 'wrong'
  } catch {
    return 'unreadable'
  }
}
