import { Type } from 'typebox'
import { secretOfConversions } from '../../../../domain/webhook.ts'
import { whoAsks } from '../../../../http/guard.ts'
import type { Server } from '../../../../http/server.ts'
import {
  NewSecretShape,
  NewWebhookShape,
  WebhookBody,
  WebhookChangeShape,
  WebhookShape,
} from '../../../../ports/notification-center.ts'
import { personOf, webhookFor } from '../../access.ts'
import { centerOf, type GatewayParts } from '../../parts.ts'
import { IdParams, pageOf } from '../../shapes.ts'

const ONE = { params: IdParams, response: { 200: WebhookShape } }

/** `/v1/webhooks`: one's own endpoints. Secrets are told once, when they are made. */
export function webhooksRoutes(app: Server, parts: GatewayParts): void {
  app.get('/webhooks', { schema: { response: { 200: pageOf(WebhookShape) } } }, async (request) => {
    const items = await centerOf(parts).webhooks({ person: personOf(whoAsks(request)) })
    return { items, next: null }
  })
  const creating = { body: WebhookBody, response: { 201: NewWebhookShape } }
  app.post('/webhooks', { schema: creating }, async (request, reply) => {
    const principal = whoAsks(request)
    const wanted = { person: personOf(principal), email: principal.email, ...request.body }
    const made = await centerOf(parts).addWebhook(wanted)
    return reply.code(201).header('location', `/v1/webhooks/${made.id}`).send(made)
  })
  app.get('/webhooks/:id', { schema: ONE }, async (request) =>
    webhookFor(whoAsks(request), request.params.id, centerOf(parts)),
  )
  app.patch('/webhooks/:id', { schema: { ...ONE, body: WebhookChangeShape } }, async (request) => {
    const { id } = await webhookFor(whoAsks(request), request.params.id, centerOf(parts))
    return centerOf(parts).changeWebhook({ id, change: request.body })
  })
  app.delete('/webhooks/:id', { schema: { params: IdParams } }, async (request, reply) => {
    const { id } = await webhookFor(whoAsks(request), request.params.id, centerOf(parts))
    await centerOf(parts).removeWebhook({ id })
    return reply.code(204).send()
  })
  secretRoutes(app, parts)
}

function secretRoutes(app: Server, parts: GatewayParts): void {
  const told = { response: { 200: NewSecretShape } }
  app.get('/webhooks/secret', { schema: told }, async (request) => ({
    secret: secretOfConversions(parts.settings.secret, personOf(whoAsks(request))),
  }))
  app.post('/webhooks/:id/rotate-secret', { schema: { ...told, params: IdParams } }, async (request) => {
    const { id } = await webhookFor(whoAsks(request), request.params.id, centerOf(parts))
    return centerOf(parts).rotateWebhookSecret({ id })
  })
  const testing = { params: IdParams, response: { 202: Type.Object({}) } }
  app.post('/webhooks/:id/test', { schema: testing }, async (request, reply) => {
    const { id } = await webhookFor(whoAsks(request), request.params.id, centerOf(parts))
    return reply.code(202).send(await centerOf(parts).testWebhook({ id }))
  })
}
