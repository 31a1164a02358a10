import { setTimeout as delay } from 'node:timers/promises'
import { afterFailure, type Conversion } from '../../domain/conversion.ts'
import { type AppError, toAppError } from '../../domain/errors.ts'
import { type AttemptEnd, SERIES } from '../../domain/series.ts'
import { type Logger, reasonOf, timed } from '../../kit/logger.ts'
import type { QueueName } from '../../ports/broker.ts'
import type { Hold, Outcome } from '../../ports/library.ts'
import { startHeartbeat } from './heartbeat.ts'
import { type MadeResult, type MakeOptions, makeResult } from './make-result.ts'
import { measureDone, measureWait } from './measure-attempt.ts'
import type { ConverterParts } from './parts.ts'
import { traceAttempt } from './trace-attempt.ts'

/** Pauses between attempts to write down how it ended, milliseconds: a restart of the database passes in less. */
const FINISH_PAUSES = [250, 500, 1_000, 2_000, 4_000, 8_000]

/**
 * One attempt at a claimed conversion, to its end: done, failed, to be tried again, or given back when `drained`
 * fires. Whatever goes wrong is written into the row or left to the lease; it never rejects. Says `converted` when the
 * result is made and remains to be stored: the cores have nothing to do with that.
 */
export async function runAttempt(
  parts: ConverterParts,
  conversion: Conversion,
  drained: AbortSignal,
  converted: () => void,
): Promise<void> {
  const { id: conversionId, requestId, ownerId: userId, attempt } = conversion
  const logger = timed(parts.logger.child({ requestId, conversionId, userId, attempt }))
  const lost = new AbortController()
  const heartbeat = startHeartbeat(parts, conversion, () => lost.abort(), logger)
  const started = performance.now()
  let end: AttemptEnd = 'lost'
  measureWait(conversion, parts.metrics)
  const span = traceAttempt(parts.tracer, conversion, parts.convert)
  let code: string | undefined
  try {
    const signal = AbortSignal.any([lost.signal, drained])
    const options = { signal, moved: heartbeat.moved, converted }
    const work = { ...parts, convert: span.convert }
    const made = await makeSound(work, conversion, options).catch(toAppError)
    if ('code' in made) code = made.code
    end =
      'code' in made
        ? await endFailed(parts, conversion, made, { lost: lost.signal, drained }, logger)
        : await endDone(parts, conversion, made, logger)
  } catch (error) {
    logger.error({ err: error }, 'the end of an attempt can not be written down; its lease will run out')
  } finally {
    parts.metrics.observe(SERIES.attempts, { end }, (performance.now() - started) / 1000)
    span.end(end, code)
    await heartbeat.stop()
  }
}

/**
 * A copy of damaged packets does not pass its check: decoded and encoded anew, what can be heard makes a sound file. Not
 * when it was the store that kept less than it was given: then the slot is another's by now.
 */
async function makeSound(
  parts: ConverterParts,
  conversion: Conversion,
  options: Omit<MakeOptions, 'mayCopy'>,
): Promise<MadeResult> {
  let isConverted = false
  const converted = () => {
    isConverted = true
    options.converted()
  }
  return makeResult(parts, conversion, { ...options, converted, mayCopy: true }).catch((error: unknown) => {
    if (isConverted || toAppError(error).code !== 'RESULT_INVALID') throw error
    return makeResult(parts, conversion, { ...options, mayCopy: false })
  })
}

async function endDone(
  parts: ConverterParts,
  conversion: Conversion,
  { file, receipt }: MadeResult,
  logger: Logger,
): Promise<AttemptEnd> {
  const outcome: Outcome = { kind: 'done', result: file, warning: receipt.warning, receipt }
  if (!(await finish(parts, conversion, outcome)) && !(await isKnown(parts, file.blobKey))) {
    logger.info('the conversion was taken over or cancelled; its result is discarded')
    await parts.blobs.result.remove(file.blobKey)
    return 'lost'
  }
  measureDone(receipt, parts.metrics)
  const { seconds, plan } = receipt
  const [probeMs, convertMs] = [Math.round(seconds.probe * 1000), Math.round(seconds.convert * 1000)]
  logger.info({ resultId: file.id, size: file.size, plan, probeMs, convertMs }, 'converted')
  await tell(parts, 'mp3', conversion, file.id, logger)
  return 'done'
}

/** A commit whose answer was lost looks like a lost lease: what the library refers to is never removed. */
async function isKnown({ library }: ConverterParts, blobKey: string): Promise<boolean> {
  return (await library.referenced('result', [blobKey])).has(blobKey)
}

async function endFailed(
  parts: ConverterParts,
  conversion: Conversion,
  error: AppError,
  ended: { lost: AbortSignal; drained: AbortSignal },
  logger: Logger,
): Promise<AttemptEnd> {
  if (ended.lost.aborted) {
    logger.info('the conversion was taken over or cancelled; the attempt has ended')
    return 'lost'
  }
  if (ended.drained.aborted) {
    await finish(parts, conversion, { kind: 'released' })
    logger.info('the conversion goes back to the queue')
    return 'released'
  }
  const failure = { code: error.code, text: error.message }
  const next = afterFailure({ attempt: conversion.attempt, code: error.code }, parts.now(), Math.random())
  logger.warn({ code: error.code, again: next.again, ...reasonOf(error) }, 'an attempt failed')
  const outcome: Outcome = next.again
    ? { kind: 'again', failure, notBefore: next.notBefore }
    : { kind: 'failed', failure }
  parts.metrics.count(SERIES.failures, { code: error.code })
  if (!(await finish(parts, conversion, outcome))) return 'lost'
  if (next.again) return 'again'
  parts.metrics.count(SERIES.ended, { state: 'failed' })
  await tell(parts, 'failed', conversion, null, logger)
  return 'failed'
}

/** Writes down how it ended; false when the hold is lost. Tries for a while when the library does not answer. */
async function finish({ library, now }: ConverterParts, hold: Hold, outcome: Outcome): Promise<boolean> {
  for (const pause of [...FINISH_PAUSES, null]) {
    try {
      await library.finish({ id: hold.id, fence: hold.fence }, outcome, now())
      return true
    } catch (error) {
      if (toAppError(error).code === 'LEASE_LOST') return false
      if (pause === null) throw error
      await delay(pause)
    }
  }
  return false
}

/** Wakes the notification service; when the message is lost, its own timer finds the event. */
async function tell(
  { broker }: ConverterParts,
  queue: QueueName,
  conversion: Conversion,
  resultId: string | null,
  logger: Logger,
): Promise<void> {
  try {
    await broker.publish(queue, {
      video_fid: conversion.sourceId,
      mp3_fid: resultId,
      username: conversion.ownerEmail,
      conversion_id: conversion.id,
      ...(conversion.requestId === null ? {} : { request_id: conversion.requestId }),
      ...(conversion.traceparent === null ? {} : { traceparent: conversion.traceparent }),
    })
  } catch (error) {
    logger.warn({ err: error }, `the message to ${queue} was not taken`)
  }
}
