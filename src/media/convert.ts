import { AppError } from '../domain/errors.ts'
import type { Wish } from '../domain/wish/wish.ts'
import { formatClock } from '../kit/units.ts'
import { chooseTrack } from './choose-track.ts'
import { type Cores, createCores, type Share } from './cores.ts'
import { findCover } from './cover/find-cover.ts'
import type { Picture } from './cover/picture.ts'
import { type Beside, type Engine, type Run, startEngine } from './ffmpeg/engine.ts'
import { PcmPipe } from './ffmpeg/pcm-pipe.ts'
import { findGain, type Measured, measure, needsMeasuring } from './measure.ts'
import type { Loudness } from './meter/meter.ts'
import { BlockRing } from './mp3/block-ring.ts'
import { chooseBlocks } from './mp3/choose-blocks.ts'
import { encodeBlocks } from './mp3/encode-blocks.ts'
import { blocksFor, type Mp3Settings } from './mp3/settings.ts'
import type { BlockCounts } from './mp3/write-blocks.ts'
import { wantedSeconds } from './plan/fit.ts'
import { type CopyPlan, type EncodePlan, makePlan } from './plan/plan.ts'
import { type Description, describeTrack, outOfMemory, type Probe, probe } from './probe.ts'
import { type Receipt, writeReceipt } from './receipt.ts'
import type { ByteSource } from './source/byte-source.ts'
import { headed } from './source/headed-sink.ts'
import { type PlannedSource, planReads } from './source/planned-source.ts'
import type { Sink } from './source/sink.ts'
import { aboutResult } from './tags/about.ts'
import { type Tagging, UNTAGGED, writeTags } from './tags/write-tags.ts'
import { type Threads, withThreads } from './threads.ts'
import type { Counted } from './verify/container-check.ts'
import { openResultCheck, type ResultCheck } from './verify/result-check.ts'
import { endsEarly } from './verify/source-end.ts'
import { checkResult, demandValid, judgeSource, tellsOfDamage } from './verify/verify.ts'
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
  /** The cores that this conversion may share; without them it runs one encoder. */
  readonly cores?: Cores
  /** A picture that the result is to bear, whatever the wish says. */
  readonly cover?: Picture | undefined
  /** Ends every worker at once; the conversion fails with CONVERSION_CANCELLED. */
  readonly signal?: AbortSignal
  /** 0 to 1, never falling, at most five times a second; called only when media time has advanced. */
  readonly onProgress?: (progress: number) => void
}

/** What a conversion has at hand while it runs. */
interface Work {
  readonly source: PlannedSource
  readonly sink: Sink
  readonly limits: Limits
  readonly watch: Watch
  readonly check: ResultCheck
  readonly wish: Wish
  readonly mayCopy: boolean
  /** A picture that was given. */
  readonly cover: Picture | undefined
  /** Tags and cover of the result. Known once the source was looked at. */
  tagging: Tagging
  readonly cores: Cores
  /** Whatever runs in threads, to be ended with the conversion. */
  readonly threads: Threads
}

/** What a plan's execution tells. */
interface Made {
  readonly log: readonly string[]
  readonly counted: Counted
  /** Seconds of sound that could be read. */
  readonly duration: number
  readonly blocks?: BlockCounts
  /** Of what went to the encoder; null for a copy or silence. */
  readonly loudness: Loudness | null
}

