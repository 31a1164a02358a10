import type { Parts } from '../../compose/parts.ts'
import { withParts } from '../../compose/with-parts.ts'
import { readConfig } from '../../config.ts'
import { type Conversion, STATES } from '../../domain/conversion.ts'
import { AppError, errorKind, isErrorCode } from '../../domain/errors.ts'
import { wakeUpCall } from '../../domain/queue-message.ts'
import { isId, newId } from '../../kit/ids.ts'
import { silentLogger } from '../../kit/logger.ts'
import type { Library, Page } from '../../ports/library.ts'
import { type Command, readArgs } from '../command.ts'
import { conversionDetails, conversionLine } from '../conversion-lines.ts'
import type { Output } from '../output.ts'

/** A page of the library. */
const PAGE = 500

export const conversions: Command = {
  name: 'conversions',
  summary: 'lists conversions, shows one, tries it again or cancels it',
  usage: `soundlift conversions list [--state STATE] [--owner EMAIL] [-n LIMIT]
soundlift conversions show ID…
soundlift conversions retry ID…
soundlift conversions cancel ID…

list is the newest first. show tells of the attempts, the failure with what mends it, and the receipt. retry queues a failed or
cancelled conversion anew, without a new upload; converters are called, or find it within 3 s by themselves. Works beside a
running server.
  --state STATE      ${STATES.join(', ')}
  --owner EMAIL      of this account
  -n, --limit LIMIT  how many, 20 without it`,
  async run(args, out) {
    const { values, positionals } = readArgs(args, {
      state: { type: 'string' },
      owner: { type: 'string' },
      limit: { type: 'string', short: 'n', default: '20' },
    })
    const deed = deedOf(positionals, values)
    await withParts(readConfig(), silentLogger(), (parts) => deed(parts, out))
    return 0
  },
}

interface Filter {
  readonly state?: string | undefined
  readonly owner?: string | undefined
  readonly limit: string
}

type Deed = (parts: Parts, out: Output) => Promise<void>

function deedOf([verb, ...ids]: readonly string[], filter: Filter): Deed {
  if (verb === 'list' && ids.length === 0) return (parts, out) => list(parts, out, filter)
  const deed = Object.entries({ show, retry, cancel }).find(([name]) => name === verb)?.[1]
  if (!deed || ids.length === 0) {
    throw new AppError('USAGE', 'conversions takes list, or show, retry or cancel and ids')
  }
  const stranger = ids.find((id) => !isId(id))
  if (stranger !== undefined) throw new AppError('USAGE', `'${stranger}' is no id of 24 hex digits`)
  return (parts, out) => deed(parts, out, ids)
}

async function list(parts: Parts, out: Output, { state: given, owner, limit }: Filter): Promise<void> {
  const state = STATES.find((known) => known === given)
  if (given !== undefined && !state) throw new AppError('USAGE', `a state is ${STATES.join(', ')}`)
  if (!/^[1-9]\d*$/.test(limit)) throw new AppError('USAGE', '--limit is a whole number from 1 on')
  const filter = { ...(state && { state }), ...(owner && { ownerId: await idOf(owner, parts) }) }
  const found = await newest(await parts.library(), Number(limit), filter)
  for (const conversion of found) out.say(conversionLine(conversion))
  if (found.length === 0) out.say('no conversions')
  out.answer(found)
}

async function idOf(email: string, { users }: Parts): Promise<string> {
  const account = await (await users()).byEmail(email)
  if (account) return account.id
  throw new AppError('USER_NOT_FOUND', `there is no account ${email}`)
}

async function newest(library: Library, limit: number, filter: Omit<Page, 'limit' | 'cursor'>) {
  const found: Conversion[] = []
  while (found.length < limit) {
    const cursor = found.at(-1)?.id
    const size = Math.min(PAGE, limit - found.length)
    const page = await library.conversions({ ...filter, limit: size, ...(cursor && { cursor }) })
    found.push(...page)
    if (page.length < size) break
  }
  return found
}

/** A newer release may have written a code that this one does not know. */
const remedyOf = (code: string) => (isErrorCode(code) ? errorKind(code).remedy : null)

async function show(parts: Parts, out: Output, ids: readonly string[]): Promise<void> {
  const library = await parts.library()
  const shown: object[] = []
  for (const id of ids) {
    const conversion = await library.conversion(id)
    if (!conversion) throw new AppError('CONVERSION_NOT_FOUND', `there is no conversion ${id}`)
    const result = conversion.resultId === null ? null : await library.file(conversion.resultId)
    const receipt = await library.receipt(id)
    const remedy = conversion.failure && remedyOf(conversion.failure.code)
    shown.push({ ...conversion, remedy, result, receipt })
    for (const line of conversionDetails({ conversion, remedy, result, receipt })) out.say(line)
  }
  out.answer(shown)
}

/** The call may be lost, and the embedded broker is in another process: the converters look by themselves too. */
async function retry(parts: Parts, out: Output, ids: readonly string[]): Promise<void> {
  const call = await callerOf(parts)
  const queued: object[] = []
  for (const id of ids) {
    const conversion = await (await parts.library()).retry(id, Date.now())
    const called = await call(conversion)
    queued.push({ ...conversion, called })
    out.say(`${id} is queued: ${called ? 'the converters are called' : 'a converter looks within 3 s'}`)
  }
  out.answer(queued)
}

/** Calls the converters where a broker stands between; true when it has taken the call. */
async function callerOf({ broker }: Parts): Promise<(conversion: Conversion) => Promise<boolean>> {
  const { brokerUrl } = readConfig()
  if (brokerUrl === null) throw new AppError('CONVERSIONS_OFF')
  if (!brokerUrl.startsWith('amqp')) return async () => false
  const opened = await broker()
  return (conversion) =>
    opened.publish('video', wakeUpCall(conversion, newId())).then(
      () => true,
      () => false,
    )
}

async function cancel({ library }: Parts, out: Output, ids: readonly string[]): Promise<void> {
  const cancelled: object[] = []
  for (const id of ids) {
    const conversion = await (await library()).cancel(id, Date.now())
    cancelled.push(conversion)
    const late = conversion.startedAt === null ? '' : ': a worker that was at it stops within 10 s'
    out.say(`${id} is cancelled${late}`)
  }
  out.answer(cancelled)
}
