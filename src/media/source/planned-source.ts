import type { ByteSource } from './byte-source.ts'
import { findSound } from './mp4/find-sound.ts'
import { createReadingPlan, LONGEST_READ } from './reading-plan.ts'

/** Bytes at the beginning of the work that are kept: probing reads them, and the conversion begins with them again. */
const KEPT = 8 * 1024 * 1024

/** A source that decides by itself how much a read brings: the engine asks for places, not for lengths. */
export interface PlannedSource {
  readonly size: number
  /** Bytes from `offset` on, at least one unless the source ends there, LONGEST_READ at most. */
  read(offset: number): Promise<Uint8Array>
  /** What is read from now on is read for the last time: what was kept for another is let go as soon as it may be. */
  beginLastPass(): void
  /** Bytes asked of the source so far, and how many times. */
  readonly bytesRead: number
  readonly requests: number
  /** The share of what is to be read that was read, 0 to 1. */
  readonly progress: number
}

/**
 * Plans how `source` is read: once. Where an index tells where the sound lies, a read brings exactly what lies together
 * of it: the engine skips the picture, and reads on no further than it needs.
 */
export async function planReads(source: ByteSource): Promise<PlannedSource> {
  const counts = { bytes: 0, requests: 0 }
  const counted: ByteSource = {
    ...source,
    async read(offset, length) {
      const bytes = await source.read(offset, length)
      counts.bytes += bytes.length
      counts.requests++
      return bytes
    },
  }
  const map = await findSound(counted)
  const plan = createReadingPlan(map, source.gap)
  const kept = createKept(KEPT + (map?.index.bytes.length ?? 0))
  if (map) kept.add(map.index.start, map.index.bytes)
  /** Without an index nobody knows what the engine will come back to. */
  const isPlanned = map !== undefined
  let isLastPass = false
  const toRead = plan.bytes === null ? source.size : counts.bytes + plan.bytes
  return {
    size: source.size,
    async read(offset) {
      const known = kept.from(offset)
      if (known) return known
      if (isLastPass) kept.clear()
      const bytes = await counted.read(offset, Math.min(plan.lengthFrom(offset), source.size - offset))
      plan.learn(offset, bytes)
      if (!isLastPass) kept.add(offset, bytes)
      return bytes
    },
    beginLastPass() {
      isLastPass = isPlanned
    },
    get bytesRead() {
      return counts.bytes
    },
    get requests() {
      return counts.requests
    },
    get progress() {
      return Math.min(1, counts.bytes / toRead)
    },
  }
}

/** Bytes that were read, by their places, until there are `most` of them; the last piece may go beyond. */
function createKept(most: number) {
  let pieces: { start: number; bytes: Uint8Array }[] = []
  let length = 0
  return {
    add(start: number, bytes: Uint8Array) {
      if (length >= most) return
      pieces.push({ start, bytes })
      length += bytes.length
    },
    from(offset: number): Uint8Array | undefined {
      const piece = pieces.find(({ start, bytes }) => offset >= start && offset < start + bytes.length)
      return piece?.bytes.subarray(offset - piece.start, offset - piece.start + LONGEST_READ)
    },
    clear() {
      pieces = []
    },
  }
}
