import { type DestinationStream, type Logger, pino } from 'pino'

export type { Logger }

/** What never reaches a log line, wherever it is nested. */
const SECRET = ['password', 'token', 'authorization', 'cookie', 'secret']
const REDACT = SECRET.flatMap((name) => [name, `*.${name}`, `*.*.${name}`])

/** Logs stand on standard error: standard output is for what was asked for. */
const STDERR = 2

/** One JSON line per deed; pretty on a terminal when `pretty` is set. `level` is one of pino's. */
export async function createLogger(options: { level: string; pretty: boolean }): Promise<Logger> {
  const settings = { level: options.level, base: null, redact: { paths: REDACT, censor: '[redacted]' } }
  if (!options.pretty) return pino(settings, pino.destination(STDERR))
  const { default: pretty } = await import('pino-pretty')
  const stream: DestinationStream = pretty({
    translateTime: 'HH:MM:ss',
    ignore: 'service',
    messageFormat: '{service}: {msg}',
    sync: true,
    destination: STDERR,
  })
  return pino(settings, stream)
}

/** A logger that says nothing, for tests and for the command line. */
export function silentLogger(): Logger {
  return pino({ level: 'silent' })
}
