import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino'

export type { Logger }

/** What never reaches a log line, wherever it is nested. */
const SECRET = ['password', 'token', 'authorization', 'cookie', 'secret']
const REDACT = SECRET.flatMap((name) => [name, `*.${name}`, `*.*.${name}`])
/** Servers repeat addresses in what they answer: `550 <me@example.com>: no such user`. An escaped letter before it stays. */
const EMAIL =
  /(\\(?:u[\da-f]{4}|.))?[^\s"'\\<>()[\],;:/=@]+@[^\s"'\\<>()[\],;:/=@.]+(?:\.[^\s"'\\<>()[\],;:/=@.]+)+/g

/** Logs stand on standard error: standard output is for what was asked for. */
const STDERR = 2

/** One JSON line per deed; pretty on a terminal when `pretty` is set. `level` is one of pino's. */
export async function createLogger(options: { level: string; pretty: boolean }): Promise<Logger> {
  const settings = logging(options.level)
  if (!options.pretty) return pino(settings, pino.destination(STDERR))
  const { default: pretty } = await import('pino-pretty')
  const stream: DestinationStream = pretty({
    translateTime: 'HH:MM:ss',
    ignore: 'service',
    messageFormat: '{if service}{service}: {end}{msg}',
    singleLine: true,
    sync: true,
    destination: STDERR,
  })
  return pino(settings, stream)
}

/** What every logger of ours does: no process id, no secret, no e-mail address. */
export const logging = (level: string): LoggerOptions => ({
  level,
  base: null,
  redact: { paths: REDACT, censor: '[redacted]' },
  hooks: { streamWrite: (line) => (line.includes('@') ? line.replace(EMAIL, '$1[e-mail]') : line) },
})

/** An error as a field of a line: where it came from only when something lies behind it, which nobody foresaw. */
export function reasonOf(error: { message: string; cause?: unknown }) {
  return error.cause === undefined ? { reason: error.message } : { err: error }
}

/** A logger for one deed: each line tells how many milliseconds it has taken so far. */
export function timed(logger: Logger): Logger {
  const started = performance.now()
  const log = (entry: object) => ({ ...entry, ms: Math.round(performance.now() - started) })
  return logger.child({}, { formatters: { log } })
}

/** A logger that says nothing, for tests and for the command line. */
export function silentLogger(): Logger {
  return pino({ level: 'silent' })
}
