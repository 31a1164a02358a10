import { Type } from 'typebox'
import { PAGE_REFUSALS } from '../../../http/refusals.ts'
import type { Server } from '../../../http/server.ts'
import { personOfLink } from '../links.ts'
import { HTML, page } from '../page.ts'
import { centerOf, type GatewayParts } from '../parts.ts'

const SCHEMA = { querystring: Type.Object({ token: Type.String({ default: '' }) }) }

/** `/unsubscribe?token=`: GET asks, POST does it, so that a mail scanner which opens every link changes nothing (RFC 8058). */
export function unsubscribeRoute(app: Server, parts: GatewayParts): void {
  const options = { schema: SCHEMA, config: { refusals: PAGE_REFUSALS } }
  app.get('/unsubscribe', options, async (request, reply) => {
    personOfLink(request.query.token, parts)
    const button = '<form method="post"><button>Switch e-mails off</button></form>'
    return reply.type(HTML).send(page(`<p>No more e-mails from Soundlift?</p>${button}`))
  })
  app.post('/unsubscribe', options, async (request, reply) => {
    const person = personOfLink(request.query.token, parts)
    await centerOf(parts).setPreferences({
      person,
      change: { email: { enabled: false } },
      requestId: request.id,
    })
    return reply.type(HTML).send(page('<p>Done: you get no more e-mails.</p>'))
  })
}
