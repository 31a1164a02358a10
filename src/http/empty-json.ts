import type { Server } from './server.ts'

/** Many clients name a JSON body on every request, also where they send none. */
export function takeEmptyJson(app: Pick<Server, 'addContentTypeParser' | 'getDefaultJsonParser'>): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) =>
    body === '' ? done(null, undefined) : parse(request, body, done),
  )
}
