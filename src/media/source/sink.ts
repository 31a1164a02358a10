/** Where a result goes, in order; containers rewrite sizes near the start at the end. */
export interface Sink {
  write(bytes: Uint8Array): Promise<void>
  /** Overwrites bytes already written within the first 64 KB. */
  patch(offset: number, bytes: Uint8Array): Promise<void>
}
