/** Hot loops of ours in WebAssembly: of `assembly/`, by `npm run kernels`. */
export const KERNELS = new URL('kernels.wasm', import.meta.url)
