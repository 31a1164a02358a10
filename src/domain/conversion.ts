import type { ErrorCode } from './errors.ts'
import { errorKind } from './errors.ts'
import type { Wish } from './wish/wish.ts'

export const STATES = ['queued', 'running', 'done', 'failed', 'cancelled'] as const
export type State = (typeof STATES)[number]

/** A failure or a warning, as it is stored and shown. */
export interface Told {
  readonly code: ErrorCode
  readonly text: string
}

/** One wish about one source file, and how far it has come. Times are milliseconds since the epoch. */
export interface Conversion {
  readonly id: string
  /** User id; null for adopted work whose owner has no account. */
  readonly ownerId: string | null
  /** Where the mail goes. */
  readonly ownerEmail: string
  readonly sourceId: string
  /** Name and size of the source; they stay known when the source itself was removed. */
  readonly sourceName: string
  readonly sourceSize: number
  readonly wish: Wish
  /** The request that asked for it: ties the log lines of all services together. */
  readonly requestId: string | null
  /** W3C trace context of that request; null: it is in no trace. */
  readonly traceparent: string | null
  /** A URL that is told what happens to it, beside the endpoints of its owner. */
  readonly webhook: string | null
  readonly state: State
  /** How often it was claimed since it was submitted or retried by hand. */
  readonly attempt: number
  /** Counts every claim ever; a write that carries an older one is refused. */
  readonly fence: number
  readonly lease: Lease | null
  /** Place in the fair order: lower is served first. */
  readonly turn: number
  /** Not claimed before this time. */
  readonly notBefore: number
  /** 0 to 1. */
  readonly progress: number
  readonly resultId: string | null
  readonly warning: Told | null
  readonly failure: Told | null
  readonly createdAt: number
  readonly startedAt: number | null
  readonly endedAt: number | null
}

export interface Lease {
  readonly worker: string
  readonly until: number
}

/** Attempts before a conversion has failed for good. */
export const MAX_ATTEMPTS = 3
/** Milliseconds: the first pause is up to this, each further one up to four times as long. */
const FIRST_PAUSE = 5_000

const NEXT: Readonly<Record<State, readonly State[]>> = {
  queued: ['running', 'cancelled'],
  running: ['queued', 'running', 'done', 'failed', 'cancelled'],
  done: [],
  failed: ['queued'],
  cancelled: ['queued'],
}

/** May a conversion go from one state to another? running → running is a takeover after a lost lease. */
export function mayBecome(from: State, to: State): boolean {
  return NEXT[from].includes(to)
}

/** True for the states a conversion rests in. */
export function hasEnded(state: State): boolean {
  return !NEXT[state].includes('cancelled')
}

/** True for the states that a retry by hand leads out of. */
export function mayBeRetried(state: State): boolean {
  return NEXT[state].includes('queued') && hasEnded(state)
}

/**
 * The place of a new conversion in the fair order. `serving` is the lowest turn not yet ended (or the highest
 * ever given, when nothing waits); `ownersLast` the highest turn of the owner. One's own conversions queue behind
 * each other; nobody waits behind the whole queue of another.
 */
export function turnFor(serving: number, ownersLast: number | null): number {
  return ownersLast === null ? serving : Math.max(serving, ownersLast + 1)
}

/**
 * Seconds until a running conversion is likely to be done, from what its attempt has done so far; null before that can
 * be told. `now`: milliseconds since the epoch.
 */
export function secondsLeft(
  { state, startedAt, progress }: Pick<Conversion, 'state' | 'startedAt' | 'progress'>,
  now: number,
): number | null {
  if (state !== 'running' || startedAt === null || progress < 0.02) return null
  return Math.max(0, Math.round(((now - startedAt) / 1000) * (1 / progress - 1)))
}

/** What happens after an attempt failed: another one not before a time, or the end. `random` is in [0, 1). */
export function afterFailure(
  failed: { attempt: number; code: ErrorCode },
  now: number,
  random: number,
): { again: true; notBefore: number } | { again: false } {
  if (!errorKind(failed.code).retry || failed.attempt >= MAX_ATTEMPTS) return { again: false }
  return { again: true, notBefore: now + backOff(failed.attempt, random) }
}

/** Full jitter: milliseconds in [0, 5 s · 4^(attempt-1)), at most `max`. */
export function backOff(attempt: number, random: number, max = Number.POSITIVE_INFINITY): number {
  return Math.floor(random * Math.min(max, FIRST_PAUSE * 4 ** (attempt - 1)))
}
