import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeFrame, roomOf } from '../../../test/media/made-frames.ts'
import { createChain } from './chain.ts'
import { readFrameHeader } from './frame-header.ts'
import { createPacker } from './pack.ts'
import { unwrap, wrap } from './parcel.ts'
import { type Frame, unpack } from './unpack.ts'

const SYNC = 0xff
const shape = fc.record({ isMpeg1: fc.boolean(), isMono: fc.boolean(), rate: fc.integer({ min: 0, max: 2 }) })
const body = fc.record({
  bitrateIndex: fc.integer({ min: 1, max: 14 }),
  padding: fc.integer({ min: 0, max: 1 }),
  bits: fc.array(fc.integer({ min: 0, max: 4095 }), { minLength: 4, maxLength: 4 }),
  fill: fc.constantFrom(0, 0x55, SYNC),
})
const chains = fc
  .tuple(shape, fc.array(body, { minLength: 1, maxLength: 60 }))
  .map(([shared, bodies]) => bodies.map((each) => makeFrame({ ...shared, ...each })))

/** Lays frames; those that no bitrate holds are left out, as no encoder makes them. */
function lay(frames: readonly Frame[], takeEach: number) {
  const packer = createPacker()
  const laid: Frame[] = []
  const parts: Uint8Array[] = []
  for (const [place, frame] of frames.entries()) {
    try {
      packer.add(frame)
      laid.push(frame)
    } catch (error) {
      expect(String(error)).toContain('does not fit')
    }
    if (place % takeEach === 0) parts.push(packer.take())
  }
  parts.push(packer.take(true))
  return { bytes: Buffer.concat(parts), laid, packer }
}
const headOf = ({ word, side }: Frame) => `${word} ${Buffer.from(side).toString('hex')}`
const dataOf = (frames: readonly Frame[]) => frames.map(({ data }) => Buffer.from(data).toString('hex'))

describe('laying frames', () => {
  it('keeps the data of every frame, in a chain that reads', () =>
    fc.assert(
      fc.property(chains, fc.integer({ min: 1, max: 7 }), (frames, takeEach) => {
        const { bytes, laid, packer } = lay(frames, takeEach)
        expect(dataOf(unpack(bytes))).toEqual(dataOf(laid))
        const chain = createChain()
        chain.append(bytes)
        expect(chain.frames).toBe(packer.frames)
      }),
    ))
  it('frames that come from a chain need no other bitrate', () =>
    fc.assert(
      fc.property(chains, (frames) => {
        const once = unpack(lay(frames, 3).bytes)
        const again = lay(once, 2)
        expect(again.packer.bumped).toBe(0)
        expect(again.laid.map(({ word }) => word)).toEqual(once.map(({ word }) => word))
      }),
    ))
  it('a frame that leans on a reservoir that is not there gets the next bitrate', () => {
    const full = { isMpeg1: true, isMono: false, rate: 0, bitrateIndex: 9, padding: 0, fill: 1 }
    const room = roomOf(makeFrame({ ...full, bits: [] }))
    const leaning = makeFrame({ ...full, bits: [1600, 8 * (room + 10) - 1600] })
    const packer = createPacker()
    packer.add(leaning)
    packer.add(makeFrame({ ...full, bits: [800] }))
    packer.add(leaning)
    const words = unpack(packer.take(true)).map(({ word }) => readFrameHeader(word)?.bitrateIndex)
    expect(words).toEqual([10, 9, 9])
    expect(packer.bumped).toBe(1)
  })
  it('what no bitrate holds is refused', () => {
    const frame = makeFrame({
      isMpeg1: true,
      isMono: false,
      rate: 1,
      bitrateIndex: 14,
      padding: 0,
      bits: [4095, 3200],
      fill: 0,
    })
    const packer = createPacker()
    packer.add(frame)
    expect(() =>
      packer.add(
        makeFrame({
          isMpeg1: true,
          isMono: false,
          rate: 1,
          bitrateIndex: 14,
          padding: 0,
          bits: [4095, 4095, 4095, 4095],
          fill: 0,
        }),
      ),
    ).toThrow('does not fit')
  })
})

describe('a broken chain', () => {
  const bytes = () => {
    const frame = makeFrame({
      isMpeg1: true,
      isMono: false,
      rate: 0,
      bitrateIndex: 9,
      padding: 0,
      bits: [3000],
      fill: 7,
    })
    return lay([frame, frame, frame], 1).bytes
  }
  it.each([
    ['a byte lost', (good: Buffer) => Buffer.concat([good.subarray(0, 100), good.subarray(101)])],
    ['its end lost', (good: Buffer) => good.subarray(0, -1)],
    ['its beginning lost', (good: Buffer) => good.subarray(417)],
  ])('%s is found', (_, damage) => {
    expect(() => unpack(damage(bytes()))).toThrow()
    expect(() => createChain().append(damage(bytes()))).toThrow()
  })
})

it('frames pass from thread to thread whole', () =>
  fc.assert(
    fc.property(chains, (frames) => {
      const passed = [...unwrap(wrap(frames))]
      expect(dataOf(passed)).toEqual(dataOf(frames))
      expect(passed.map(headOf)).toEqual(frames.map(headOf))
    }),
  ))
