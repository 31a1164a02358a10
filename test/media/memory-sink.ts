import type { Sink } from '../../src/media/source/sink.ts'

/** A sink that keeps what was written. */
export function memorySink(): Sink & { bytes(): Buffer } {
  let kept = Buffer.alloc(0)
  return {
    async write(bytes) {
      kept = Buffer.concat([kept, bytes])
    },
    async patch(offset, bytes) {
      kept.set(bytes, offset)
    },
    bytes: () => kept,
  }
}
