import type { Told } from '../domain/conversion.ts'
import type { FormatName } from '../domain/format.ts'

/** What was made of what, and how: enough to check it, or to make it again. Durations in seconds, rates in bit/s and Hz. */
export interface Receipt {
  readonly engine: { readonly name: string; readonly version: string }
  readonly source: {
    readonly bytes: number
    readonly bytesRead: number
    readonly container: string
    readonly codec: string
    readonly sampleRate: number
    readonly channels: number
    /** What the source says of itself; null when it says nothing. */
    readonly declaredDuration: number | null
    /** What could be decoded or copied. */
    readonly duration: number
  }
  readonly result: {
    readonly bytes: number
    readonly format: FormatName
    readonly sampleRate: number
    readonly channels: number
    /** bit/s, null for lossless and variable bitrate. */
    readonly bitrate: number | null
    /** Samples per channel, counted in the result itself; null when its packets were copied. */
    readonly samples: number | null
    readonly duration: number
  }
  /** `copy`: packets as they were. `encode`: one encoder. */
  readonly plan: 'copy' | 'encode'
  /** The engine's arguments. */
  readonly settings: readonly string[]
  /** EBU R128, of what was decoded: LUFS, and dBFS of the true peak; null for a copy or silence. */
  readonly loudness: { readonly integrated: number; readonly truePeak: number } | null
  /** Set when the source was cut or damaged: the conversion is done, and partial. */
  readonly warning: Told | null
  /** Seconds per stage. */
  readonly seconds: { readonly probe: number; readonly convert: number }
}
