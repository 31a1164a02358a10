/** Bytes that can be read at any place: a file, ranges of a blob. The decoder sees nothing else of the world. */
export interface ByteSource {
  /** Bytes in all. */
  readonly size: number
  /** Bytes between two reads that are cheaper read than skipped. */
  readonly gap: number
  /**
   * The bytes from `offset`, exactly `length` of them unless the source ends before. A buffer they fill is the caller's.
   * `spare`: one that may take them, see `roomFor`.
   */
  read(offset: number, length: number, spare?: ArrayBuffer): Promise<Uint8Array>
  close(): Promise<void>
}
