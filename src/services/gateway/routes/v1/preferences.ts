import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Preferences } from '../../../../domain/preferences.ts'
import { emailKey } from '../../../../domain/user.ts'
import { whoAsks } from '../../../../http/guard.ts'
import type { Server } from '../../../../http/server.ts'
import {
  AddressedChannelShape,
  type NotificationCenter,
  PreferenceChangeShape,
  PreferencesShape,
} from '../../../../ports/notification-center.ts'
import { personOf } from '../../access.ts'
import { centerOf, type GatewayParts } from '../../parts.ts'

const CONFIRM = {
  params: Type.Object({ channel: AddressedChannelShape }),
  body: Type.Object({ code: Type.String({ maxLength: 20 }) }),
  response: { 200: PreferencesShape },
}

/** `GET`, `PUT /v1/preferences`, `POST …/:channel/confirm`: what one wants to be told, and where. */
export function preferencesRoutes(app: Server, parts: GatewayParts): void {
  const response = { 200: PreferencesShape }
  app.get('/preferences', { schema: { response } }, async (request) =>
    show(request, await centerOf(parts).preferences({ person: personOf(whoAsks(request)) })),
  )
  app.put('/preferences', { schema: { body: PreferenceChangeShape, response } }, async (request) => {
    const asked = {
      person: personOf(whoAsks(request)),
      change: changeOf(request, request.body),
      requestId: request.id,
    }
    return show(request, await centerOf(parts).setPreferences(asked))
  })
  app.post('/preferences/:channel/confirm', { schema: CONFIRM }, async (request) => {
    const asked = { person: personOf(whoAsks(request)), ...request.params, ...request.body }
    return show(request, await centerOf(parts).confirmAddress(asked))
  })
}

type Change = Parameters<NotificationCenter['setPreferences']>[0]['change']

/** The account's own address needs no proof: mails go there unless another was proven. */
function changeOf(request: FastifyRequest, change: Change): Change {
  const { address } = change.email ?? {}
  const isOwn = typeof address === 'string' && emailKey(address) === emailKey(whoAsks(request).email)
  return isOwn ? { ...change, email: { ...change.email, address: null } } : change
}

function show(request: FastifyRequest, preferences: Preferences): Preferences {
  const { email } = preferences
  return { ...preferences, email: { ...email, address: email.address ?? whoAsks(request).email } }
}
