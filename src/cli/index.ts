import { AppError } from '../domain/errors.ts'
import type { Command } from './command.ts'
import { describeError, forPeople, forPrograms, type Output, takeJson } from './output.ts'
import { tell } from './tell.ts'

/** The verbs, in the order they are listed. What a verb needs is loaded when it is called. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import('./commands/serve.ts')).serve,
  convert: async () => (await import('./commands/convert.ts')).convertCommand,
  user: async () => (await import('./commands/user.ts')).user,
  conversions: async () => (await import('./commands/conversions.ts')).conversions,
  outbox: async () => (await import('./commands/outbox.ts')).outbox,
  deliveries: async () => (await import('./commands/deliveries.ts')).deliveries,
  'dead-letters': async () => (await import('./commands/dead-letters.ts')).deadLetters,
  'import-users': async () => (await import('./commands/import-users.ts')).importUsersCommand,
  'import-files': async () => (await import('./commands/import-files.ts')).importFilesCommand,
  retention: async () => (await import('./commands/retention.ts')).retention,
  backup: async () => (await import('./commands/backup.ts')).backup,
  migrate: async () => (await import('./commands/migrate.ts')).migrate,
  doctor: async () => (await import('./commands/doctor.ts')).doctor,
}

/** Runs a command line without the program's name; resolves with its exit code. */
export async function runCli(args: readonly string[]): Promise<number> {
  const [verb, ...all] = args
  const { args: rest, json } = takeJson(all)
  const out = json ? forPrograms : forPeople
  try {
    if (verb === undefined || verb === '--help' || verb === '-h' || verb === 'help') return await help()
    if (verb === '--version' || verb === '-V') return await tellVersion(out)
    const load = Object.hasOwn(COMMANDS, verb) ? COMMANDS[verb] : undefined
    if (!load)
      throw new AppError('USAGE', `unknown command '${verb}', known are ${Object.keys(COMMANDS).join(', ')}`)
    const command = await load()
    if (!rest.includes('--help') && !rest.includes('-h')) return await command.run(rest, out)
    console.log(command.usage)
    return 0
  } catch (error) {
    out.answer({ error: describeError(error) })
    return tell(error)
  }
}

async function tellVersion(out: Output): Promise<number> {
  const { default: own } = await import('../../package.json', { with: { type: 'json' } })
  out.say(`soundlift ${own.version}`)
  out.answer({ version: own.version })
  return 0
}

async function help(): Promise<number> {
  const commands = await Promise.all(Object.values(COMMANDS).map((load) => load()))
  const lines = commands.map((command) => `  ${command.name.padEnd(12)} ${command.summary}`)
  console.log(
    `soundlift: turns video into sound\n\n${lines.join('\n')}\n\n  soundlift COMMAND --help tells more, soundlift --version which one this is; with --json a command answers one JSON document`,
  )
  return 0
}
