import { letGo, own } from './buffers.ts'
import type { ByteSource } from './byte-source.ts'
import { mergedReads, type Read } from './merged-reads.ts'
import { findSound } from './mp4/find-sound.ts'
import type { Word } from './mp4/hide-pictures.ts'
import { createReadingPlan, LONGEST_READ } from './reading-plan.ts'

/** Bytes at the beginning of the work that are kept: probing reads them, and the conversion begins with them again. */
const KEPT = 8 * 1024 * 1024

/** Bytes of a word. */
const WORD = 4

/** What a read brings. */
export interface Piece {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Is what lies behind it likely to be asked for next? */
  readonly goesOn: boolean
}

/** A source that decides by itself how much a read brings: the engine asks for places, not for lengths. */
export interface ReadableSource {
  readonly size: number
  /**
   * Bytes from `offset` on, at least one unless the source ends there, LONGEST_READ at most. Their buffer is the caller's,
   * who may give it back as `spare` of a later read.
   */
  read(offset: number, spare?: ArrayBuffer): Promise<Piece>
}

/** A source of sound: of a picture its index tells little more than that there is one, see `hidePictures`. */
export interface PlannedSource extends ReadableSource {
  /** The same as it is. */
  readonly withPictures: ReadableSource
  /** Is it an MP4 whose sound needs no look at its edits, see `hasPlainEdits`? */
  readonly hasPlainEdits: boolean
  /** Is there much sound, which is told of in few samples, see `mergeSamples`? There are more bytes than in the source then. */
  readonly isMerged: boolean
  /** From now on every sample is told of as it is: a copy needs them. */
  tellSamples(): void
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
 * of it: the engine skips the picture, and reads on no further than it needs. `mayMerge`: may samples be told together?
 */
export async function planReads(source: ByteSource, mayMerge = true): Promise<PlannedSource> {
  const counts = { bytes: 0, requests: 0 }
  const counted: ByteSource = {
    ...source,
    async read(offset, length, given) {
      const bytes = await source.read(offset, length, given)
      counts.bytes += bytes.length
      counts.requests++
      return bytes
    },
  }
  const map = await findSound(counted, mayMerge)
  const plan = createReadingPlan(map, source.gap)
  const kept = createKept(map?.index.bytes && { start: map.index.start, bytes: map.index.bytes })
  /** Without an index nobody knows what the engine will come back to. */
  const isPlanned = map !== undefined
  let isLastPass = false
  const toRead = plan.bytes === null ? source.size : counts.bytes + plan.bytes
  const read: Read = async (offset, spare) => {
    if (offset >= source.size) return { bytes: new Uint8Array(), goesOn: false }
    const known = kept.from(offset)
    if (known) return { bytes: new Uint8Array(known), goesOn: false }
    if (isLastPass) kept.clear()
    const { length, goesOn } = plan.readFrom(offset)
    const left = source.size - offset
    const bytes = await counted.read(offset, Math.min(length, left), spare)
    plan.learn(offset, bytes)
    const isKept = !isLastPass && kept.add(offset, bytes)
    return { bytes: isKept ? new Uint8Array(bytes) : own(bytes), goesOn: goesOn && length < left }
  }
  const retold: Read = async (offset, spare) => {
    const { bytes, goesOn } = await read(offset, spare)
    return { bytes: retell(bytes, offset, map?.hiding ?? []), goesOn }
  }
  const { merged } = map ?? {}
  const mergedRead = map && merged && mergedReads(merged, { place: map.index, size: source.size, read })
  let isMerged = merged !== undefined
  return {
    size: source.size + (merged ? merged.header.length + merged.strip.length : 0),
    read: (offset, spare) => (isMerged && mergedRead ? mergedRead : retold)(offset, spare),
    withPictures: { size: source.size, read },
    hasPlainEdits: map?.hasPlainEdits ?? false,
    get isMerged() {
      return isMerged
    },
    tellSamples() {
      isMerged = false
    },
    beginLastPass() {
      isLastPass = isPlanned
      if (isMerged) kept.letGoIndex() // another is told of
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

/** The bytes from `offset` on with these words in them; the same where none of them lies there. */
function retell(
  bytes: Uint8Array<ArrayBuffer>,
  offset: number,
  words: readonly Word[],
): Uint8Array<ArrayBuffer> {
  const end = offset + bytes.length
  const here = words.filter(({ at }) => at + WORD > offset && at < end)
  if (here.length === 0) return bytes
  const told = new Uint8Array(bytes)
  for (const { at, value } of here) {
    for (let place = 0; place < WORD; place++) {
      const index = at + place - offset
      // A word may lie across the end of what was read: what is set outside of the bytes is lost.
      told[index] = value >>> (8 * (WORD - 1 - place))
    }
  }
  return told
}

interface Kept {
  readonly start: number
  readonly bytes: Uint8Array
}

/** An index, and KEPT bytes that were read, by their places; the last piece may go beyond. */
function createKept(index: Kept | undefined) {
  let pieces: Kept[] = index ? [index] : []
  let length = 0
  const letGoIndex = () => {
    if (!index || !pieces.includes(index)) return
    letGo(index.bytes)
    pieces = pieces.filter((piece) => piece !== index)
  }
  return {
    /** Keeps them, unless there are enough. */
    add(start: number, bytes: Uint8Array): boolean {
      if (length >= KEPT) return false
      pieces.push({ start, bytes })
      length += bytes.length
      return true
    },
    from(offset: number): Uint8Array | undefined {
      const piece = pieces.find(({ start, bytes }) => offset >= start && offset < start + bytes.length)
      return piece?.bytes.subarray(offset - piece.start, offset - piece.start + LONGEST_READ)
    },
    letGoIndex,
    clear() {
      letGoIndex()
      pieces = []
    },
  }
}
