import { password as askPassword, text as askText, isCancel } from '@clack/prompts'
import { withParts } from '../../compose/with-parts.ts'
import { hashPassword } from '../../compose.ts'
import { readConfig } from '../../config.ts'
import { AppError } from '../../domain/errors.ts'
import { isWeak, parseEmail, type User } from '../../domain/user.ts'
import { newId } from '../../kit/ids.ts'
import { silentLogger } from '../../kit/logger.ts'
import type { Users } from '../../ports/users.ts'
import { type Command, readArgs } from '../command.ts'
import type { Output } from '../output.ts'

const PAGE = 500

export const user: Command = {
  name: 'user',
  summary: 'adds an account, sets a password, lists the accounts',
  usage: `soundlift user add EMAIL [--password PASSWORD] [--admin]
soundlift user passwd EMAIL [--password PASSWORD]
soundlift user list

Works beside a running server. What is missing is asked for on a terminal.`,
  async run(args, out) {
    const { values, positionals } = readArgs(args, {
      password: { type: 'string' },
      admin: { type: 'boolean', default: false },
    })
    const [verb, email, ...rest] = positionals
    if (rest.length > 0) throw new AppError('USAGE', 'user takes one e-mail address')
    const deed = deedOf(verb, { email, ...values })
    await withParts(readConfig(), silentLogger(), async ({ users }) => deed(await users(), out))
    return 0
  },
}

interface Given {
  readonly email: string | undefined
  readonly password?: string | undefined
  readonly admin: boolean
}

type Deed = (users: Users, out: Output) => Promise<void>

function deedOf(verb: string | undefined, given: Given): Deed {
  switch (verb) {
    case 'add':
      return (users, out) => add(users, out, given)
    case 'passwd':
      return (users, out) => passwd(users, out, given)
    case 'list':
      return list
    default:
      throw new AppError('USAGE', 'user takes add, passwd or list')
  }
}

async function add(users: Users, out: Output, given: Given): Promise<void> {
  const email = parseEmail(given.email ?? (await ask('E-mail address')))
  const passwordHash = await hashOf(given.password ?? (await askHidden()))
  const role = given.admin ? 'admin' : 'user'
  const account = await users.create({ id: newId(), email, passwordHash, role, createdAt: Date.now() })
  out.say(`added ${email}${given.admin ? ', an administrator' : ''}`)
  out.answer(shown(account))
}

async function passwd(users: Users, out: Output, given: Given): Promise<void> {
  const email = given.email ?? (await ask('E-mail address'))
  const account = await users.byEmail(email)
  if (!account) throw new AppError('USER_NOT_FOUND', `there is no account ${email}`)
  await users.update(account.id, { passwordHash: await hashOf(given.password ?? (await askHidden())) })
  out.say(`${account.email} has a new password`)
  out.answer(shown(account))
}

async function list(users: Users, out: Output): Promise<void> {
  const accounts: Account[] = []
  for (let after: string | undefined; ; ) {
    const page = await users.list({ limit: PAGE, ...(after === undefined ? {} : { after }) })
    accounts.push(...page.map(shown))
    for (const { id, email, role, createdAt } of page) {
      out.say(`${id}  ${new Date(createdAt).toISOString()}  ${role.padEnd(5)}  ${email}`)
    }
    after = page.at(-1)?.id
    if (page.length < PAGE) break
  }
  out.answer(accounts)
}

/** An account without its password. */
const shown = ({ id, email, role, createdAt }: User) => ({ id, email, role, createdAt })
type Account = ReturnType<typeof shown>

/** Any password is taken here, a weak one with a warning: an operator may have a reason. */
async function hashOf(password: string): Promise<string> {
  if (password === '') throw new AppError('USAGE', 'the password is empty')
  if (isWeak(password)) {
    console.error('soundlift: this password is weak: take 8 characters or more, and no common password')
  }
  return hashPassword(password)
}

async function ask(message: string): Promise<string> {
  return answered(
    process.stdin.isTTY ? await askText({ message, output: process.stderr }) : undefined,
    message,
  )
}

async function askHidden(): Promise<string> {
  return answered(
    process.stdin.isTTY ? await askPassword({ message: 'Password', output: process.stderr }) : undefined,
    '--password',
  )
}

function answered(answer: string | symbol | undefined, what: string): string {
  if (typeof answer !== 'string' || isCancel(answer)) throw new AppError('USAGE', `${what} is missing`)
  return answer.trim()
}
