import { AppError } from '../domain/errors.ts'
import type { Wish } from '../domain/format.ts'
import { ENGINE, type Engine, type Run, startEngine } from './ffmpeg/engine.ts'
import { PcmPipe } from './ffmpeg/pcm-pipe.ts'
import { readLoudness } from './loudness.ts'
import { type CopyPlan, type EncodePlan, makePlan } from './plan.ts'
import { outOfMemory, type Probe, probe } from './probe.ts'
import type { Receipt } from './receipt.ts'
import type { ByteSource } from './source/byte-source.ts'
import type { Sink } from './source/sink.ts'
import type { Counted } from './verify/container-check.ts'
import { openResultCheck, type ResultCheck } from './verify/result-check.ts'
import { endsEarly } from './verify/source-end.ts'
import { checkResult, judgeSource } from './verify/verify.ts'
import { startWatch, type Watch } from './watch.ts'

/** What one conversion may use; each ends in its own error code. Milliseconds and bytes. */
export interface Limits {
  readonly maxDuration: number
  readonly maxOutput: number
  readonly jobTimeout: number
  readonly stallTimeout: number
}

export interface ConvertOptions {
  readonly limits: Limits
  /** May packets be copied? Not when a copy turned out broken: a damaged track is better decoded and encoded anew. */
  readonly mayCopy: boolean
  /** Ends every worker at once; the conversion fails with CONVERSION_CANCELLED. */
  readonly signal?: AbortSignal
  /** 0 to 1, never falling, at most five times a second; called only when media time has advanced. */
  readonly onProgress?: (progress: number) => void
}

/** What a conversion has at hand while it runs. */
interface Work {
  readonly source: ByteSource
  readonly sink: Sink
  readonly limits: Limits
  readonly watch: Watch
  readonly check: ResultCheck
  /** Every thread that was started, to be ended with the conversion. */
  readonly engines: Engine[]
}

/** What a plan's execution tells. */
interface Made {
  readonly log: readonly string[]
  readonly counted: Counted
  /** Seconds of sound that could be read. */
  readonly duration: number
}

/**
 * Turns `source` into what `wish` asks for and writes it to `sink`. Fails with an AppError: MEDIA_EMPTY,
 * MEDIA_UNREADABLE, MEDIA_NO_AUDIO, MEDIA_TOO_LONG, MEMORY_LIMIT, RESULT_TOO_LARGE, RESULT_INVALID,
 * CONVERSION_TIMEOUT, CONVERSION_STALLED, CONVERSION_CANCELLED, ENGINE_FAILED, or with what the source or the
 * sink failed with.
 */
export async function convert(
  source: ByteSource,
  wish: Wish,
  sink: Sink,
  options: ConvertOptions,
): Promise<Receipt> {
  if (source.size === 0) throw new AppError('MEDIA_EMPTY')
  const watch = startWatch(options.limits, options.signal, options.onProgress ?? (() => {}))
  const work: Work = {
    source,
    sink,
    limits: options.limits,
    watch,
    check: openResultCheck(wish.format),
    engines: [],
  }
  try {
    return await Promise.race([make(work, wish, options.mayCopy), watch.ended])
  } finally {
    watch.stop()
    await Promise.all(work.engines.map((engine) => engine.terminate()))
  }
}

