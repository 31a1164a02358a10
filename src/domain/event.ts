import type { AccountEvent } from './account-event.ts'
import type { Conversion, State, Told } from './conversion.ts'
import type { StoredFile } from './file.ts'
import { emailKey } from './user.ts'

/** Something that happened to a conversion and that people are told. Holds all the telling needs. */
export interface ConversionEvent {
  readonly id: string
  readonly type: ConversionEventType
  readonly conversionId: string
  /** The request that asked for the conversion, for the logs. */
  readonly requestId: string | null
  /** W3C trace context of that request. Absent in events of releases that knew none. */
  readonly traceparent?: string | null
  readonly ownerId: string | null
  /** Where the mail goes, unless the person has proven another address. */
  readonly username: string
  readonly sourceId: string
  readonly sourceName: string
  readonly result: {
    readonly id: string
    readonly name: string
    readonly size: number
    readonly duration: number | null
    /** Absent, as are `conversion` and `webhook`, in events of releases that knew mails alone. */
    readonly contentType?: string
  } | null
  readonly warning: Told | null
  readonly failure: Told | null
  /** Milliseconds since the epoch. */
  readonly createdAt: number
  /** The conversion as it was then. */
  readonly conversion?: Pick<
    Conversion,
    'state' | 'progress' | 'attempt' | 'wish' | 'sourceSize' | 'createdAt' | 'startedAt' | 'endedAt'
  >
  /** A URL that is told of this conversion alone. */
  readonly webhook?: string | null
}

export type ConversionEventType =
  | 'conversion.queued'
  | 'conversion.running'
  | 'conversion.done'
  | 'conversion.failed'

/** What a delivery tells. */
export type ToldEvent = ConversionEvent | AccountEvent

/** True for what happened to a conversion. */
export function isAboutConversion(event: ToldEvent): event is ConversionEvent {
  return event.type.startsWith('conversion.')
}

/** Whom it concerns: a user id, or the e-mail key of someone without an account. */
export function personOf(event: ToldEvent): string {
  return isAboutConversion(event) ? (event.ownerId ?? emailKey(event.username)) : event.person
}

/** What is told about a conversion in the state it has just come to; `result` is null unless it is done. */
export function eventOf(
  conversion: Conversion,
  result: StoredFile | null,
  at: { id: string; now: number },
): ConversionEvent {
  const { id: conversionId, requestId, ownerId, sourceId, sourceName, warning, failure } = conversion
  const { state, progress, attempt, wish, sourceSize, createdAt, startedAt, endedAt } = conversion
  return {
    id: at.id,
    type: typeOf(state, result),
    conversionId,
    requestId,
    traceparent: conversion.traceparent,
    ownerId,
    username: conversion.ownerEmail,
    sourceId,
    sourceName,
    result: result && told(result),
    warning,
    failure,
    createdAt: at.now,
    conversion: { state, progress, attempt, wish, sourceSize, createdAt, startedAt, endedAt },
    webhook: conversion.webhook,
  }
}

/**
 * When an event of a conversion happened, for one that happens at `now`: queued, running and ended come in this order,
 * also within a millisecond, and where the clocks of two machines differ.
 */
export function eventTime({ state, createdAt, startedAt }: Conversion, now: number): number {
  if (state === 'queued') return now
  return Math.max(now, Math.max(createdAt, startedAt ?? 0) + (state === 'running' ? 1 : 2))
}

function typeOf(state: State, result: StoredFile | null): ConversionEventType {
  if (state === 'queued' || state === 'running') return `conversion.${state}`
  return result ? 'conversion.done' : 'conversion.failed'
}

const told = ({ id, name, size, duration, contentType }: StoredFile) => ({
  id,
  name,
  size,
  duration,
  contentType,
})
