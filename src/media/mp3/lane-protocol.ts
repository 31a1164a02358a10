import type { RingShape } from './block-ring.ts'
import type { LameModules } from './lame-modules.ts'
import type { Parcel } from './parcel.ts'
import type { Mp3Settings } from './settings.ts'

/** What encodes blocks. */
export interface BlockEncoder {
  readonly modules: LameModules
  readonly settings: Mp3Settings
}

/** Handed over when a lane starts. */
export interface LaneData extends BlockEncoder {
  readonly shape: RingShape
  /** The ring's. */
  readonly memory: SharedArrayBuffer
  /** Its number, from 0. */
  readonly lane: number
}

/** A block is done. */
export interface EncodedBlock {
  readonly index: number
  readonly isLast: boolean
  readonly frames: Parcel
}

export type LaneMessage =
  | { readonly kind: 'block'; readonly block: EncodedBlock }
  /** There are no more blocks. */
  | { readonly kind: 'ended' }
