import { mkdir, stat } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { standingIn } from '../../config.ts'
import { AppError } from '../../domain/errors.ts'
import { renamed } from '../../domain/file.ts'
import { FORMAT_NAMES, formatOf } from '../../domain/format.ts'
import { parseWish, type Wish } from '../../domain/wish/wish.ts'
import { formatClock, formatSize } from '../../kit/units.ts'
import { convert } from '../../media/convert.ts'
import { createCores } from '../../media/cores.ts'
import type { Picture } from '../../media/cover/picture.ts'
import { preview } from '../../media/preview.ts'
import type { Receipt } from '../../media/receipt.ts'
import type { ByteSource } from '../../media/source/byte-source.ts'
import { createFileSink } from '../../media/source/file-sink.ts'
import { openFileSource } from '../../media/source/file-source.ts'
import { type Command, readArgs } from '../command.ts'
import { takeCoverFile } from '../cover-file.ts'
import { describeError, type Output } from '../output.ts'
import { type PreviewedResult, previewLines } from '../preview-lines.ts'
import { showProgress } from '../progress.ts'
import { tell } from '../tell.ts'
import { type Result, resultPerTrack, takeTracks } from '../track-results.ts'
import { readWish, WISH_HELP, WISH_OPTIONS } from '../wish-options.ts'

const USAGE = `soundlift convert FILE… [-f FORMAT] [-b BITRATE | --abr BITRATE | -q QUALITY | -s SIZE] [-o OUT] [-y] [more]

Turns video (or audio) files into sound, without a server. What already is what is wanted is copied as it is.

${WISH_HELP}

  -o, --out OUT          file or folder; without it beside the input with the new extension
  -y, --yes              overwrite what exists
  -n, --dry-run          tells the tracks of each FILE, what would come of it and how large, and converts nothing
  -h, --help`

const OPTIONS = {
  ...WISH_OPTIONS,
  out: { type: 'string', short: 'o' },
  yes: { type: 'boolean', short: 'y', default: false },
  'dry-run': { type: 'boolean', short: 'n', default: false },
} as const

/** One person at one keyboard: no limit but the one against a standstill. */
const LIMITS = {
  maxDuration: Number.POSITIVE_INFINITY,
  maxOutput: Number.POSITIVE_INFINITY,
  jobTimeout: Number.POSITIVE_INFINITY,
  stallTimeout: 60_000,
}

export const convertCommand: Command = {
  name: 'convert',
  summary: 'turns files into sound, without a server',
  usage: USAGE,
  async run(args, out) {
    const { values, positionals: inputs } = readArgs(args, OPTIONS)
    if (inputs.length === 0) throw new AppError('USAGE', 'convert needs at least one FILE')
    const { wish: named, tracks } = takeTracks(readWish(values))
    const { wish: asked, cover } = await takeCoverFile(named)
    const wish = parseWish({ format: formatOfPath(values.out), ...asked })
    const outputs = await placeOutputs(inputs, values.out, wish)
    const cancel = new AbortController()
    process.once('SIGINT', () => cancel.abort())
    process.once('SIGTERM', () => cancel.abort())

    let exit = 0
    const told: object[] = []
    /** What failed is told, and gives nothing. */
    const attempt = async <T>(input: string, output: string, deed: () => Promise<T>) => {
      if (cancel.signal.aborted) return undefined
      return deed().catch((error: unknown) => {
        const code = tell(error, input)
        told.push({ input, output, error: describeError(error) })
        exit ||= code
        return undefined
      })
    }
    for (const [place, input] of inputs.entries()) {
      const one = { output: outputs[place] ?? input, wish }
      const results = tracks
        ? await attempt(input, one.output, () => resultPerTrack(input, one, tracks))
        : [one]
      if (!results) continue
      if (values['dry-run']) {
        const found = await attempt(input, one.output, () => showPreview(input, results, cover, out))
        for (const { output, preview } of found ?? []) told.push({ input, output, preview })
        continue
      }
      for (const result of results) {
        const job = { input, ...result, cover, overwrite: values.yes, signal: cancel.signal, out }
        const made = await attempt(input, result.output, () => convertFile(job))
        if (made) told.push({ input, output: result.output, ...made })
      }
    }
    out.answer(told)
    return exit
  },
}

