import { once } from 'node:events'
import { createConnection, createServer, type Socket } from 'node:net'
import { pipeline } from 'node:stream'
import { every } from '../../src/kit/clock.ts'
import { type Actor, isReady } from './actor.ts'

/** Milliseconds between two looks at who is ready. */
const LOOK = 200

export interface Door {
  readonly url: string
  close(): Promise<void>
}

/**
 * One address before several actors, as a Service of Kubernetes is: each new connection goes to one that was ready when
 * last looked at, in turn, and nothing is tried twice.
 */
export async function openDoor(actors: readonly Actor[]): Promise<Door> {
  let ready: readonly Actor[] = actors
  let turn = 0
  const open = new Set<Socket>()
  const look = async () => {
    const states = await Promise.all(actors.map(({ url }) => isReady(url)))
    ready = actors.filter((_, at) => states[at])
  }
  const looks = every(LOOK, look)
  const listener = createServer((client) => {
    const actor = ready[turn++ % ready.length]
    open.add(client)
    client.once('close', () => open.delete(client))
    if (!actor) return client.destroy()
    const server = createConnection({ host: '127.0.0.1', port: Number(new URL(actor.url).port) })
    pipeline(client, server, client, () => {})
  }).listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const address = listener.address()
  if (address === null || typeof address === 'string') throw new Error('no port was given')
  return {
    url: `http://127.0.0.1:${address.port}`,
    async close() {
      await looks.stop()
      listener.close()
      for (const client of open) client.destroy()
    },
  }
}
