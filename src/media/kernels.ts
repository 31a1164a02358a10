import { readFileSync } from 'node:fs'

/** Hot loops of ours in WebAssembly: of `assembly/`, by `npm run kernels`. */
export const KERNELS = new URL('kernels.wasm', import.meta.url)

/** Those that work on samples, in a memory of the caller's; they are told of in `assembly/`. Places are bytes of it. */
export interface Kernels {
  loudest(from: number, to: number): number
  tame(from: number, count: number): void
  truePeak(
    taps: number,
    reach: number,
    samples: number,
    frames: number,
    channels: number,
    known: number,
  ): number
  weigh(filter: number, samples: number, frames: number, stride: number): void
}

let module: WebAssembly.Module | undefined

export function openKernels(memory: WebAssembly.Memory): Kernels {
  module ??= new WebAssembly.Module(readFileSync(KERNELS))
  // The stack is for functions of LAME, which lie in the same module.
  const stack = new WebAssembly.Global({ value: 'i32', mutable: true })
  const { exports } = new WebAssembly.Instance(module, { env: { memory, stack } })
  if (!areKernels(exports)) throw new Error('kernels.wasm lacks a kernel')
  return exports
}

const areKernels = (exports: object): exports is Kernels =>
  ['loudest', 'tame', 'truePeak', 'weigh'].every((name) => name in exports)
