import type { Told } from '../../domain/conversion.ts'
import { AppError, errorKind } from '../../domain/errors.ts'
import { formatClock } from '../../kit/units.ts'
import type { Probe } from '../probe.ts'
import type { Counted } from './container-check.ts'
import type { ResultCheck } from './result-check.ts'

/** Counts the result; RESULT_INVALID when it is broken or does not hold what was decoded. `decoded`: samples per channel. */
export function checkResult(check: ResultCheck, decoded: number | null): Counted {
  const counted = demandValid(() => check.end())
  if (decoded !== null && Math.abs(counted.samples - decoded) > check.tolerance) {
    throw new AppError(
      'RESULT_INVALID',
      `The result holds ${counted.samples} samples, ${decoded} were put in.`,
    )
  }
  return counted
}

/** What a check finds broken is RESULT_INVALID: a copy of damaged packets is decoded and encoded anew then. */
export function demandValid<T>(deed: () => T): T {
  try {
    return deed()
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new AppError('RESULT_INVALID', `The result is broken: ${reason}.`, { cause })
  }
}

/** Lines of the engine that tell of damage, from its demuxers and decoders. */
const ERROR = /^(?:\[[^\]]* @ 0x[0-9a-f]+\] )?\[(?:error|fatal)\] (.*)$/
/** Not damage: video decoders that stay shut, and tags behind the last frame of an MP3, which look like a broken frame. */
const HARMLESS = /not on whitelist|Header missing/
/** Did the engine complain of damage? */
export const tellsOfDamage = (log: readonly string[]): boolean =>
  log.some((line) => {
    const [, text] = ERROR.exec(line) ?? []
    return text !== undefined && !HARMLESS.test(text)
  })

/** Lines that tell that the source ends before its index says. */
const CUT = /partial file|ended prematurely|Truncating|truncated/i

/** Is the sound shorter than the source says by more than half a second and one per cent? */
const isShort = (declared: number, duration: number) => declared - duration > Math.max(0.5, declared / 100)

/**
 * What is to be said about a source that was cut or damaged; null when it was whole. `duration` is what could be
 * read, in seconds. In MP4 the index lists every sample, and the engine complains of each that is missing: there
 * sound that is shorter than the picture is no damage. `early`: its container says that the source is cut.
 */
export function judgeSource(
  probe: Probe,
  duration: number,
  log: readonly string[],
  early: boolean,
): Told | null {
  const damaged = tellsOfDamage(log)
  const cut = early || log.some((line) => CUT.test(line))
  const declared = probe.duration
  const short = declared !== null && isShort(declared, duration)
  if (short && declared !== null && (cut || damaged || !probe.container.startsWith('mov'))) {
    const text = `The source says that it lasts ${formatClock(declared)}, its sound ends after ${formatClock(duration)}: the result holds the sound up to there.`
    return { code: 'SOURCE_TRUNCATED', text }
  }
  if (cut) return tell('SOURCE_TRUNCATED')
  return damaged ? tell('SOURCE_DAMAGED') : null
}

const tell = (code: 'SOURCE_TRUNCATED' | 'SOURCE_DAMAGED'): Told => ({ code, text: errorKind(code).meaning })
