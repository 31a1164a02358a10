import type { RingShape } from './block-ring.ts'
import type { LameModules } from './lame-modules.ts'
import type { Parcel } from './parcel.ts'
import type { Mp3Settings } from './settings.ts'

/** Handed over when a lane starts. */
export interface LaneData {
  readonly modules: LameModules
  readonly settings: Mp3Settings
  readonly shape: RingShape
  /** The ring's. */
  readonly memory: SharedArrayBuffer
  /** Its number, from 0. */
  readonly lane: number
}

/** A block is done. */
export interface LaneMessage {
  readonly index: number
  readonly isLast: boolean
  readonly frames: Parcel
}
