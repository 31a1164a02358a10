import { setTimeout as delay } from 'node:timers/promises'
import { type Soundlift, startServices } from '../../compose.ts'
import { type Config, ROLES, readConfig } from '../../config.ts'
import { AppError } from '../../domain/errors.ts'
import { handleSignals } from '../../http/signals.ts'
import { createLogger } from '../../kit/logger.ts'
import { type Command, readArgs } from '../command.ts'

/** Milliseconds a stop may take; Kubernetes and systemd give 30 s and more. */
const DEADLINE = 25_000
/** Milliseconds after which a process that is to stop has not started, but waits for something. */
const STARTED_SOON = 1_000

export const serve: Command = {
  name: 'serve',
  summary: 'starts gateway, auth, converter and notification',
  usage: `soundlift serve [all | gateway | auth | converter | notification]

Starts the four services in one process, or one of them. Settings are variables of the environment, listed in README.md.
SIGTERM and Ctrl-C stop gently, a second one at once.`,
  async run(args, out) {
    const { positionals } = readArgs(args, {})
    const role = ROLES.find((name) => name === (positionals[0] ?? 'all'))
    if (positionals.length > 1 || !role) throw new AppError('USAGE', `serve takes one of ${ROLES.join(', ')}`)
    const config = readConfig(undefined, role)
    const logger = await createLogger({ level: config.logLevel, pretty: process.stderr.isTTY })
    const starting = startServices(config, logger)
    handleSignals({ stop: () => stopOnce(starting), deadline: DEADLINE, logger })
    const soundlift = await starting
    if (role === 'all') out.say(greeting(soundlift.url, config))
    out.answer({ role, url: soundlift.url, dataDir: config.dataDir })
    return new Promise(() => {})
  },
}

/** Stops gently what runs. What still waits for a database has nothing under way: it is not waited for. */
async function stopOnce(starting: Promise<Soundlift>): Promise<void> {
  const soundlift = await Promise.race([starting, delay(STARTED_SOON, undefined)])
  await soundlift?.stop(DEADLINE - STARTED_SOON - 1_000)
}

/** What a person types next; it works as it stands. */
function greeting(url: string, config: Config): string {
  const converts = config.brokerUrl !== null
  const mails =
    converts && !config.mail.url ? `\n  mails    ${config.dataDir}/outbox   (no SMTP_URL is set)` : ''
  return `
Soundlift is ready.
  address  ${url}
  data     ${config.dataDir}${mails}

Try it in another terminal:
  curl -X POST ${url}/register -H 'content-type: application/json' -d '{"email":"me@example.com","password":"make some sound"}'
  TOKEN=$(curl -s -X POST ${url}/login -u 'me@example.com:make some sound')
${(converts ? convertAndDownload(url) : keepAndLink(url)).map((line) => `  ${line}\n`).join('')}`
}

const convertAndDownload = (url: string) => [
  `ID=$(curl -s -o /dev/null -w '%header{x-conversion-id}' -F file=@samples/hello.mkv -H "Authorization: Bearer $TOKEN" ${url}/upload)`,
  `curl -sf --retry 9 --retry-all-errors -o hello.mp3 -H "Authorization: Bearer $TOKEN" "${url}/download?fid=$ID"`,
]

/** BROKER_URL is off: files are kept and linked. */
const keepAndLink = (url: string) => [
  `ID=$(curl -s -o /dev/null -w '%header{x-file-id}' --data-binary @samples/hello.mkv -H 'content-type: video/x-matroska' -H "Authorization: Bearer $TOKEN" "${url}/upload?filename=hello.mkv")`,
  `curl "${url}/file/$ID" -H "Authorization: Bearer $TOKEN"`,
]
