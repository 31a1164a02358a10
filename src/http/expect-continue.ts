import type { Server } from './server.ts'

/**
 * `Expect: 100-continue` is answered when the body is about to be read, not before: a client that is refused by its
 * headers never starts to send (RFC 9110, 10.1.1).
 */
export function continueLate(app: Pick<Server, 'server' | 'addHook'>): void {
  app.server.on('checkContinue', (request, response) => app.server.emit('request', request, response))
  app.addHook('preParsing', async (request, reply) => {
    if (request.headers.expect) reply.raw.writeContinue()
  })
}
