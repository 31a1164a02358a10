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

/** The purpose of the key that signs a password reset: auth reads what notification writes into a mail. */
export const RESET_PURPOSE = 'password-reset'

/** What a link for a new password is made of. */
export interface Reset {
  readonly userId: string
  /** Where the mail goes. */
  readonly email: string
  /** Tells of the password that is replaced: with another one the link is no good. */
  readonly stamp: string
  /** Milliseconds since the epoch: not good from then on. */
  readonly until: number
}

/**
 * Who is asking? In one process the auth service itself, else an HTTP client of it. `requestId`: of the request that made
 * one ask, for the log of an auth in another process.
 */
export interface Identity {
  /** A new account: EMAIL_INVALID, PASSWORD_WEAK, EMAIL_TAKEN, REGISTRATION_CLOSED. */
  register(
    account: { email: string; password: string },
    requestId?: string,
  ): Promise<{ id: string; email: string }>
  /**
   * A token (compact JWT) for correct credentials; CREDENTIALS_INVALID, TOO_MANY_ATTEMPTS. `basic` lives 24 h,
   * `json` JWT_EXPIRES_IN.
   */
  login(credentials: Credentials, kind: 'basic' | 'json', requestId?: string): Promise<string>
  /** The claims of a token with the account's role; TOKEN_INVALID, TOKEN_EXPIRED. */
  claims(token: string, requestId?: string): Promise<Claims>
  /** The id of the account with this address, null when there is none. For our own services; nobody outside may ask. */
  accountId(email: string): Promise<string | null>
  /**
   * For someone who has forgotten the password; null without an account, and when too many were asked for. TOO_MANY_ATTEMPTS
   * for the client's address. For our own services.
   */
  askReset(asked: { email: string; address: string }, requestId?: string): Promise<Reset | null>
  /** Sets a password by a token of the mail, once: LINK_INVALID, PASSWORD_WEAK. */
  resetPassword(given: { token: string; password: string }, requestId?: string): Promise<void>
  /** Fails when auth does not answer: SERVICE_UNAVAILABLE. */
  ping(): Promise<void>
  close(): Promise<void>
}

/** Whom claims speak of. */
export function principalOf(claims: Claims): Principal {
  return { userId: claims.userId, email: claims.username, admin: claims.admin }
}
