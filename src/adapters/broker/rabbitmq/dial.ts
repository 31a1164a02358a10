import type { ChannelModel, SocketOptions } from 'amqplib'
import { withDeadline } from '../../../kit/closers.ts'
import type { Address } from './address.ts'

/** The one function of amqplib that is called. */
export type Connect = (url: string, socket: SocketOptions) => Promise<ChannelModel>

export interface Dialled {
  readonly model: ChannelModel
  /** Resolves with the reason when the connection has ended. */
  readonly closed: Promise<unknown>
  /** Says goodbye where someone listens, and leaves no socket behind. */
  end(): Promise<void>
}

const LONGEST_GOODBYE = 1_000

/** Makes one connection; `signal` breaks the attempt off. */
export async function dial(connect: Connect, address: Address, signal: AbortSignal): Promise<Dialled> {
  const socket = new AbortController()
  const abort = () => socket.abort()
  signal.addEventListener('abort', abort)
  // Handed through to net.connect or tls.connect, it destroys the socket, which amqplib itself never does.
  const options = { ...address.socket, signal: socket.signal }
  const model = await connect(address.url, options).finally(() => signal.removeEventListener('abort', abort))
  const closed = new Promise<unknown>((resolve) => model.once('close', resolve))
  model.on('error', () => {}) // `close` follows and tells the same
  return {
    model,
    closed,
    async end() {
      await withDeadline(model.close(), LONGEST_GOODBYE).catch(() => {})
      abort()
    },
  }
}
