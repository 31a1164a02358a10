import type { Clock } from '../../kit/clock.ts'
import type { Examine } from '../../ports/examination.ts'
import type { Identity } from '../../ports/identity.ts'
import { byScheme } from '../by-scheme.ts'
import { examineHttpIdentity } from './http/examine.ts'
import { openHttpIdentity } from './http.ts'

export interface IdentitySettings {
  /** AUTH_URL. */
  readonly url: string
  /** JWT_SECRET; shows auth that one of its own services asks. */
  readonly secret: string
  readonly now?: Clock
}

/** The table of ways to auth, by the scheme of AUTH_URL. Adding one: a file here, a line, a test that calls the contract. */
const DRIVERS: Readonly<Record<string, (settings: IdentitySettings) => Promise<Identity>>> = {
  'http:': openHttpIdentity,
  'https:': openHttpIdentity,
}

/** Opens the way to auth that `settings.url` names; CONFIG_INVALID for a scheme nobody knows. */
export function openIdentity(settings: IdentitySettings): Promise<Identity> {
  return byScheme(DRIVERS, 'AUTH_URL', settings.url)(settings)
}

/** Examines the auth service at AUTH_URL. `token` was made with our JWT_SECRET. */
export const examineIdentity: Examine<{ readonly url: string; readonly token: string }> = examineHttpIdentity
