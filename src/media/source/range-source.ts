import type { Readable } from 'node:stream'
import { AppError } from '../../domain/errors.ts'
import { roomFor } from './buffers.ts'
import type { ByteSource } from './byte-source.ts'

const GAP = 256 * 1024

export interface RangeSourceOptions {
  /** Bytes in all. */
  readonly size: number
  /** As `ByteSource` has it; 256 KB: what is near costs a store less than another request. */
  readonly gap?: number | undefined
  /** A stream of `length` bytes from `offset`. */
  read(range: { offset: number; length: number }): Promise<Readable>
}

/**
 * Ranges of a blob as a source. What asks keeps a piece and reads ahead (`planReads`), so nothing is kept here. Fails
 * with what `read` fails with, or with BLOB_CORRUPT when the blob has other bytes than `size` says.
 */
export function createRangeSource({ size, gap = GAP, read }: RangeSourceOptions): ByteSource {
  const streams = new Set<Readable>()
  return {
    size,
    gap,
    async read(offset, length, spare) {
      const wanted = Math.min(length, size - offset)
      if (wanted <= 0) return new Uint8Array()
      const stream = await read({ offset, length: wanted })
      streams.add(stream)
      try {
        return await collect(stream, roomFor(wanted, spare))
      } finally {
        streams.delete(stream)
      }
    },
    /** A read under way fails. */
    async close() {
      for (const stream of streams) stream.destroy()
    },
  }
}

async function collect(stream: Readable, bytes: Uint8Array): Promise<Uint8Array> {
  const { length } = bytes
  let filled = 0
  for await (const chunk of stream) {
    const part: unknown = chunk
    if (!(part instanceof Uint8Array) || filled + part.length > length)
      throw corrupt(`more than the ${length} bytes asked for`)
    bytes.set(part, filled)
    filled += part.length
  }
  if (filled < length) throw corrupt(`${filled} bytes instead of ${length}`)
  return bytes
}

const corrupt = (detail: string) => new AppError('BLOB_CORRUPT', undefined, { cause: new Error(detail) })