/**
 * Turns `source` into what `wish` asks for and writes it to `sink`. Fails with an AppError: MEDIA_EMPTY,
 * MEDIA_UNREADABLE, MEDIA_NO_AUDIO, MEDIA_TOO_LONG, MEMORY_LIMIT, WISH_UNMET, RESULT_TOO_LARGE, RESULT_INVALID,
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
  const work = {
    sink,
    limits: options.limits,
    watch,
    check: openResultCheck(wish.format),
    wish,
    mayCopy: options.mayCopy,
    cover: options.cover,
    tagging: UNTAGGED,
    cores: options.cores ?? createCores(1),
  }
  const job = (threads: Threads) => Promise.race([make({ ...work, threads }, source), watch.ended])
  return withThreads(job).finally(() => watch.stop())
}

async function make(begun: Omit<Work, 'source'>, raw: ByteSource): Promise<Receipt> {
  const started = performance.now()
  const work = { ...begun, source: await planReads(raw, begun.mayCopy) }
  const { source, check, wish, mayCopy } = work
  const decoder = await start(work, { source, sink: checked(work) })
  const description = withRate(await probe(decoder, source), raw.size / source.size)
  const told = await describeTrack(decoder, chooseTrack(description, wish.track))
  if ((told.duration ?? 0) * 1000 > work.limits.maxDuration) throw new AppError('MEDIA_TOO_LONG')
  work.watch.gauge(() => ({ work: work.source.bytesRead, seconds: 0, progress: 0 }))
  const cover = await findCover(work, decoder, told, wish)
  const probeEnded = performance.now()

  const measured = needsMeasuring(told, wish) ? await listen(work, decoder, told) : null
  const probed = { ...told, duration: told.duration ?? lengthFrom(measured, wish) }
  const seconds = wantedSeconds(probed, wish)
  if (seconds === 0 && wish.start) throw endsBefore(wish)
  const gain = await findGain(measured, wish, (tried) => measure(decoder, told, wish, tried))
  work.tagging = writeTags(aboutResult(probed.about, wish), wish.format, cover)
  const plan = makePlan(probed, wish, { mayCopy, gain, tagging: work.tagging })
  const blocks = chooseBlocks(plan, wish, mayCopy)
  if (plan.kind === 'copy') source.tellSamples()
  source.beginLastPass()
  // Times are told in hundredths of a second: what is shorter has a length that nobody knows.
  const way = { seconds: seconds || null, done: measured ? LISTENING : 0 }
  const making =
    plan.kind === 'copy'
      ? copy(work, decoder, plan)
      : encode({ work, decoder, plan, way }, typeof blocks === 'object' ? blocks : null)
  const made = await (source.isMerged ? making.then(demandUndamaged, refuseDamaged) : making)
  const expected = { ...probed, duration: probed.duration && seconds }
  const early = !isAllThere(made, wish) && (await endsEarly(raw, probed.container))
  return writeReceipt({
    source: { bytes: raw.size, bytesRead: source.bytesRead, requests: source.requests },
    result: { ...made.counted, bytes: check.bytes },
    ...{ probed, wish, plan, gain, cover, before: measured?.loudness ?? null },
    ...(made.blocks && { blocks: made.blocks }),
    ...(typeof blocks === 'string' ? { reason: blocks } : blocks && { lame: blocks }),
    heard: made.duration,
    loudness: made.loudness,
    warning: judgeSource(expected, made.duration, made.log, early),
    seconds: { probe: (probeEnded - started) / 1000, convert: (performance.now() - probeEnded) / 1000 },
  })
}

/** The engine finds the rate of the whole by the bytes it is told of: some may stand for others. */
const withRate = (description: Description, share: number): Description => ({
  ...description,
  bitrate: description.bitrate && Math.round(description.bitrate * share),
})

/** A frame that is broken takes those along that were told of with it: the next attempt tells of each. */
const damagedTogether = (cause?: unknown) =>
  new AppError('RESULT_INVALID', 'The sound is damaged: less of it was decoded than can be.', { cause })

function demandUndamaged(made: Made): Made {
  if (tellsOfDamage(made.log)) throw damagedTogether()
  return made
}

function refuseDamaged(error: unknown): never {
  const isSound = error instanceof AppError && ['MEDIA_UNREADABLE', 'MEDIA_NO_AUDIO'].includes(error.code)
  throw isSound ? damagedTogether(error) : error
}

/** The share of progress that hearing everything once is counted for. */
const LISTENING = 0.3

async function listen(work: Work, decoder: Engine, probed: Probe): Promise<Measured> {
  work.watch.gauge(() => {
    const share = work.source.progress
    return { work: work.source.bytesRead, seconds: share, progress: LISTENING * share }
  })
  return measure(decoder, probed, work.wish)
}

/** The length of a source that does not tell it, from what was heard of it. */
const lengthFrom = (measured: Measured | null, { start = 0 }: Wish) => measured && start + measured.seconds

/** A part that was read up to its end says nothing of what lies behind it. */
const isAllThere = ({ duration }: Made, { start = 0, end }: Wish) =>
  end !== undefined && duration >= end - start - 0.5

const endsBefore = ({ start = 0 }: Wish) =>
  new AppError('WISH_UNMET', `The sound ends before ${formatClock(start)}, where the result should begin.`)

async function start(work: Work, connections: Parameters<typeof startEngine>[0]): Promise<Engine> {
  const engine = await startEngine(connections)
  return work.threads.add(engine)
}

/** The sink, with every byte counted, checked and held against the limit on its way. */
function checked(work: Work): Sink {
  const { sink, check, limits, wish, mayCopy } = work
  const all: Sink = {
    async write(bytes) {
      const size = check.bytes + bytes.length
      if (size > limits.maxOutput) throw new AppError('RESULT_TOO_LARGE')
      if (wish.size !== undefined && size > wish.size) throw aboveSize(mayCopy)
      demandValid(() => check.append(bytes))
      await sink.write(bytes)
    },
    async patch(offset, bytes) {
      demandValid(() => check.patch(offset, bytes))
      await sink.patch(offset, bytes)
    },
  }
  return headed(all, () => work.tagging.head)
}

/** What the engine is to write into the result beside the sound. */
const written = ({ tagging: { tags, cover } }: Work) => ({ tags, cover: cover?.bytes })

