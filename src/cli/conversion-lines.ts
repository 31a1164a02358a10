import { type Conversion, MAX_ATTEMPTS } from '../domain/conversion.ts'
import type { StoredFile } from '../domain/file.ts'
import { formatClock, formatSize } from '../kit/units.ts'

/** Which, since when, how it stands, whose, of what, and why. */
export function conversionLine(conversion: Conversion): string {
  const { id, createdAt, state, progress, ownerEmail, sourceName, failure } = conversion
  const percent = state === 'running' ? ` ${Math.floor(progress * 100)} %` : ''
  const why = failure ? `  (${failure.code})` : ''
  return `${id}  ${time(createdAt)}  ${(state + percent).padEnd(9)}  ${ownerEmail}  ${sourceName}${why}`
}

/** What is told of one conversion. */
export interface Shown {
  readonly conversion: Conversion
  /** What mends its failure. */
  readonly remedy: string | null
  readonly result: StoredFile | null
  /** As the library keeps it. */
  readonly receipt: unknown
}

/** The same, and what became of it: times, attempts, failure, result. */
export function conversionDetails(shown: Shown): readonly string[] {
  const { conversion, remedy, result, receipt } = shown
  const { failure, warning, lease, sourceSize } = conversion
  return [
    conversionLine(conversion),
    `  wish      ${JSON.stringify(conversion.wish)}`,
    `  source    ${conversion.sourceId}, ${formatSize(sourceSize)}`,
    `  attempts  ${conversion.attempt} of ${MAX_ATTEMPTS}${waiting(conversion)}`,
    ...timesOf(conversion),
    ...(lease ? [`  worker    ${lease.worker}, lease until ${time(lease.until)}`] : []),
    ...(failure ? [`  failure   ${failure.code}: ${failure.text}`] : []),
    ...(remedy === null ? [] : [`  mend      ${remedy}`]),
    ...(warning ? [`  partial   ${warning.code}: ${warning.text}`] : []),
    ...(result
      ? [`  result    ${result.id}, ${result.name}, ${formatSize(result.size)}${length(result)}`]
      : []),
    ...receiptLines(receipt),
  ]
}

const waiting = ({ state, attempt, notBefore }: Conversion) =>
  state === 'queued' && attempt > 0 ? `, the next from ${time(notBefore)} on` : ''

const length = ({ duration }: StoredFile) => (duration === null ? '' : `, ${formatClock(duration)}`)

function timesOf({ startedAt, endedAt }: Conversion): readonly string[] {
  const times = { started: startedAt, ended: endedAt }
  return Object.entries(times).flatMap(([name, at]) =>
    at === null ? [] : [`  ${name.padEnd(8)}  ${time(at)}`],
  )
}

/** A receipt of an older release may lack any of this. */
function receiptLines(receipt: unknown): readonly string[] {
  const engine = `${text(receipt, 'engine', 'name')} ${text(receipt, 'engine', 'version')}`
  const plan = text(receipt, 'plan')
  if (plan === '') return []
  const took = Number(text(receipt, 'seconds', 'probe')) + Number(text(receipt, 'seconds', 'convert'))
  const from = `${text(receipt, 'source', 'container')}, ${text(receipt, 'source', 'codec')}`
  return [`  receipt   ${from}, plan ${plan}, ${took.toFixed(1)} s, ${engine}`]
}

/** What lies at a path of names; empty where nothing does. */
function text(value: unknown, ...path: readonly string[]): string {
  const found = path.reduce<unknown>(
    (at, name) => (typeof at === 'object' && at !== null ? Reflect.get(at, name) : undefined),
    value,
  )
  return typeof found === 'string' || typeof found === 'number' ? `${found}` : ''
}

const time = (milliseconds: number) => new Date(milliseconds).toISOString()
