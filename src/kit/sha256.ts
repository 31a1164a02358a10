import { createHash } from 'node:crypto'

/** Lower-case hex, and how many bytes there were. `onChunk` is called after each piece. */
export async function sha256Of(
  bytes: AsyncIterable<Uint8Array>,
  onChunk: () => void = () => {},
): Promise<{ sha256: string; size: number }> {
  const hash = createHash('sha256')
  let size = 0
  for await (const chunk of bytes) {
    hash.update(chunk)
    size += chunk.length
    onChunk()
  }
  return { sha256: hash.digest('hex'), size }
}

/** The same bytes; fails with `wrong`, before the last piece is handed on, when they have another SHA-256. */
export async function* checked(
  bytes: AsyncIterable<Uint8Array>,
  sha256: string,
  wrong: () => Error,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256')
  let last: Uint8Array | undefined
  for await (const chunk of bytes) {
    if (last) yield last
    hash.update(chunk)
    last = chunk
  }
  if (hash.digest('hex') !== sha256) throw wrong()
  if (last) yield last
}

export interface PassingHash {
  /** Pieces in any order, some of them twice. */
  add(offset: number, bytes: Uint8Array): void
  /** Lower-case hex; null when not all of `size` bytes came by in their order. */
  digest(size: number): string | null
}

/** The SHA-256 of something of which pieces come by, provided that they cover it from its start to its end. */
export function createPassingHash(): PassingHash {
  const hash = createHash('sha256')
  let next = 0
  return {
    add(offset, bytes) {
      const end = offset + bytes.length
      if (offset > next || end <= next) return
      hash.update(bytes.subarray(next - offset))
      next = end
    },
    digest: (size) => (next === size ? hash.copy().digest('hex') : null),
  }
}
