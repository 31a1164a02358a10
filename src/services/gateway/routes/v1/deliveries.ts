import { Type } from 'typebox'
import { CHANNELS, DELIVERY_STATES } from '../../../../domain/delivery.ts'
import { whoAsks } from '../../../../http/guard.ts'
import type { Server } from '../../../../http/server.ts'
import { deliveryFor } from '../../access.ts'
import { centerOf, type GatewayParts } from '../../parts.ts'
import { DeliveryShape, IdParams, PAGE_QUERY, pageOf } from '../../shapes.ts'
import { cutPage, showDelivery } from '../../show.ts'

const LIST = {
  querystring: Type.Object({
    ...PAGE_QUERY,
    state: Type.Optional(Type.Enum([...DELIVERY_STATES])),
    channel: Type.Optional(Type.Enum([...CHANNELS])),
  }),
  response: { 200: pageOf(DeliveryShape) },
}
const REPLAY = { params: IdParams, response: { 202: DeliveryShape } }

/** `GET /v1/deliveries`: one's own, newest first, everyone's for administrators; `POST …/:id/replay`: sent anew. */
export function deliveriesRoutes(app: Server, parts: GatewayParts): void {
  app.get('/deliveries', { schema: LIST }, async (request) => {
    const { userId, admin } = whoAsks(request)
    if (userId === null) return { items: [], next: null }
    const { limit, ...filter } = request.query
    const page = { ...filter, ...(admin ? {} : { person: userId }), limit: limit + 1 }
    const { items, next } = cutPage(await centerOf(parts).deliveries(page), limit)
    return { items: items.map(showDelivery), next }
  })
  app.post('/deliveries/:id/replay', { schema: REPLAY }, async (request, reply) => {
    const center = centerOf(parts)
    const { id } = await deliveryFor(whoAsks(request), request.params.id, center)
    return reply.code(202).send(showDelivery(await center.replay({ id })))
  })
}
