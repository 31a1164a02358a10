import { availableParallelism, hostname } from 'node:os'
import type { Conversion } from '../../domain/conversion.ts'
import { SERIES } from '../../domain/series.ts'
import { every } from '../../kit/clock.ts'
import { withDeadline } from '../../kit/closers.ts'
import { newId } from '../../kit/ids.ts'
import type { Service } from '../../kit/service.ts'
import { createTakeWork } from '../../kit/take-work.ts'
import { createCores } from '../../media/cores.ts'
import type { Subscription } from '../../ports/broker.ts'
import { UNMEASURED } from '../../ports/metrics.ts'
import { UNTRACED } from '../../ports/tracer.ts'
import { adoptVideo } from './adopt-video.ts'
import type { ConverterParts } from './parts.ts'
import { runAttempt } from './run-attempt.ts'
import { sweepExhausted } from './sweep-exhausted.ts'

export type { ConverterSettings } from './parts.ts'

const SWEEP = 3_000
/** Kept back from the time to stop, so that what is given back can still be written down, milliseconds. */
const LONGEST_MARGIN = 3_000

type Optional = 'now' | 'cores' | 'metrics' | 'tracer'

/** Takes the next conversion, makes the sound, stores it, announces it. */
export function createConverter(
  options: Omit<ConverterParts, Optional> & Partial<Pick<ConverterParts, Optional>>,
): Service {
  const cores = createCores(availableParallelism())
  const parts: ConverterParts = { now: Date.now, cores, metrics: UNMEASURED, tracer: UNTRACED, ...options }
  const { settings, library, broker, metrics, now, logger } = parts
  const worker = `${hostname()}-${process.pid}-${newId().slice(-6)}`
  const drained = new AbortController()
  let subscription: Subscription | undefined
  let sweep: { stop(): Promise<void> } | undefined
  let starting: Promise<void> | undefined
  let stopping: Promise<void> | undefined

  let running = 0
  const tellSlots = (change: number) => {
    running += change
    metrics.set(SERIES.slotsBusy, running)
  }
  const inSlot = async (conversion: Conversion, free: () => void) => {
    tellSlots(1)
    let isBusy = true
    const leave = () => {
      if (isBusy) tellSlots(-1)
      isBusy = false
      free()
    }
    await runAttempt(parts, conversion, drained.signal, leave)
    leave()
  }
  const work = createTakeWork({
    slots: settings.slots,
    claim: () => library.claim({ name: worker, now: now(), leaseMs: settings.leaseMs }),
    run: inSlot,
    onFull: (full) => (full ? subscription?.pause() : subscription?.resume()),
    logger,
  })

  async function start() {
    metrics.set(SERIES.slots, settings.slots)
    tellSlots(0)
    subscription = await broker.subscribe('video', async (message) => {
      await adoptVideo(parts, message)
      work.look()
    })
    const look = async () => {
      await sweepExhausted(parts)
      work.look()
    }
    sweep = every(settings.sweepMs ?? SWEEP, look)
  }

  async function stop(milliseconds: number) {
    await starting?.catch(() => {})
    work.stop()
    await Promise.all([subscription?.close(), sweep?.stop()])
    const margin = Math.min(LONGEST_MARGIN, milliseconds / 3)
    await withDeadline(work.idle(), milliseconds - margin).catch(() => drained.abort())
    await withDeadline(work.idle(), margin)
  }

  return {
    name: 'converter',
    start() {
      starting ??= start()
      return starting
    },
    stop(milliseconds) {
      stopping ??= stop(milliseconds)
      return stopping
    },
  }
}
