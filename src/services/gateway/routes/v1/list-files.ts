import { Type } from 'typebox'
import { whoAsks } from '../../../../http/guard.ts'
import type { Server } from '../../../../http/server.ts'
import type { GatewayParts } from '../../parts.ts'
import { FileShape, KindQuery, PAGE_QUERY, pageOf } from '../../shapes.ts'
import { cutPage, showFile } from '../../show.ts'

const SCHEMA = {
  querystring: Type.Object({ ...PAGE_QUERY, kind: Type.Optional(KindQuery) }),
  response: { 200: pageOf(FileShape) },
}

/** `GET /v1/files`: one's own, newest first. */
export function listFilesRoute(app: Server, { library }: GatewayParts): void {
  app.get('/files', { schema: SCHEMA }, async (request) => {
    const { userId: ownerId } = whoAsks(request)
    const { limit, ...filter } = request.query
    if (ownerId === null) return { items: [], next: null }
    const { items, next } = cutPage(await library.files({ ...filter, ownerId, limit: limit + 1 }), limit)
    return { items: items.map(showFile), next }
  })
}
