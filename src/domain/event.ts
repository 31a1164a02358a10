import type { Conversion, Told } from './conversion.ts'
import type { StoredFile } from './file.ts'

/** Something that happened to a conversion and that people are told. Holds all the telling needs. */
export interface ConversionEvent {
  readonly id: string
  readonly type: 'conversion.done' | 'conversion.failed'
  readonly conversionId: string
  /** The request that asked for the conversion, for the logs. */
  readonly requestId: string | null
  readonly ownerId: string | null
  /** Where the mail goes. */
  readonly username: string
  readonly sourceId: string
  readonly sourceName: string
  readonly result: {
    readonly id: string
    readonly name: string
    readonly size: number
    readonly duration: number | null
  } | null
  readonly warning: Told | null
  readonly failure: Told | null
  /** Milliseconds since the epoch. */
  readonly createdAt: number
}

/** What is told about a conversion that has just ended; `result` is null when it failed. */
export function eventOf(
  ended: Conversion,
  result: StoredFile | null,
  at: { id: string; now: number },
): ConversionEvent {
  return {
    id: at.id,
    type: result ? 'conversion.done' : 'conversion.failed',
    conversionId: ended.id,
    requestId: ended.requestId,
    ownerId: ended.ownerId,
    username: ended.ownerEmail,
    sourceId: ended.sourceId,
    sourceName: ended.sourceName,
    result: result && { id: result.id, name: result.name, size: result.size, duration: result.duration },
    warning: ended.warning,
    failure: ended.failure,
    createdAt: at.now,
  }
}
