import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { compileCapped } from '../cap-memory.ts'
import { KERNELS } from '../kernels.ts'
import { graftKernels } from './lame-kernels.ts'

/** What both builds are, as receipts name it. */
export const LAME = { name: 'LAME in WebAssembly', version: '3.100' }

/** Two builds of LAME. */
export interface LameModules {
  /** Of wasm-media-encoders 0.7.0: floats, variable bitrate, and constant or, if so asked, average bitrate. */
  readonly floats: WebAssembly.Module
  /** Of @mediabunny/mp3-encoder 1.61.0, with functions of ours: constant bitrate, 16-bit samples, in 0.38 of the time. */
  readonly simd: WebAssembly.Module
}

/** WebAssembly pages of 64 KB that one encoder may grow to: 32 MB; it starts with 16. */
const MAX_PAGES = 512
const require = createRequire(import.meta.url)
const FLOATS = require.resolve('wasm-media-encoders/wasm/mp3')
/** A script that holds the module as text; the package shows nothing but a wrapper for browsers. */
const SIMD = fileURLToPath(
  new URL('../modules/build/lame.js', pathToFileURL(require.resolve('@mediabunny/mp3-encoder'))),
)

/**
 * Where the build of floats sets a constant bitrate, `lame_set_VBR(lame, vbr_off); lame_set_brate(lame, kilobits)`. LAME has
 * an average bitrate too (ABR), and the build no wish for it: `lame_set_VBR(lame, vbr_abr)`, then
 * `lame_set_VBR_mean_bitrate_kbps`, which is function 55 of the module.
 */
const CONSTANT = Buffer.from('200241001010200128021c2000280008109f01', 'hex')
const AVERAGE = Buffer.from('200241031010200128021c200028000810b700', 'hex')

/** Where the one place is that looks like this. */
function find(binary: Buffer, place: Buffer): number {
  const at = binary.indexOf(place)
  if (at < 0 || binary.includes(place, at + 1)) throw new Error('not the LAME that is known')
  return at
}

async function readFloats(isAverage: boolean): Promise<Buffer<ArrayBuffer>> {
  const binary = await readFile(FLOATS)
  if (isAverage) AVERAGE.copy(binary, find(binary, CONSTANT))
  return binary
}

async function readSimd(): Promise<Buffer<ArrayBuffer>> {
  const [base64 = ''] = /AGFzbQ[\w+/]+=*/.exec(await readFile(SIMD, 'latin1')) ?? []
  return Buffer.from(base64, 'base64')
}

/** The module of the package with our functions in it, see `graftKernels`. */
export async function readGrafted(isPlain = false): Promise<Buffer<ArrayBuffer>> {
  const [lame, kernels] = await Promise.all([readSimd(), readFile(KERNELS)])
  return graftKernels(lame, kernels, isPlain)
}

const compiled = new Map<boolean, Promise<LameModules>>()

/** For constant and variable bitrate, or for an average. Compiled at the first call (40 ms), shared by all lanes from then on. */
export function lameModules(isAverage: boolean): Promise<LameModules> {
  const modules = compiled.get(isAverage) ?? compile(isAverage)
  compiled.set(isAverage, modules)
  modules.catch(() => compiled.delete(isAverage)) // what can not be read now may be read later
  return modules
}

async function compile(isAverage: boolean): Promise<LameModules> {
  const [floats, simd] = await Promise.all([
    readFloats(isAverage).then((binary) => compileCapped(binary, MAX_PAGES)),
    readGrafted().then((binary) => compileCapped(binary, MAX_PAGES)),
  ])
  return { floats, simd }
}
