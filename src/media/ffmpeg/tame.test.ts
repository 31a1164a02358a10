import { expect, it } from 'vitest'
import { openTame } from './tame.ts'

it.each([0, 1])('damaged samples are made harmless, %d bytes into a memory', (offset) => {
  const damaged = Float32Array.of(Number.NaN, Number.POSITIVE_INFINITY, -1e9, 0.5, -8, Number.NaN, -0)
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 })
  const bytes = new Uint8Array(memory.buffer, offset, damaged.byteLength)
  bytes.set(new Uint8Array(damaged.buffer))
  openTame(memory)(bytes)
  expect([...new Float32Array(bytes.slice().buffer)]).toEqual([0, 8, -8, 0.5, -8, 0, -0])
})
