import type { Principal } from '../domain/user.ts'

/** Claims of a token, in the order they stand in it. Tokens of others may lack any but `exp` and `iat`. */
export interface Claims {
  readonly username: string
  /** Seconds since the epoch. */
  readonly exp: number
  readonly iat: number
  /** The role of the account, whatever the token says. */
  readonly admin: boolean
  readonly sub: string | null
  readonly userId: string | null
  readonly email: string
}

export interface Credentials {
  readonly email: string
  readonly password: string
  /** The client's address, for the limit of failed logins. */
  readonly address: string
}

/** Who is asking? In one process the auth service itself, else an HTTP client of it. */
export interface Identity {
  /** A new account: EMAIL_INVALID, PASSWORD_WEAK, EMAIL_TAKEN, REGISTRATION_CLOSED. */
  register(account: { email: string; password: string }): Promise<{ id: string; email: string }>
  /**
   * A token (compact JWT) for correct credentials; CREDENTIALS_INVALID, TOO_MANY_ATTEMPTS. `basic` lives 24 h,
   * `json` JWT_EXPIRES_IN.
   */
  login(credentials: Credentials, kind: 'basic' | 'json'): Promise<string>
  /** The claims of a token with the account's role; TOKEN_INVALID, TOKEN_EXPIRED. */
  claims(token: string): Promise<Claims>
  /** The id of the account with this address, null when there is none. For our own services; nobody outside may ask. */
  accountId(email: string): Promise<string | null>
  /** Fails when auth does not answer: SERVICE_UNAVAILABLE. */
  ping(): Promise<void>
  close(): Promise<void>
}

/** Whom claims speak of. */
export function principalOf(claims: Claims): Principal {
  return { userId: claims.userId, email: claims.username, admin: claims.admin }
}
