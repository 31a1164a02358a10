import { withDeadline } from '../kit/closers.ts'
import type { Logger } from '../kit/logger.ts'
import type { Server } from './server.ts'

/** Resolves when the part answers. */
export type Check = () => Promise<unknown>

export interface Checks {
  /** One of these failing turns /readyz off. */
  readonly hard: Readonly<Record<string, Check>>
  /** These are only shown. */
  readonly shown?: Readonly<Record<string, Check>>
}

const CHECK_DEADLINE = 2_000
const QUIET = { config: { quiet: true } } as const

/** /healthz: the process turns. /readyz: what it needs answers, and it is not stopping. */
export function healthRoutes(app: Server, checks: Checks): void {
  app.get('/healthz', QUIET, async () => ({ status: 'ok' }))
  app.get('/readyz', QUIET, async (request, reply) => {
    if (app.lifecycle.stopping) return reply.code(503).send({ status: 'stopping', checks: {} })
    const [hard, shown] = await Promise.all([
      runAll(checks.hard, request.log),
      runAll(checks.shown ?? {}, request.log),
    ])
    const ready = Object.values(hard).every((state) => state === 'ok')
    const status = ready ? 'ready' : 'not ready'
    return reply.code(ready ? 200 : 503).send({ status, checks: { ...hard, ...shown } })
  })
}

type Log = Pick<Logger, 'warn'>

async function runAll(checks: Readonly<Record<string, Check>>, log: Log): Promise<Record<string, string>> {
  const states = Object.entries(checks).map(async ([name, check]) => [name, await run(name, check, log)])
  return Object.fromEntries(await Promise.all(states))
}

async function run(name: string, check: Check, log: Log): Promise<'ok' | 'down'> {
  try {
    await withDeadline(check(), CHECK_DEADLINE)
    return 'ok'
  } catch (err) {
    log.warn({ err, part: name }, 'a part does not answer')
    return 'down'
  }
}
