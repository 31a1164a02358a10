/** Bytes gathered before they are sent. */
const BLOCK = 256 * 1024

export interface ResultWriter {
  /** Takes what the engine writes at a place of the result: at its end, or over what was written before. */
  write(bytes: Uint8Array, position: number): void
  /** Sends what was gathered. */
  flush(): void
}

/**
 * The thread's side of writing: gathers appended bytes into blocks, and passes patches on in their order. What comes
 * behind the first patch is held until the end: it is the index of an MP4, whose boxes are told their sizes afterwards,
 * and it lies where nothing can be patched any more.
 */
export function createResultWriter(send: {
  append(bytes: Uint8Array): void
  patch(offset: number, bytes: Uint8Array): void
}): ResultWriter {
  /** Bytes written so far, the gathered ones included. */
  let size = 0
  let gathered = new Uint8Array(BLOCK)
  let filled = 0
  let isHeld = false

  const flush = () => {
    for (let at = 0; at < filled; at += BLOCK)
      send.append(gathered.subarray(at, Math.min(filled, at + BLOCK)))
    gathered = new Uint8Array(BLOCK)
    filled = 0
  }

  const makeRoom = (length: number) => {
    if (filled + length <= gathered.length) return
    const larger = new Uint8Array(Math.max(filled + length, gathered.length * 2))
    larger.set(gathered.subarray(0, filled))
    gathered = larger
  }

  const append = (bytes: Uint8Array) => {
    makeRoom(bytes.length)
    gathered.set(bytes, filled)
    filled += bytes.length
    size += bytes.length
    if (filled >= BLOCK && !isHeld) flush()
  }

  const rewrite = (bytes: Uint8Array, position: number) => {
    const start = size - filled
    if (isHeld && position >= start) {
      gathered.set(bytes, position - start)
      return
    }
    flush()
    send.patch(position, bytes.slice())
    isHeld = true
  }

  return {
    flush,
    write(bytes, position) {
      const over = Math.max(0, Math.min(bytes.length, size - position))
      if (over > 0) rewrite(bytes.subarray(0, over), position)
      append(bytes.subarray(over))
    },
  }
}
