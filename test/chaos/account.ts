import { expect } from 'vitest'
import type { ConversionBody, Person } from '../support/client.ts'
import { idIn, type ReceivedMail } from '../support/mail-receiver.ts'
import type { Cast } from './cast.ts'
import { conversionsOf, filesOf, type Ledger } from './ledger.ts'

/** What became of all that was brought. All lists are empty when every promise was kept. */
interface Account {
  /** Acknowledged, and not there. */
  readonly lost: readonly string[]
  /** There, and brought by nobody. */
  readonly unexpected: readonly string[]
  /** Neither done nor failed because its worker was lost three times. */
  readonly badlyEnded: readonly string[]
  /** Done, but with no result or more than one. */
  readonly notOneResult: readonly string[]
  /** Told by no mail, or by mails of different ids, or more than twice. */
  readonly badlyTold: readonly string[]
}

/** Who was told, and how processes ended. */
type Seen = Pick<Cast, 'mail' | 'falls'>

/** Fails when a promise was broken; returns what may happen and is worth reporting. */
export async function expectKept(ledger: Ledger, cast: Seen) {
  const { account, told } = await accountOf(ledger, cast)
  console.log(JSON.stringify(told))
  expect(account).toEqual({ lost: [], unexpected: [], badlyEnded: [], notOneResult: [], badlyTold: [] })
  expect(cast.falls()).toEqual([])
  return told
}

/** Draws up the account once everything has ended; the second part is what may happen and is worth reporting. */
async function accountOf(ledger: Ledger, { mail }: Seen) {
  const all = await Promise.all(
    ledger.people.map((person) => accountOfOne(person, mail.mailsTo(person.email))),
  )
  const rows = all.flatMap(({ conversions }) => conversions)
  const [there, names] = [new Set(rows.map(({ id }) => id)), new Set(ledger.answers.map(({ name }) => name))]
  const account: Account = {
    lost: ledger.acknowledged().filter((id) => !there.has(id)),
    unexpected: rows.filter(({ source }) => !names.has(source.name)).map(({ id }) => id),
    badlyEnded: rows.filter((row) => !endedWell(row)).map((row) => JSON.stringify(row)),
    notOneResult: all.flatMap(({ notOneResult }) => notOneResult),
    badlyTold: all.flatMap(({ badlyTold }) => badlyTold),
  }
  const told = {
    acknowledged: ledger.acknowledged().length,
    conversions: rows.length,
    refused: ledger.answers.length - ledger.acknowledged().length,
    taken_over: rows.filter(({ attempt }) => attempt > 1).length,
    failed: rows.filter(({ state }) => state === 'failed').length,
    mails_twice: all.reduce((sum, { twice }) => sum + twice, 0),
  }
  return { account, told }
}

const endedWell = ({ state, attempt, failure, partial }: ConversionBody) =>
  (state === 'done' && !partial && failure === null) ||
  (state === 'failed' && attempt === 3 && failure?.code === 'WORKER_LOST')

async function accountOfOne(person: Person, mails: readonly ReceivedMail[]) {
  const [conversions, files] = [await conversionsOf(person), await filesOf(person)]
  const results = Map.groupBy(
    files.filter(({ kind }) => kind === 'result'),
    ({ derivedFrom }) => derivedFrom ?? '',
  )
  const notOneResult = conversions.filter(({ state, source, result }) => {
    const made = (results.get(source.id) ?? []).map(({ id }) => id)
    return made.join() !== (state === 'done' ? result?.id : '')
  })
  const told = Map.groupBy(mails, subjectOf)
  const badlyTold = conversions.filter((conversion) => !toldWell(told.get(keyOf(conversion)) ?? []))
  return {
    conversions,
    notOneResult: notOneResult.map(({ id }) => id),
    badlyTold: badlyTold.map(({ id }) => id),
    twice: [...told.values()].filter(({ length }) => length > 1).length,
  }
}

/** A second copy has the same id, so that the receiver can know it. */
const toldWell = (mails: readonly ReceivedMail[]) =>
  (mails.length === 1 || mails.length === 2) &&
  new Set(mails.map(({ parsed }) => parsed.messageId)).size === 1

/** The mail of a success names the result, that of a failure the conversion. */
const keyOf = ({ id, result }: ConversionBody) => result?.id ?? id
const subjectOf = (mail: ReceivedMail) =>
  mail.parsed.subject === 'MP3 Download'
    ? idIn(mail)
    : (/Conversion: ([0-9a-f]{24})/.exec(mail.parsed.text ?? '')?.[1] ?? '')
