import { asBuffer } from './mp4/boxes.ts'
import type { SoundMap } from './mp4/find-sound.ts'
import { soundInFragment } from './mp4/fragment.ts'
import { mergeRanges, type Range, rangeAt } from './ranges.ts'

/** Bytes one read brings at most. */
export const LONGEST_READ = 2 * 1024 * 1024
/**
 * Bytes of the first read after a jump to a place nothing is known of; each that goes on from there brings twice as many.
 * Not whole pages: a file is copied into memory several times slower where both lie alike in their pages (seen on AMD EPYC).
 */
const FIRST_READ = 62 * 1024
/** The same where a fragment may begin, whose index of a second of sound and picture has about 1 KB. */
const FRAGMENT_HEAD = 2 * 1024

/** How many bytes to read from a place. */
export interface ReadingPlan {
  /** `goesOn`: is what lies behind them likely to be asked for next? They are as many as may be, and what they are in goes on. */
  readFrom(offset: number): { readonly length: number; readonly goesOn: boolean }
  /** Looks at what was read: fragments tell where their sound lies. */
  learn(offset: number, bytes: Uint8Array): void
  /** Bytes that the known sound has; null where nothing is known. */
  readonly bytes: number | null
}

/** The rest of the sound that lies together where the place is in it, else more and more. `gap`: see ByteSource. */
export function createReadingPlan(map: SoundMap | undefined, gap: number): ReadingPlan {
  const sound = [...(map?.sound ?? [])]
  const fragments = map?.fragments
  const first = fragments ? FRAGMENT_HEAD : FIRST_READ
  let expected: number | undefined
  let unplanned = first
  return {
    readFrom(offset) {
      const range = rangeAt(sound, offset)
      unplanned = offset === expected && !range ? Math.min(LONGEST_READ, unplanned * 2) : first
      const length = range ? Math.min(LONGEST_READ, range.end - offset) : unplanned
      expected = offset + length
      // Outside of sound whose places are known it is the picture, of which the engine looks at the beginning only.
      const goesOn = length === LONGEST_READ && (range ? expected < range.end : !map)
      return { length, goesOn }
    },
    learn(offset, bytes) {
      if (!fragments) return
      const known = sound.at(-1)?.end ?? 0
      const found = soundInFragment(asBuffer(bytes), offset, fragments)
      sound.push(...mergeRanges(found, gap).filter(({ start }) => start >= known))
    },
    bytes: map && !fragments ? lengthOf(sound) : null,
  }
}

const lengthOf = (ranges: readonly Range[]) => ranges.reduce((sum, { start, end }) => sum + end - start, 0)
