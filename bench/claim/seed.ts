import type { Conversion, State } from '../../src/domain/conversion.ts'
import type { StoredFile } from '../../src/domain/file.ts'

/** Conversions of one share of a library; larger ones are filled with copies of it. */
export const SHARE = 10_000
/** Ids of a copy begin with its number, in so many hexadecimal digits. */
export const COPY_DIGITS = 4
/** The ids of people who are the same in all copies begin so: five of them own a tenth of everything. */
export const BUSY = 'f'.repeat(COPY_DIGITS)
/** The receipt of each done conversion. */
export const RECEIPT = JSON.stringify({ plan: 'encode', engine: 'ffmpeg', settings: 'x'.repeat(200) })

/** What the ids of a copy begin with; ids of later copies are higher. */
export const copyPrefix = (copy: number) => copy.toString(16).padStart(COPY_DIGITS, '0')

/** One conversion of the share and its source: 5 % wait, the others have ended; most people have twenty. */
export function seed(place: number): { conversion: Conversion; source: StoredFile } {
  const source = sourceAt(place)
  const state = stateAt(place)
  const ended = state !== 'queued'
  const at = source.createdAt
  const conversion: Conversion = {
    id: idAt('c', place),
    ownerId: source.ownerId,
    ownerEmail: `${source.ownerId}@example.com`,
    sourceId: source.id,
    sourceName: source.name,
    sourceSize: source.size,
    wish: { format: 'mp3' },
    requestId: `request-${place}`,
    traceparent: null,
    webhook: null,
    state,
    attempt: ended ? 1 : 0,
    fence: ended ? 1 : 0,
    lease: null,
    turn: turnAt(place),
    notBefore: 0,
    progress: state === 'done' ? 1 : 0,
    resultId: state === 'done' ? idAt('e', place) : null,
    warning: null,
    failure: state === 'failed' ? { code: 'ENGINE_FAILED', text: 'It broke off.' } : null,
    createdAt: at,
    startedAt: ended ? at + 1_000 : null,
    endedAt: ended ? at + 9_000 : null,
  }
  return { conversion, source }
}

/** Turns that a busy person has in each share. */
export const BUSY_TURNS = SHARE / 50
const isBusy = (place: number) => place % 10 === 0

/** The people of a share, and those of all. */
export const ownerAt = (place: number) =>
  isBusy(place) ? BUSY + idAt('a', (place / 10) % 5).slice(COPY_DIGITS) : idAt('b', place % 450)

const turnAt = (place: number) => Math.floor(place / (isBusy(place) ? 50 : 450))

/** What was asked for last is what waits. */
function stateAt(place: number): State {
  if (place >= SHARE * 0.95) return 'queued'
  if (place % 100 < 3) return 'failed'
  return place % 100 === 3 ? 'cancelled' : 'done'
}

function sourceAt(place: number): StoredFile {
  const id = idAt('d', place)
  return {
    id,
    ownerId: ownerAt(place),
    kind: 'source',
    name: `talk-${place}.mkv`,
    contentType: 'video/x-matroska',
    size: 50_000_000,
    sha256: 'ab'.repeat(32),
    blobKey: `sources/${id}`,
    format: null,
    duration: null,
    derivedFrom: null,
    createdAt: 1_700_000_000_000 + place,
    expiresAt: null,
  }
}

/** As ids are, they rise with time; `kind` keeps those of different things apart. */
function idAt(kind: string, place: number): string {
  const digits = place.toString(16).padStart(8, '0')
  return `${copyPrefix(0)}${digits}${kind}`.padEnd(24, '0')
}
