import { Type } from 'typebox'
import { createGuard, whoAsks } from '../../../http/guard.ts'
import { FILE_REFUSALS } from '../../../http/refusals.ts'
import type { Server } from '../../../http/server.ts'
import { fileFor, notExpired } from '../access.ts'
import { linkTo } from '../links.ts'
import type { GatewayParts } from '../parts.ts'

const SCHEMA = { params: Type.Object({ id: Type.String() }) }

/** `GET /file/:id` → a link to the file. This classic route says when a file is another's. */
export function fileRoute(app: Server, parts: GatewayParts): void {
  const { identity, library, now } = parts
  const onRequest = createGuard(identity)
  app.get(
    '/file/:id',
    { onRequest, schema: SCHEMA, config: { refusals: FILE_REFUSALS } },
    async (request) => {
      const id = request.params.id.toLowerCase()
      const file = notExpired(await fileFor(whoAsks(request), id, library, 'FORBIDDEN'), now())
      return linkTo(file, request, parts)
    },
  )
}
