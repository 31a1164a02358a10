import { readFile } from 'node:fs/promises'
import { parseWish } from '../../src/domain/wish/wish.ts'
import { type ConvertOptions, convert } from '../../src/media/convert.ts'
import type { ByteSource } from '../../src/media/source/byte-source.ts'
import { memorySink } from './memory-sink.ts'
import { LIMITS } from './run-wish.ts'

export const sourceOf = (bytes: Uint8Array): ByteSource => ({
  size: bytes.length,
  gap: 0,
  read: async (offset, length) => bytes.subarray(offset, offset + length),
  close: async () => {},
})

/** The receipt and the sound; `code` is that of the warning or of the refusal, `done` where there is neither. */
export async function outcomeOf(source: ByteSource, options: Partial<ConvertOptions> = {}) {
  const sink = memorySink()
  try {
    const receipt = await convert(source, parseWish({}), sink, { limits: LIMITS, mayCopy: true, ...options })
    return { receipt, bytes: sink.bytes(), code: receipt.warning?.code ?? 'done' }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    return { receipt: null, bytes: null, code }
  }
}

export const convertBytes = (bytes: Uint8Array | string, options?: Partial<ConvertOptions>) =>
  outcomeOf(sourceOf(Buffer.from(bytes)), options)

export const bytesOf = async (path: Promise<string>): Promise<Buffer> => readFile(await path)
