import { COMMON_PASSWORDS } from './common-passwords.ts'
import { AppError } from './errors.ts'

/** An account. `email` is kept as it was written; it is unique without regard to case. */
export interface User {
  readonly id: string
  readonly email: string
  /** argon2id in PHC form (or an imported bcrypt hash). Never leaves the auth service. */
  readonly passwordHash: string
  readonly role: Role
  /** Milliseconds since the epoch. */
  readonly createdAt: number
}

export type Role = 'user' | 'admin'

/** Who asks. `userId` is null for a valid token whose e-mail has no account. */
export interface Principal {
  readonly userId: string | null
  readonly email: string
  readonly admin: boolean
}

/** The owner rule, in its only place: one's own things, or everything for an administrator. */
export function mayTouch(principal: Principal, ownerId: string | null): boolean {
  return principal.admin || (principal.userId !== null && principal.userId === ownerId)
}

/** Under which an e-mail address is unique. */
export function emailKey(email: string): string {
  return email.trim().normalize('NFC').toLowerCase()
}

const EMAIL = /^[^\s@"(),:;<>[\\\]]{1,64}@[^\s@"(),:;<>[\\\]]{1,190}$/

/** A plausible address, or EMAIL_INVALID. Line breaks and the marks of header syntax never pass. */
export function parseEmail(text: string): string {
  const email = text.trim()
  if (!EMAIL.test(email)) throw new AppError('EMAIL_INVALID')
  return email
}

const MIN_PASSWORD = 8
const MAX_PASSWORD = 256

/** The rule for passwords people choose at /register; PASSWORD_WEAK states it. No composition rules (NIST 800-63B). */
export function checkPassword(password: string): void {
  if (isWeak(password)) throw new AppError('PASSWORD_WEAK')
}

/** True for a password that this rule refuses. */
export function isWeak(password: string): boolean {
  const length = [...password].length
  return length < MIN_PASSWORD || length > MAX_PASSWORD || COMMON_PASSWORDS.has(password.toLowerCase())
}
