import type { Loudness, MeterShape } from '../meter/meter.ts'
import type { RingShape } from '../mp3/block-ring.ts'
import type { BlockEncoder, EncodedBlock } from '../mp3/lane-protocol.ts'

/** What is said between a thread of the engine and the one that started it. */

/** Handed over when the thread starts. */
export interface ThreadData {
  readonly module: WebAssembly.Module
  /** Size of the source in bytes; null: this thread reads no source. */
  readonly sourceSize: number | null
  /** State of the read under way; the piece itself comes as a message. */
  readonly reading: SharedArrayBuffer
  /** How many more blocks of the result may be on their way. */
  readonly credit: SharedArrayBuffer
}

/** Run the engine with these arguments. */
export interface ExecRequest {
  readonly args: readonly string[]
  /** What is to lie in the file TAGS meanwhile. */
  readonly tags?: Uint8Array | undefined
  /** The same for the file COVER. */
  readonly cover?: Uint8Array | undefined
  /** The pipe's memory: a decoder writes it, an encoder reads it. */
  readonly pipe?: SharedArrayBuffer | undefined
  /** Where a decoder writes in place of a pipe. */
  readonly ring?: { readonly shape: RingShape; readonly memory: SharedArrayBuffer } | undefined
  /** Encode the ring's blocks in this thread, as they become whole. */
  readonly encoder?: BlockEncoder | undefined
  /** What comes by of samples, for a meter to hear. */
  readonly meter?: MeterShape | undefined
}

/** Send a piece of the source from this place on. */
export interface ReadRequest {
  readonly offset: number
  /** The memory of a piece that is needed no more. */
  readonly spare: ArrayBuffer
  /** The thread may never need this one. */
  readonly isAhead: boolean
}

export type ThreadMessage =
  | { readonly kind: 'ready' }
  /** The next block is encoded. */
  | { readonly kind: 'block'; readonly block: EncodedBlock }
  | ({ readonly kind: 'read' } & ReadRequest)
  | { readonly kind: 'append'; readonly bytes: Uint8Array }
  | { readonly kind: 'patch'; readonly offset: number; readonly bytes: Uint8Array }
  | {
      readonly kind: 'ended'
      readonly code: number
      readonly log: readonly string[]
      readonly notes: Uint8Array
      readonly picture: Uint8Array
      readonly loudness: Loudness | null
    }

/** States of a read. */
export const WAITING = 0
export const FILLED = 1
export const BROKEN = 2
/** Blocks of the result on their way at once. */
export const CREDIT = 8

/** Names of the files the engine sees; there are no others. */
export const SOURCE = 'source'
export const PCM = 'pcm'
/** The same pipe; its samples are 32-bit floats and are tamed on their way. */
export const FLOAT_PCM = 'floats'
/** 32-bit floats for the meter alone: they go nowhere. */
export const HEARD = 'heard'
export const RESULT = 'result'
/** The same for an MP4 in fragments, which are joined on their way. */
export const FRAGMENTS = 'fragments'
/** What is noted of a source: its tags and chapters. */
export const NOTES = 'notes'
/** Tags and chapters of a result. */
export const TAGS = 'tags'
/** A picture that comes out of a source. */
export const PICTURE = 'picture'
/** A picture that goes into a result. */
export const COVER = 'cover'
