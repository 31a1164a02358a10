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
