import { expect, it } from 'vitest'
import { tame } from './tame.ts'

it.each([0, 1])('damaged samples are made harmless, %d bytes into a buffer', (offset) => {
  const samples = Float32Array.of(Number.NaN, Number.POSITIVE_INFINITY, -1e9, 0.5)
  const memory = new Uint8Array(offset + samples.byteLength)
  memory.set(new Uint8Array(samples.buffer), offset)
  const tamed = tame(memory.subarray(offset))
  expect([...new Float32Array(tamed.slice().buffer)]).toEqual([0, 8, -8, 0.5])
})
