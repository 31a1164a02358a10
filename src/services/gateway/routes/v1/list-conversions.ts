import { Type } from 'typebox'
import { whoAsks } from '../../../../http/guard.ts'
import type { Server } from '../../../../http/server.ts'
import type { GatewayParts } from '../../parts.ts'
import { ConversionShape, PAGE_QUERY, pageOf, StateQuery } from '../../shapes.ts'
import { cutPage, showConversion } from '../../show.ts'

const SCHEMA = {
  querystring: Type.Object({ ...PAGE_QUERY, state: Type.Optional(StateQuery) }),
  response: { 200: pageOf(ConversionShape) },
}

/** `GET /v1/conversions`: one's own, newest first; administrators see their own here too. */
export function listConversionsRoute(app: Server, parts: GatewayParts): void {
  const { library } = parts
  app.get('/conversions', { schema: SCHEMA }, async (request) => {
    const { userId: ownerId } = whoAsks(request)
    const { limit, ...filter } = request.query
    if (ownerId === null) return { items: [], next: null }
    const { items, next } = cutPage(
      await library.conversions({ ...filter, ownerId, limit: limit + 1 }),
      limit,
    )
    return { items: await Promise.all(items.map((item) => showConversion(item, parts))), next }
  })
}
