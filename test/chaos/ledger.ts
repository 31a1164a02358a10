import { openAsBlob } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { as, type ConversionBody, expectStatus, newPerson, type Person } from '../support/client.ts'
import { ROOT } from '../support/program.ts'
import { until } from '../support/wait.ts'
import type { Cast } from './cast.ts'

/** A short video: 7 s of sound. */
export const HELLO = `${ROOT}samples/hello.mkv`

/** What became of one upload: `name` is the file's, nobody else's has it. */
export type Answer = Success | Refusal
interface Success {
  readonly name: string
  readonly conversionId: string
}
interface Refusal {
  readonly name: string
  /** Of HTTP; `broken`: there was no answer. */
  readonly status: number | 'broken'
  readonly why: string
}

/** What was asked of a cast, and what it acknowledged. */
export interface Ledger {
  readonly people: readonly Person[]
  readonly answers: readonly Answer[]
  /** Ids of conversions whose upload was answered with success. */
  acknowledged(): readonly string[]
  /** Brings one file by one of the gateways, in turn; waits for the answer, whatever it is. */
  bring(path?: string): Promise<Answer>
  /** Brings files, some at a time, until `enough`. */
  load(enough: () => boolean, options?: { lanes?: number; pace?: number }): Promise<void>
}

const LONGEST_UPLOAD = 60_000

/** Registers people with a cast and keeps account of what they bring, `file` unless told; `urls` are its doors. */
export async function openLedger(
  urls: readonly string[],
  { count = 4, file = HELLO }: { count?: number; file?: string } = {},
): Promise<Ledger> {
  const people = await Promise.all(Array.from({ length: count }, (_, at) => newPerson(turn(urls, at))))
  const answers: Answer[] = []
  let brought = 0
  const bring = async (path = file) => {
    const at = brought++
    const person = { ...turn(people, at >> 1), url: turn(urls, at) }
    const answer = await upload(person, path, `video-${at}.mkv`)
    answers.push(answer)
    return answer
  }
  const lane = async (enough: () => boolean, pace: number) => {
    while (!enough()) {
      await Promise.all([bring(), pause(pace)])
    }
  }
  return {
    people,
    answers,
    bring,
    acknowledged: () => answers.flatMap((answer) => ('conversionId' in answer ? [answer.conversionId] : [])),
    async load(enough, { lanes = 2, pace = 400 } = {}) {
      await Promise.all(Array.from({ length: lanes }, () => lane(enough, pace)))
    },
  }
}

function turn<T>(items: readonly T[], at: number): T {
  const item = items[at % items.length]
  if (item === undefined) throw new Error('there is nothing to take turns with')
  return item
}

async function upload(person: Person, path: string, name: string): Promise<Answer> {
  const form = new FormData()
  form.set('file', await openAsBlob(path), name)
  const signal = AbortSignal.timeout(LONGEST_UPLOAD)
  try {
    const answer = await as(person, '/upload', { method: 'POST', body: form, signal })
    const text = await answer.text()
    const conversionId = answer.headers.get('x-conversion-id')
    if (answer.status === 200 && conversionId) return { name, conversionId }
    return { name, status: answer.status, why: text }
  } catch (error) {
    return { name, status: 'broken', why: error instanceof Error ? `${error} ${error.cause}` : '' }
  }
}

export function refusalsOf(answers: readonly Answer[]): readonly Refusal[] {
  return answers.flatMap((answer) => ('status' in answer ? [answer] : []))
}

export interface FileBody {
  readonly id: string
  readonly kind: 'source' | 'result'
  readonly derivedFrom: string | null
  readonly sha256: string | null
}

/** All conversions of a person, as the API lists them. */
export const conversionsOf = (person: Person) => pages<ConversionBody>(person, '/v1/conversions')
export const filesOf = (person: Person) => pages<FileBody>(person, '/v1/files')

async function pages<T>(person: Person, path: string): Promise<T[]> {
  const items: T[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const answer = await as(person, `${path}?limit=200${cursor && `&cursor=${cursor}`}`)
    const page: { items: T[]; next: string | null } = JSON.parse(await expectStatus(answer, 200))
    items.push(...page.items)
    cursor = page.next
  }
  return items
}

/** Everyone's conversions. */
export async function allConversions({ people }: Ledger): Promise<ConversionBody[]> {
  return (await Promise.all(people.map(conversionsOf))).flat()
}

const ENDED = ['done', 'failed', 'cancelled']

/** Milliseconds between two looks: what is looked at has better things to do. */
const BETWEEN_LOOKS = 500

/** Waits until every conversion has ended and every one of them was told by a mail. */
export async function drained(
  ledger: Ledger,
  { mail }: Pick<Cast, 'mail'>,
  milliseconds = 120_000,
): Promise<void> {
  let seen = ''
  const untoldOf = ({ email }: Person, conversions: readonly ConversionBody[]) =>
    conversions.length - new Set(mail.mailsTo(email).map(({ parsed }) => parsed.messageId)).size
  const look = async () => {
    await pause(BETWEEN_LOOKS)
    const all = await Promise.all(ledger.people.map(conversionsOf))
    const waiting = all.flat().filter(({ state }) => !ENDED.includes(state))
    const untold = ledger.people.map((person, at) => untoldOf(person, all[at] ?? []))
    seen = JSON.stringify({ untold, waiting })
    return waiting.length === 0 && untold.every((count) => count === 0) ? true : undefined
  }
  await until('everything has ended and was told', look, milliseconds).catch((error: unknown) => {
    throw new Error(`${error}; last seen ${seen.slice(0, 4_000)}`)
  })
}