async function make(work: Work, wish: Wish, mayCopy: boolean): Promise<Receipt> {
  const started = performance.now()
  const pcm = new PcmPipe()
  const { source, check } = work
  const decoder = await start(work, { source, sink: checked(work), pcm, pcmDirection: 'write' })
  const probed = await probe(decoder)
  if ((probed.duration ?? 0) * 1000 > work.limits.maxDuration) throw new AppError('MEDIA_TOO_LONG')
  const probeEnded = performance.now()

  const plan = makePlan(probed, wish, mayCopy)
  const made =
    plan.kind === 'copy' ? await copy(work, decoder, plan) : await encode(work, decoder, pcm, plan, probed)
  const isCopy = plan.kind === 'copy'
  return {
    engine: ENGINE,
    source: {
      bytes: source.size,
      bytesRead: decoder.bytesRead,
      container: probed.container,
      codec: probed.track.codec,
      sampleRate: probed.track.sampleRate,
      channels: probed.track.channels,
      declaredDuration: probed.duration,
      duration: made.duration,
    },
    result: {
      bytes: check.bytes,
      format: wish.format,
      sampleRate: made.counted.sampleRate,
      channels: isCopy ? probed.track.channels : plan.channels,
      bitrate: isCopy ? probed.track.bitrate : plan.bitrate,
      samples: made.counted.samples,
      duration: made.counted.samples / made.counted.sampleRate,
    },
    plan: plan.kind,
    settings: isCopy ? plan.args : [...plan.decode, '|', ...plan.encode],
    loudness: isCopy ? null : readLoudness(made.log),
    warning: judgeSource(probed, made.duration, made.log, await endsEarly(source, probed.container)),
    seconds: { probe: (probeEnded - started) / 1000, convert: (performance.now() - probeEnded) / 1000 },
  }
}

async function start(work: Work, connections: Parameters<typeof startEngine>[0]): Promise<Engine> {
  const engine = await startEngine(connections)
  work.engines.push(engine)
  return engine
}

/** The sink, with every byte counted, checked and held against the limit on its way. */
function checked({ sink, check, limits }: Work): Sink {
  return {
    async write(bytes) {
      if (check.bytes + bytes.length > limits.maxOutput) throw new AppError('RESULT_TOO_LARGE')
      check.append(bytes)
      await sink.write(bytes)
    },
    async patch(offset, bytes) {
      check.patch(offset, bytes)
      await sink.patch(offset, bytes)
    },
  }
}

async function copy(work: Work, engine: Engine, plan: CopyPlan): Promise<Made> {
  work.watch.gauge(() => ({
    work: engine.bytesRead + work.check.bytes,
    // Packets have no clock of their own: the bytes of the source stand for it.
    seconds: engine.bytesRead / work.source.size,
    progress: engine.bytesRead / work.source.size,
  }))
  const run = await engine.run(plan.args)
  if (work.check.bytes === 0) throw noSound(run)
  const counted = checkResult(work.check, null)
  return { log: run.log, counted, duration: counted.samples / counted.sampleRate }
}

async function encode(
  work: Work,
  decoder: Engine,
  pcm: PcmPipe,
  plan: EncodePlan,
  probed: Probe,
): Promise<Made> {
  const encoder = await start(work, { sink: checked(work), pcm, pcmDirection: 'read' })
  const decoded = () => Math.floor(pcm.total / plan.frameBytes)
  work.watch.gauge(() => {
    const seconds = decoded() / plan.sampleRate
    const progress = probed.duration ? seconds / probed.duration : decoder.bytesRead / work.source.size
    return { work: decoder.bytesRead + pcm.total + work.check.bytes, seconds, progress }
  })
  const encoding = encoder.run(plan.encode)
  const decoding = decoder.run(plan.decode).then((run) => {
    // Nothing decoded: the encoder waits for a beginning that never comes.
    if (pcm.total === 0) throw noSound(run)
    return run
  })
  const [run, encoded] = await Promise.all([decoding, encoding])
  if (encoded.code !== 0)
    throw new AppError('ENGINE_FAILED', undefined, { cause: encoded.log.slice(-5).join('\n') })
  const counted = checkResult(work.check, decoded())
  return { log: run.log, counted, duration: decoded() / plan.sampleRate }
}

const noSound = (run: Run): AppError =>
  outOfMemory(run.log)
    ? new AppError('MEMORY_LIMIT')
    : new AppError('MEDIA_UNREADABLE', 'No sound could be read from the file.', {
        cause: run.log.slice(-5).join('\n'),
      })
