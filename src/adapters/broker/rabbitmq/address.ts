import { readFileSync } from 'node:fs'
import type { SocketOptions } from 'amqplib'
import { AppError } from '../../../domain/errors.ts'

/** What BROKER_URL says, as amqplib wants it. */
export interface Address {
  readonly url: string
  readonly socket: SocketOptions
  /** Host and port, for messages: the URL itself holds a password. */
  readonly shown: string
}

/** Seconds. A broker that is silent for two of them is given up: noticed within 24 s. The broker may ask for less. */
const HEARTBEAT = 8
/** Milliseconds for the TCP, TLS and AMQP handshakes. */
const HANDSHAKE = 5_000

/**
 * Reads `amqp://user:password@host:5672/vhost?heartbeat=8`; `amqps:` takes RabbitMQ's own query parameters cacertfile,
 * certfile, keyfile and verify=verify_none (rabbitmq.com/docs/uri-query-parameters). CONFIG_INVALID when it is no URL.
 */
export function addressOf(text: string): Address {
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url?.hostname) {
    throw new AppError(
      'CONFIG_INVALID',
      'BROKER_URL: not a URL such as amqp://user:password@rabbitmq.example.com:5672',
    )
  }
  const secure = url.protocol === 'amqps:'
  if (!url.searchParams.has('heartbeat')) url.searchParams.set('heartbeat', `${HEARTBEAT}`)
  return {
    url: url.href,
    socket: { timeout: HANDSHAKE, noDelay: true, ...(secure && tlsOf(url.searchParams)) },
    shown: `${url.hostname}:${url.port || (secure ? 5671 : 5672)}`,
  }
}

function tlsOf(parameters: URLSearchParams): SocketOptions {
  const file = (name: string) => {
    const path = parameters.get(name)
    return path ? readNamed(name, path) : undefined
  }
  const [ca, cert, key] = [file('cacertfile'), file('certfile'), file('keyfile')]
  return {
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key }),
    ...(parameters.get('verify') === 'verify_none' && { rejectUnauthorized: false }),
  }
}

function readNamed(name: string, path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (cause) {
    throw new AppError('CONFIG_INVALID', `BROKER_URL: the file of ${name} can not be read: ${path}`, {
      cause,
    })
  }
}
