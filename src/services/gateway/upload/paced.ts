import type { Readable } from 'node:stream'
import { AppError } from '../../../domain/errors.ts'

/** Bytes per second below which a sender counts as making no progress. Slower than any line, faster than a trickle. */
const MIN_RATE = 16

/**
 * The chunks of an upload, as its sender gives them. `patience` (milliseconds) runs down while we wait and is filled
 * up again by what arrives: UPLOAD_STALLED when it is used up. Time that our own store takes does not count.
 * UPLOAD_ABORTED when the sender goes away.
 */
export async function* paced(stream: Readable, patience: number): AsyncGenerator<Uint8Array> {
  // The stream stays open when reading ends early: an answer is still to be sent on its connection.
  const chunks: AsyncIterator<unknown> = stream.iterator({ destroyOnReturn: false })
  let left = patience
  try {
    for (;;) {
      const asked = performance.now()
      const step = await nextWithin(chunks, left)
      if (step.done) return
      if (!(step.value instanceof Uint8Array)) throw new TypeError('an upload gives bytes')
      const earned = (step.value.length / MIN_RATE) * 1000
      left = Math.min(patience, left - (performance.now() - asked) + earned)
      yield step.value
    }
  } finally {
    // Lets go of the stream, so that what still comes can be thrown away. Not awaited: it may wait for a chunk.
    chunks.return?.().catch(() => {})
  }
}

function nextWithin<T>(chunks: AsyncIterator<T>, milliseconds: number): Promise<IteratorResult<T>> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new AppError('UPLOAD_STALLED')), milliseconds)
    const settle = () => clearTimeout(timer)
    chunks.next().then(
      (step) => {
        settle()
        resolve(step)
      },
      (cause: unknown) => {
        settle()
        reject(new AppError('UPLOAD_ABORTED', undefined, { cause }))
      },
    )
  })
}
