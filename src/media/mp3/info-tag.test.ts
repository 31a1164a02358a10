import { expect, it } from 'vitest'
import { mp3Check } from '../verify/mp3-check.ts'
import { crc16 } from './crc16.ts'
import { readFrameHeader } from './frame-header.ts'
import { buildTag, ENCODER_DELAY, tagHeader } from './info-tag.ts'
import { createSeekTable } from './seek-table.ts'

const CONSTANT = { bitrate: 128_000, isAverage: false, quality: null }

it('the CRC is the one that the name CRC-16/ARC has', () =>
  expect(crc16(Buffer.from('123456789'))).toBe(0xbb3d))

// First bytes of a frame: 44.1 kHz joint stereo 128k; 22.05 kHz mono 8k; 8 kHz mono 8k.
it.each([0xfffb9064, 0xfff310c4, 0xffe318c4])('a tag for frames like %i is read back', (word) => {
  const tagWord = tagHeader(word)
  const facts = { frames: 10, bytes: 5000, toc: new Uint8Array(100), padding: 600, musicCrc: 1 }
  const tag = buildTag(tagWord, CONSTANT, facts)
  const frame = new Uint8Array(readFrameHeader(word)?.size ?? 0)
  new DataView(frame.buffer).setUint32(0, word)
  const check = mp3Check()
  check.append(Buffer.concat([tag, ...Array<Uint8Array>(10).fill(frame)]))
  const { samples, sampleRate } = check.end(tag)
  const header = readFrameHeader(word)
  expect(sampleRate).toBe(header?.sampleRate)
  expect(samples).toBe(10 * (header?.samples ?? 0) - ENCODER_DELAY - 600)
})

// What LAME 3.100 itself writes of `--abr 128` and `-V 2`.
it.each([
  [CONSTANT, 'Info', 1, 128],
  [{ ...CONSTANT, isAverage: true }, 'Xing', 2, 128],
  [{ bitrate: null, isAverage: false, quality: 2 }, 'Xing', 4, 0],
])('%o is told', (rate, name, method, kilobits) => {
  const facts = { frames: 10, bytes: 5000, toc: new Uint8Array(100), padding: 600, musicCrc: 1 }
  const tag = Buffer.from(buildTag(tagHeader(0xfffb9064), rate, facts)).subarray(36)
  expect([tag.toString('latin1', 0, 4), tag[129], tag[140]]).toEqual([name, method, kilobits])
})

it('places are found in bounded memory, however many frames there are', () => {
  const table = createSeekTable()
  for (let frame = 0; frame < 100_000; frame++) table.add(frame * 400)
  const toc = table.toc(100_000 * 400, 0)
  expect([...toc]).toEqual([...toc].sort((a, b) => a - b))
  for (const [percent, place] of toc.entries()) expect(Math.abs(place - percent * 2.56)).toBeLessThan(1.5)
})
