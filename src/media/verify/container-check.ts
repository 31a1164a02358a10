/** What a result holds, counted in its own bytes. */
export interface Counted {
  /** Samples per channel that a player will play. */
  readonly samples: number
  /** Hz. */
  readonly sampleRate: number
}

/** Reads one kind of container while it is written, without keeping it. */
export interface ContainerCheck {
  /** The next bytes, in order. Fails with a reason when they can not follow. */
  append(bytes: Uint8Array): void
  /** Bytes near the start were rewritten. */
  patch?(): void
  /** What was counted, once all is written; `head` is the start of the file as it is now. Fails with a reason. */
  end(head: Uint8Array): Counted
}
