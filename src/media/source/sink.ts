/** Bytes at the start of a result that can be written over: tags stand before what is filled in at the end. */
export const PATCHABLE_HEAD = 2_000_000

/** Where a result goes, in order; containers rewrite sizes near the start at the end. */
export interface Sink {
  write(bytes: Uint8Array): Promise<void>
  /** Overwrites bytes already written within the first PATCHABLE_HEAD bytes. */
  patch(offset: number, bytes: Uint8Array): Promise<void>
}
