import { Type } from 'typebox'
import { whoAsks } from '../../../../http/guard.ts'
import type { Server } from '../../../../http/server.ts'
import { fileFor, notExpired } from '../../access.ts'
import { linkTo } from '../../links.ts'
import type { GatewayParts } from '../../parts.ts'
import { IdParams } from '../../shapes.ts'

const LinkShape = Type.Object({ url: Type.String(), expiresIn: Type.Integer() })
const SCHEMA = { params: IdParams, response: { 200: LinkShape } }

/** `GET` or `POST /v1/files/:id/link`: a link that opens the file without a token, for 15 minutes. */
export function fileLinkRoute(app: Server, parts: GatewayParts): void {
  const { library, now } = parts
  app.route({
    method: ['GET', 'POST'],
    url: '/files/:id/link',
    schema: SCHEMA,
    handler: async (request) => {
      const file = notExpired(await fileFor(whoAsks(request), request.params.id, library), now())
      return linkTo(file, request, parts)
    },
  })
}