/** A copy has the size it has: the next attempt encodes. */
const aboveSize = (mayCopy: boolean) =>
  new AppError(
    mayCopy ? 'RESULT_INVALID' : 'WISH_UNMET',
    'The result came out larger than the size that was asked for. Ask for a bitrate instead.',
  )

async function copy(work: Work, engine: Engine, plan: CopyPlan): Promise<Made> {
  work.watch.gauge(() => ({
    work: work.source.bytesRead + work.check.bytes,
    // Packets have no clock of their own: the bytes of the source stand for it.
    seconds: work.source.progress,
    progress: work.source.progress,
  }))
  const run = await engine.run(plan.args, written(work))
  if (work.check.bytes === 0) throw noSound(run)
  const counted = checkResult(work.check, null)
  if ((counted.samples / counted.sampleRate) * 1000 > work.limits.maxDuration)
    throw new AppError('MEDIA_TOO_LONG')
  return { log: run.log, loudness: null, counted, duration: counted.samples / counted.sampleRate }
}

/** What is at hand for decoding and encoding. `way`: seconds that are wanted, and the progress that lies behind. */
interface Encoding {
  readonly work: Work
  readonly decoder: Engine
  readonly plan: EncodePlan
  readonly way: { readonly seconds: number | null; readonly done: number }
}

/** By several encoders where there are `settings` for them, else by one. */
function encode(encoding: Encoding, settings: Mp3Settings | null): Promise<Made> {
  const share = encoding.work.threads.add(encoding.work.cores.join())
  return settings ? encodeByBlocks(encoding, settings, share) : encodeByOne(encoding)
}

/** Progress by what was decoded; where the source hides how long it is, by what was read of it. */
function gaugeBy({ work, plan, way }: Encoding, pcm: { readonly total: number }): void {
  work.watch.gauge(() => {
    const seconds = pcm.total / plan.frameBytes / plan.sampleRate
    const share = way.seconds ? seconds / way.seconds : work.source.progress
    const progress = way.done + (1 - way.done) * share
    return { work: work.source.bytesRead + pcm.total + work.check.bytes, seconds, progress }
  })
}

/** Runs the decoder into a pipe or a ring; fails when nothing comes out. */
async function decode({ work, decoder, plan }: Encoding, into: Beside) {
  const { sampleRate, channels, sample } = plan
  const run = await decoder.run(plan.decode, { ...into, meter: { sampleRate, channels, sample } })
  const { total } = into.ring ?? into.pipe ?? { total: 0 }
  if (total === 0) throw run.code === 0 && work.wish.start ? endsBefore(work.wish) : noSound(run)
  return run
}

/** Several encoders, each a block at a time; one where there is but one block, or one core. */
async function encodeByBlocks(encoding: Encoding, settings: Mp3Settings, share: Share): Promise<Made> {
  const { work, plan, way } = encoding
  const { blockFrames, blocks: most } = blocksFor(way.seconds, settings.sampleRate)
  const ring = new BlockRing({ ...settings, lanes: Math.min(work.cores.total, most), blockFrames })
  const encoded = work.threads.add(await encodeBlocks(ring, settings, checked(work), share))
  gaugeBy(encoding, ring)
  const decoded = decode(encoding, { ring, encoder: encoded.encoder })
  const [{ log, loudness }, blocks] = await Promise.all([decoded, encoded.done])
  const counted = checkResult(work.check, ring.totalSamples)
  return { log, loudness, counted, duration: ring.totalSamples / plan.sampleRate, blocks }
}

/** One encoder, which waits for a beginning; when none comes the decoder's run fails. */
async function encodeByOne(encoding: Encoding): Promise<Made> {
  const { work, plan } = encoding
  const pipe = new PcmPipe()
  const encoder = await start(work, { sink: checked(work) })
  const decoded = () => Math.floor(pipe.total / plan.frameBytes)
  gaugeBy(encoding, pipe)
  const [run, encoded] = await Promise.all([
    decode(encoding, { pipe }),
    encoder.run(plan.encode, { ...written(work), pipe }),
  ])
  if (encoded.code !== 0)
    throw new AppError('ENGINE_FAILED', undefined, { cause: encoded.log.slice(-5).join('\n') })
  const counted = checkResult(work.check, decoded())
  return { log: run.log, loudness: run.loudness, counted, duration: decoded() / plan.sampleRate }
}

function noSound({ code, log }: Run): AppError {
  if (outOfMemory(log)) return new AppError('MEMORY_LIMIT')
  const cause = log.slice(-5).join('\n')
  return code === 0 && !tellsOfDamage(log)
    ? new AppError('MEDIA_NO_AUDIO', 'The file has a track of sound, and the track is empty.', { cause })
    : new AppError('MEDIA_UNREADABLE', 'No sound could be read from the file.', { cause })
}
