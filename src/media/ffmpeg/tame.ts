import { openKernels } from '../kernels.ts'

/**
 * What makes 32-bit floats in the engine's memory safe for an encoder, in place (`assembly/tame.ts`): damaged AAC decodes
 * to NaN and beyond, and LAME gives up on those.
 */
export function openTame(memory: WebAssembly.Memory): (bytes: Uint8Array) => Uint8Array {
  const { tame } = openKernels(memory)
  return (bytes) => {
    tame(bytes.byteOffset, bytes.length >> 2)
    return bytes
  }
}
