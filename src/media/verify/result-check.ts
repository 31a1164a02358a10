import type { FormatName } from '../../domain/format.ts'
import { PATCHABLE_HEAD } from '../source/sink.ts'
import type { ContainerCheck, Counted } from './container-check.ts'
import { flacCheck } from './flac-check.ts'
import { mp3Check } from './mp3-check.ts'
import { mp4Check } from './mp4-check.ts'
import { oggCheck } from './ogg-check.ts'
import { wavCheck } from './wav-check.ts'

/** How the container of each format is read, and by how many samples its count may differ from what was put in. */
const CHECKS: Readonly<Record<FormatName, { open: () => ContainerCheck; tolerance: number }>> = {
  mp3: { open: mp3Check, tolerance: 1152 },
  // The media header counts the encoder's priming frame, and whole frames.
  m4a: { open: mp4Check, tolerance: 2048 },
  opus: { open: oggCheck, tolerance: 960 },
  ogg: { open: oggCheck, tolerance: 2048 },
  flac: { open: flacCheck, tolerance: 0 },
  wav: { open: wavCheck, tolerance: 0 },
}

/** Reads a result while it is written: its own bytes tell what it holds, whatever the engine says. */
export function openResultCheck(format: FormatName) {
  const { open, tolerance } = CHECKS[format]
  const check = open()
  /** The start of the result, with patches applied. */
  const head = new Uint8Array(PATCHABLE_HEAD)
  let size = 0
  return {
    /** Samples per channel by which a right result may differ from its input. */
    tolerance,
    get bytes() {
      return size
    },
    append(bytes: Uint8Array) {
      if (size < PATCHABLE_HEAD) head.set(bytes.subarray(0, PATCHABLE_HEAD - size), size)
      size += bytes.length
      check.append(bytes)
    },
    patch(offset: number, bytes: Uint8Array) {
      head.set(bytes, offset)
      check.patch?.()
    },
    /** Fails with a reason when the container is broken. */
    end: (): Counted => check.end(head.subarray(0, Math.min(size, PATCHABLE_HEAD))),
  }
}

export type ResultCheck = ReturnType<typeof openResultCheck>
