import type { Server } from '../../../http/server.ts'

const TEXT = `Soundlift turns video into sound.

POST /register            {"email","password"}
POST /login               HTTP Basic, answers a token
POST /upload              a form with one file and the token
GET  /download?fid=ID     the MP3
/v1                       the same and more, in JSON
`

/** `GET /`: what there is. */
export function rootRoute(app: Server): void {
  app.get('/', async (_request, reply) => reply.type('text/plain; charset=utf-8').send(TEXT))
}
