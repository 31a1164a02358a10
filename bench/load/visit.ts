import { setTimeout as pause } from 'node:timers/promises'
import { as, conversion, formOf, type Person } from '../../test/support/client.ts'

/** What became of one client's wish. Milliseconds since the epoch, or of waiting. */
export type Visit = Taken | Refused | Broken
interface Taken {
  readonly kind: 'taken'
  readonly id: string
  readonly fileId: string
  readonly answered: number
  /** When the client saw that it was done, and had the result; null while it waits. */
  readonly done: number | null
  readonly bytes: number
}
interface Refused {
  readonly kind: 'refused'
  readonly status: number
  readonly answered: number
  readonly mayComeBack: boolean
}
/** No answer, or a wrong end. */
interface Broken {
  readonly kind: 'broken'
  readonly why: string
}

/** Milliseconds a client waits for an answer, and between two looks. */
const PATIENCE = 30_000
const BETWEEN_LOOKS = 1_500

/** Uploads by the classic route, asks until it is done, downloads. `tell` hears of it as it goes on. */
export async function visit(person: Person, file: string, tell: (visit: Visit) => void): Promise<void> {
  try {
    const taken = await bring(person, file)
    tell(taken)
    if (taken.kind === 'taken') tell(await fetchResult(person, taken))
  } catch (error) {
    tell({ kind: 'broken', why: error instanceof Error ? `${error} ${error.cause ?? ''}` : 'unknown' })
  }
}

async function bring(person: Person, file: string): Promise<Taken | Refused> {
  const body = await formOf(file)
  const start = performance.now()
  const answer = await as(person, '/upload', { method: 'POST', body, signal: AbortSignal.timeout(PATIENCE) })
  const answered = performance.now() - start
  const { status, headers } = answer
  await answer.text()
  const [id, fileId] = [headers.get('x-conversion-id'), headers.get('x-file-id')]
  if (status === 200 && id && fileId) return { kind: 'taken', id, fileId, answered, done: null, bytes: 0 }
  return { kind: 'refused', status, answered, mayComeBack: Number(headers.get('retry-after')) > 0 }
}

async function fetchResult(person: Person, taken: Taken): Promise<Visit> {
  for (;;) {
    await pause(BETWEEN_LOOKS)
    const { state, result } = await conversion(person, taken.id)
    if (state === 'queued' || state === 'running') continue
    if (!result) return { kind: 'broken', why: `${taken.id} ended ${state}` }
    const answer = await as(person, `/download?fid=${result.id}`)
    const { byteLength } = await answer.arrayBuffer()
    const whole = answer.status === 200 && byteLength === result.size
    if (!whole) return { kind: 'broken', why: `the result of ${taken.id} came as ${answer.status}` }
    return { ...taken, done: Date.now(), bytes: byteLength }
  }
}
