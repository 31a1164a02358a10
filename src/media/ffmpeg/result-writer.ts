/** Bytes gathered before they are sent. */
const BLOCK = 256 * 1024

export interface ResultWriter {
  /** Takes what the engine writes at a place of the result: at its end, or over what was written before. */
  write(bytes: Uint8Array, position: number): void
  /** Sends what was gathered. */
  flush(): void
}

/** The thread's side of writing: gathers appended bytes into blocks, and passes patches on in their order. */
export function createResultWriter(send: {
  append(bytes: Uint8Array): void
  patch(offset: number, bytes: Uint8Array): void
}): ResultWriter {
  /** Bytes written so far, the gathered ones included. */
  let size = 0
  const gathered = new Uint8Array(BLOCK)
  let filled = 0

  const flush = () => {
    if (filled > 0) send.append(gathered.subarray(0, filled))
    filled = 0
  }

  const append = (bytes: Uint8Array) => {
    for (let at = 0; at < bytes.length; ) {
      const part = bytes.subarray(at, at + BLOCK - filled)
      gathered.set(part, filled)
      filled += part.length
      at += part.length
      if (filled === BLOCK) flush()
    }
    size += bytes.length
  }

  return {
    flush,
    write(bytes, position) {
      const over = Math.max(0, Math.min(bytes.length, size - position))
      if (over > 0) {
        flush()
        send.patch(position, bytes.slice(0, over))
      }
      append(bytes.subarray(over))
    },
  }
}
