import { type TSchema, Type } from 'typebox'
import { createInternalGuard } from '../../http/internal-guard.ts'
import type { Server } from '../../http/server.ts'
import { DESK, type Desk, PreferenceChangeShape } from '../../ports/desk.ts'

/** `POST /desk/<name>`: the desk over HTTP, for our own services alone. */
export async function deskRoutes(app: Server, desk: Desk, secret: string): Promise<void> {
  app.addHook('onRequest', createInternalGuard(secret))
  app.post('/desk/preferences', schemaOf(DESK.preferences), ({ body }) => desk.preferences(body))
  app.post('/desk/setPreferences', schemaOf(DESK.setPreferences), ({ body }) => desk.setPreferences(body))
  app.post('/desk/confirmAddress', schemaOf(DESK.confirmAddress), ({ body }) => desk.confirmAddress(body))
  app.post('/desk/sendReset', schemaOf(DESK.sendReset), ({ body }) => desk.sendReset(body))
  app.post('/desk/deliveries', schemaOf(DESK.deliveries), ({ body }) => desk.deliveries(body))
  app.post('/desk/delivery', schemaOf(DESK.delivery), ({ body }) => desk.delivery(body))
  app.post('/desk/replay', schemaOf(DESK.replay), ({ body }) => desk.replay(body))
  app.post('/desk/webhooks', schemaOf(DESK.webhooks), ({ body }) => desk.webhooks(body))
  app.post('/desk/webhook', schemaOf(DESK.webhook), ({ body }) => desk.webhook(body))
  app.post('/desk/addWebhook', schemaOf(DESK.addWebhook), ({ body }) => desk.addWebhook(body))
  app.post('/desk/changeWebhook', schemaOf(DESK.changeWebhook), ({ body }) => desk.changeWebhook(body))
  app.post('/desk/removeWebhook', schemaOf(DESK.removeWebhook), ({ body }) => desk.removeWebhook(body))
  app.post('/desk/rotateWebhookSecret', schemaOf(DESK.rotateWebhookSecret), ({ body }) =>
    desk.rotateWebhookSecret(body),
  )
  app.post('/desk/testWebhook', schemaOf(DESK.testWebhook), ({ body }) => desk.testWebhook(body))
  formerRoutes(app, desk)
}

const schemaOf = <Asked extends TSchema, Answer extends TSchema>(call: { asked: Asked; answer: Answer }) => ({
  schema: { body: call.asked, response: { 200: call.answer } },
})

const PARAMS = Type.Object({ person: Type.String({ minLength: 1, maxLength: 320 }) })

/** What a gateway of the release before asks while it is being replaced. */
function formerRoutes(app: Server, desk: Desk): void {
  app.get('/preferences/:person', { schema: { params: PARAMS } }, ({ params }) => desk.preferences(params))
  const schema = { params: PARAMS, body: PreferenceChangeShape }
  app.put('/preferences/:person', { schema }, async ({ params, body, id }) =>
    desk.setPreferences({ ...params, change: body, requestId: id }),
  )
}
