import { deriveKey, sign, verify } from '../kit/signed.ts'

/** Milliseconds a token between services is good for. */
const LIFE = 60_000
const PURPOSE = 'internal'

/** A token by which one of our services shows another that it has the common secret. */
export function internalToken(secret: string, now = Date.now()): string {
  return sign(deriveKey(secret, PURPOSE), PURPOSE, now + LIFE)
}

/** True for a token of `internalToken` with the same secret that is still good. */
export function isInternalToken(secret: string, token: string, now = Date.now()): boolean {
  return verify(deriveKey(secret, PURPOSE), token, now) === PURPOSE
}
