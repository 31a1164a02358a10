import { Type } from 'typebox'
import { PAGE_REFUSALS } from '../../../http/refusals.ts'
import type { Server } from '../../../http/server.ts'
import { HTML, page } from '../page.ts'
import type { GatewayParts } from '../parts.ts'

const querystring = Type.Object({ token: Type.String({ default: '', maxLength: 1_000 }) })
const BODY = Type.Object({ password: Type.String({ default: '' }) })
const FORM =
  '<form method="post"><p><label>New password <input type="password" name="password" autocomplete="new-password" required></label></p><button>Set it</button></form>'

/** `/reset?token=`: where the link in the mail leads. GET shows the form and changes nothing, POST sets the password. */
export async function resetRoute(app: Server, { identity }: GatewayParts): Promise<void> {
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(`${body}`))),
  )
  const config = { refusals: PAGE_REFUSALS }
  app.get('/reset', { schema: { querystring }, config }, async (_request, reply) =>
    reply.type(HTML).header('cache-control', 'no-store').send(page(FORM)),
  )
  app.post('/reset', { schema: { querystring, body: BODY }, config }, async ({ id, query, body }, reply) => {
    await identity.resetPassword({ ...query, ...body }, id)
    return reply.type(HTML).send(page('<p>Done: log in with the new password.</p>'))
  })
}
