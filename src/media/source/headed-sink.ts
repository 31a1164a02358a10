import type { Sink } from './sink.ts'

/** A sink that begins with `head`, asked for at the first write: what is written and patched comes behind it. */
export function headed(sink: Sink, head: () => Uint8Array): Sink {
  let begun = false
  return {
    async write(bytes) {
      if (!begun) {
        begun = true
        if (head().length > 0) await sink.write(head())
      }
      await sink.write(bytes)
    },
    patch: (offset, bytes) => sink.patch(head().length + offset, bytes),
  }
}
