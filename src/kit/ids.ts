import { createHash, randomBytes } from 'node:crypto'

const ID = /^[0-9a-f]{24}$/

/**
 * A new id: 24 hex digits, 4 bytes of Unix time as in a MongoDB ObjectId, 2 of the fraction of its second, 6 random
 * ones. Ids made in different milliseconds sort by their time, also within a second.
 */
export function newId(now = Date.now()): string {
  const bytes = randomBytes(12)
  bytes.writeUInt32BE(Math.floor(now / 1000))
  bytes.writeUInt16BE(Math.floor(((now % 1000) / 1000) * 65_536), 4)
  return bytes.toString('hex')
}

/** True for 24 lower-case hex digits and nothing else. */
export function isId(text: string): boolean {
  return ID.test(text)
}

/** The id that always stands for this text: whoever does a thing again finds what was made the first time. */
export function idFor(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 24)
}
