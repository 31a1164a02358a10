import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'

/** A key for one purpose out of the one secret (HKDF-SHA256, RFC 5869): keys of two purposes tell nothing of each other. */
export function deriveKey(secret: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', purpose, 32))
}

/** `payload` as a token for a URL: readable by anyone, made only by who has the key. `expires`: milliseconds since the epoch. */
export function sign(key: Buffer, payload: unknown, expires?: number): string {
  const body = Buffer.from(JSON.stringify([payload, expires ?? null])).toString('base64url')
  return `${body}.${mac(key, body).toString('base64url')}`
}

/** The payload of a token made by `sign` with this key and not expired at `now`; undefined otherwise. */
export function verify(key: Buffer, token: string, now = Date.now()): unknown {
  const [body = '', given = '', ...rest] = token.split('.')
  const expected = mac(key, body)
  const presented = Buffer.from(given, 'base64url')
  if (rest.length > 0 || presented.length !== expected.length || !timingSafeEqual(presented, expected))
    return undefined
  const [payload, expires]: [unknown, number | null] = JSON.parse(Buffer.from(body, 'base64url').toString())
  return expires === null || now < expires ? payload : undefined
}

/** Six digits that only who has the key can tell of `payload`. */
export function sixDigits(key: Buffer, payload: unknown): string {
  const number = mac(key, JSON.stringify(payload)).readUIntBE(0, 6) % 1_000_000
  return `${number}`.padStart(6, '0')
}

/** Compares in a time that tells nothing of where they differ. */
export function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}

const mac = (key: Buffer, body: string) => createHmac('sha256', key).update(body).digest()
