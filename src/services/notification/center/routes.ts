import { type TSchema, Type } from 'typebox'
import { createInternalGuard } from '../../../http/internal-guard.ts'
import type { Server } from '../../../http/server.ts'
import { CALLS, type NotificationCenter, PreferenceChangeShape } from '../../../ports/notification-center.ts'

/** `POST /center/<name>`: the notification center over HTTP, for our own services alone. */
export async function centerRoutes(app: Server, center: NotificationCenter, secret: string): Promise<void> {
  app.addHook('onRequest', createInternalGuard(secret))
  app.post('/center/preferences', schemaOf(CALLS.preferences), ({ body }) => center.preferences(body))
  app.post('/center/setPreferences', schemaOf(CALLS.setPreferences), ({ body }) =>
    center.setPreferences(body),
  )
  app.post('/center/confirmAddress', schemaOf(CALLS.confirmAddress), ({ body }) =>
    center.confirmAddress(body),
  )
  app.post('/center/sendReset', schemaOf(CALLS.sendReset), ({ body }) => center.sendReset(body))
  app.post('/center/deliveries', schemaOf(CALLS.deliveries), ({ body }) => center.deliveries(body))
  app.post('/center/delivery', schemaOf(CALLS.delivery), ({ body }) => center.delivery(body))
  app.post('/center/replay', schemaOf(CALLS.replay), ({ body }) => center.replay(body))
  app.post('/center/webhooks', schemaOf(CALLS.webhooks), ({ body }) => center.webhooks(body))
  app.post('/center/webhook', schemaOf(CALLS.webhook), ({ body }) => center.webhook(body))
  app.post('/center/addWebhook', schemaOf(CALLS.addWebhook), ({ body }) => center.addWebhook(body))
  app.post('/center/changeWebhook', schemaOf(CALLS.changeWebhook), ({ body }) => center.changeWebhook(body))
  app.post('/center/removeWebhook', schemaOf(CALLS.removeWebhook), ({ body }) => center.removeWebhook(body))
  app.post('/center/rotateWebhookSecret', schemaOf(CALLS.rotateWebhookSecret), ({ body }) =>
    center.rotateWebhookSecret(body),
  )
  app.post('/center/testWebhook', schemaOf(CALLS.testWebhook), ({ body }) => center.testWebhook(body))
  formerRoutes(app, center)
}

const schemaOf = <Asked extends TSchema, Answer extends TSchema>(call: { asked: Asked; answer: Answer }) => ({
  schema: { body: call.asked, response: { 200: call.answer } },
})

const PARAMS = Type.Object({ person: Type.String({ minLength: 1, maxLength: 320 }) })

/** What a gateway of the release before asks while it is being replaced. */
function formerRoutes(app: Server, center: NotificationCenter): void {
  app.get('/preferences/:person', { schema: { params: PARAMS } }, ({ params }) => center.preferences(params))
  const schema = { params: PARAMS, body: PreferenceChangeShape }
  app.put('/preferences/:person', { schema }, async ({ params, body, id }) =>
    center.setPreferences({ ...params, change: body, requestId: id }),
  )
}
