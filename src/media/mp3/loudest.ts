import { type Kernels, openKernels } from '../kernels.ts'

const PAGE = 65_536

interface Ear {
  readonly room: Float32Array
  readonly loudest: Kernels['loudest']
}

/** One for each thread. */
let ear: Ear | undefined

function openEar(): Ear {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 })
  return { room: new Float32Array(memory.buffer), loudest: openKernels(memory).loudest }
}

/** The highest level among samples; 1 is full scale. They are copied, a page at a time, to where `assembly/loudest.ts` sees them. */
export function loudestOf(samples: Float32Array): number {
  ear ??= openEar()
  let level = 0
  for (let from = 0; from < samples.length; from += PAGE / 4) {
    const part = samples.subarray(from, from + PAGE / 4)
    ear.room.set(part)
    level = Math.max(level, ear.loudest(0, 4 * part.length))
  }
  return level
}
