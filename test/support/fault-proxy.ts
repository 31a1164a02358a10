import { once } from 'node:events'
import { createConnection, createServer, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

/** Stands between a client and a server on the loopback, and does to their connections what bad networks do. */
export interface FaultProxy {
  readonly port: number
  /** `url`, which must lead to the server, by way of this proxy. */
  through(url: string): string
  /** Resets every connection; new ones work. */
  cut(): void
  /** Resets every connection, and new ones at once, until `restore`: the server is away. */
  refuse(): void
  /** Connections stay and new ones are taken, but nothing passes in either direction until `restore`. */
  blackHole(): void
  /** Each piece waits so many milliseconds in either direction, until `restore`. */
  delay(milliseconds: number): void
  /** The client of each connection reads the end; what it sends still passes. */
  halfClose(): void
  /** All is well again. What waited in a black hole goes on its way. */
  restore(): void
  /** Connections that are open now. */
  readonly connections: number
  close(): Promise<void>
}

/** A proxy on a free port of the loopback. Close it when the test ends. */
export async function openFaultProxy(target: { port: number; host?: string }): Promise<FaultProxy> {
  const pairs = new Set<{ client: Socket; server: Socket }>()
  let latency = 0
  let refusing = false
  /** Waited for by every piece; unresolved in a black hole. */
  let passage = Promise.withResolvers<void>()
  passage.resolve()

  /** Passes on what `from` says, and its end, until one of the two is gone. */
  const pump = async (from: Socket, to: Socket) => {
    for await (const piece of from.iterator({ destroyOnReturn: false })) {
      if (latency > 0) await pause(latency)
      await passage.promise
      if (to.writable && !to.write(piece)) await Promise.race([once(to, 'drain'), once(to, 'close')])
    }
    await passage.promise
    to.end()
  }
  const accept = (client: Socket) => {
    if (refusing) return client.resetAndDestroy()
    const server = createConnection({ host: '127.0.0.1', allowHalfOpen: true, ...target })
    const pair = { client, server }
    pairs.add(pair)
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      from.on('error', () => {}) // `close` follows
      from.once('close', (failed) => {
        pairs.delete(pair)
        // An end passes through the pump, a reset passes here.
        if (failed) to.resetAndDestroy()
      })
      pump(from, to).catch(() => to.destroy())
    }
  }
  const resetAll = () => {
    for (const { client, server } of pairs) {
      client.resetAndDestroy()
      server.resetAndDestroy()
    }
  }
  const restore = () => {
    refusing = false
    latency = 0
    passage.resolve()
  }

  const listener = createServer({ allowHalfOpen: true }, accept).listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const address = listener.address()
  if (address === null || typeof address === 'string') throw new Error('no port was given')
  const { port } = address
  return {
    port,
    through(url) {
      const { host } = new URL(url)
      return url.replace(host, `127.0.0.1:${port}`)
    },
    cut: resetAll,
    refuse() {
      refusing = true
      resetAll()
    },
    blackHole() {
      passage = Promise.withResolvers()
    },
    delay(milliseconds) {
      latency = milliseconds
    },
    halfClose() {
      for (const { client } of pairs) client.end()
    },
    restore,
    get connections() {
      return pairs.size
    },
    async close() {
      restore()
      resetAll()
      listener.close()
      await once(listener, 'close')
    },
  }
}
