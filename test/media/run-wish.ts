import { parseWish, type WishInput } from '../../src/domain/wish/wish.ts'
import { type ConvertOptions, convert } from '../../src/media/convert.ts'
import { openFileSource } from '../../src/media/source/file-source.ts'
import { memorySink } from './memory-sink.ts'

export const LIMITS = { maxDuration: 3_600_000, maxOutput: 1e9, jobTimeout: 60_000, stallTimeout: 30_000 }

/** Converts a file as the wish says: the receipt, and the result's bytes. */
export async function run(path: string, input: WishInput = {}, options: Partial<ConvertOptions> = {}) {
  const source = await openFileSource(path)
  const sink = memorySink()
  try {
    const receipt = await convert(source, parseWish(input), sink, {
      limits: LIMITS,
      mayCopy: true,
      ...options,
    })
    return { receipt, bytes: sink.bytes() }
  } finally {
    await source.close()
  }
}

/** The code a conversion ends with: of its warning, of its failure, or `done`. */
export const codeOf = (path: string, input?: WishInput, options?: Partial<ConvertOptions>) =>
  run(path, input, options).then(
    ({ receipt }) => receipt.warning?.code ?? 'done',
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
  )