/** The format an output's extension names; undefined for a folder and for others. */
function formatOfPath(path: string | undefined): string | undefined {
  const extension = extname(path ?? '')
    .slice(1)
    .toLowerCase()
  return FORMAT_NAMES.find((name) => name === extension)
}

/** Where each result goes. `out` is a folder when it is one, or when there are several inputs. */
async function placeOutputs(
  inputs: readonly string[],
  out: string | undefined,
  wish: Wish,
): Promise<string[]> {
  const here = standingIn()
  const name = (input: string) => renamed(basename(input), formatOf(wish.format).extension)
  if (out === undefined) return inputs.map((input) => join(dirname(resolve(here, input)), name(input)))
  const target = resolve(here, out)
  const isFolder = inputs.length > 1 || ((await stat(target).catch(() => undefined))?.isDirectory() ?? false)
  if (!isFolder) return [target]
  return inputs.map((input) => join(target, name(input)))
}

interface Job extends Result {
  readonly input: string
  readonly cover: Picture | undefined
  readonly overwrite: boolean
  readonly signal: AbortSignal
  readonly out: Output
}

/** What would come of each. */
async function showPreview(
  input: string,
  results: readonly Result[],
  cover: Picture | undefined,
  out: Output,
): Promise<PreviewedResult[]> {
  const source = await openFileSource(resolve(standingIn(), input))
  try {
    const found: PreviewedResult[] = []
    for (const result of results)
      found.push({ ...result, preview: await preview(source, result.wish, cover) })
    out.say(previewLines(input, found).join('\n'))
    return found
  } finally {
    await source.close()
  }
}

async function convertFile(job: Job): Promise<{ receipt: Receipt }> {
  const path = resolve(standingIn(), job.input)
  const source = await openFileSource(path)
  try {
    if (path === job.output)
      throw new AppError('OUTPUT_EXISTS', 'the result would take the place of its own source')
    if (!job.overwrite && (await stat(job.output).catch(() => undefined))) {
      throw new AppError('OUTPUT_EXISTS', `${job.output} exists`)
    }
    const receipt = await convertSource(source, job, true).catch((error: unknown) => {
      // A copy of damaged packets: decoding them makes a sound file of what can be heard.
      if (!(error instanceof AppError && error.code === 'RESULT_INVALID')) throw error
      return convertSource(source, job, false)
    })
    job.out.say(summary(job.output, receipt))
    return { receipt }
  } finally {
    await source.close()
  }
}

async function convertSource(source: ByteSource, job: Job, mayCopy: boolean): Promise<Receipt> {
  await mkdir(dirname(job.output), { recursive: true })
  const sink = await createFileSink(job.output)
  const progress = showProgress(job.input)
  try {
    const cores = createCores(availableParallelism())
    const { signal, cover } = job
    const options = { limits: LIMITS, mayCopy, cores, cover, signal, onProgress: progress.update }
    const receipt = await convert(source, job.wish, sink, options)
    await sink.commit()
    return receipt
  } catch (error) {
    await sink.abort()
    throw error
  } finally {
    progress.end()
  }
}

function summary(output: string, { result, plan, warning, seconds }: Receipt): string {
  const how = plan === 'copy' ? 'copied as it was' : 'encoded'
  const took = (seconds.probe + seconds.convert).toFixed(1)
  const line = `${output} (${formatClock(result.duration)}, ${formatSize(result.bytes)}, ${how} in ${took} s)`
  return warning ? `${line}\n  partial: ${warning.text}` : line
}
