import type { Identity } from '../../ports/identity.ts'
import { ACCOUNT_REFUSALS } from '../refusals.ts'
import type { Server } from '../server.ts'
import { jsonCredentials } from './credentials.ts'

/** `POST /register` with JSON {email, password} → 201. */
export function registerRoute(app: Server, identity: Identity): void {
  app.post('/register', { config: { refusals: ACCOUNT_REFUSALS } }, async (request, reply) => {
    const { id, email } = await identity.register(jsonCredentials(request.body), request.id)
    return reply.code(201).send({ message: 'User registered successfully', user: { id, email } })
  })
}
