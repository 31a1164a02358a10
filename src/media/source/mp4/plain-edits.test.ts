import { describe, expect, it } from 'vitest'
import { box, full } from '../../../../test/support/mp4-boxes.ts'
import { type Box, boxesIn, readBox } from './boxes.ts'
import { hasPlainEdits } from './plain-edits.ts'

const edit = (length: number, start: number, rate = 0x10000) => [length, start >>> 0, rate]
const list = (count: number, ...words: number[]) => box('edts', full('elst', count, ...words))
/** A stream of MPEG-4 systems of this kind; lengths may have several bytes. */
const esds = (kind: number) =>
  full('esds', Buffer.from([3, 0x80, 0x80, 25, 0, 0, 0, 4, 17, kind, ...Array(12).fill(0)]))
const sound = (version: number, ...boxes: Buffer[]) =>
  box('mp4a', Buffer.from([0, 0, 0, 0, 0, 0, 0, 1, 0, version]), Buffer.alloc(version ? 34 : 18), ...boxes)
const AAC = sound(0, esds(0x40))

/** Ten seconds of frames of 1024 samples at 44.1 kHz; the movie counts milliseconds. */
function movie({ edts = box('free'), description = AAC, rate = 44_100, more = box('free'), entries = 1 }) {
  const stbl = box('stbl', full('stsd', entries, description), full('stts', 1, 430, 1024))
  const mdia = box('mdia', full('mdhd', 0, 0, rate, 430 * 1024), box('minf', stbl))
  const bytes = box('moov', full('mvhd', 0, 0, 1000, 10_000), more, box('trak', edts, mdia))
  const moov = readBox(bytes, 0, bytes.length) as Box
  return hasPlainEdits(
    bytes,
    moov,
    boxesIn(bytes, moov, 'trak').map((track) => ({ track })),
  )
}

describe('edits are plain', () => {
  it.each([
    ['where there are none', {}],
    ['where nothing is cut off', { edts: list(1, ...edit(9985, 0)), description: sound(0, esds(0x6b)) }],
    ['where the priming of AAC is', { edts: list(1, ...edit(9961, 1024)) }],
    ['behind a time without sound', { edts: list(2, ...edit(500, -1), ...edit(9961, 2112)) }],
    ['in QuickTime', { edts: list(1, ...edit(9961, 1024)), description: sound(1, box('wave', esds(0x40))) }],
  ])('%s', (_, changes) => expect(movie(changes)).toBe(true))
  it.each([
    ['whose last frame is cut off', { edts: list(1, ...edit(9900, 1024)) }],
    ['whose beginning is cut off', { edts: list(1, ...edit(9900, 5000)) }],
    ['of several parts', { edts: list(2, ...edit(9961, 0), ...edit(9961, 0)) }],
    ['of three parts', { edts: list(3, ...edit(1, -1), ...edit(9985, 0), ...edit(9985, 0)) }],
    ['at another speed', { edts: list(1, ...edit(9985, 0, 0x8000)) }],
    ['of MP3 with priming', { edts: list(1, ...edit(9985, 1024)), description: sound(0, esds(0x6b)) }],
    ['of anything else with priming', { edts: list(1, ...edit(9985, 1024)), description: sound(0) }],
    ['of two kinds with priming', { edts: list(1, ...edit(9985, 1024)), entries: 2 }],
    ['at a rate that AAC may double', { edts: list(1, ...edit(99_850, 1024)), rate: 24_000 }],
    ['of fragments', { more: box('mvex') }],
  ])('not those %s', (_, changes) => expect(movie(changes)).toBe(false))
})
