import { test } from 'vitest'
import { administrator, newPerson } from './client.ts'
import { openMailReceiver } from './mail-receiver.ts'
import type { Env } from './program.ts'
import { startServer } from './server.ts'

const oncePerFile = { scope: 'file' } as const

/**
 * `it` for a file that needs a running server. A test asks by name for `server`, `mail` (where its mails arrive),
 * and `admin` (the first account), `alice`, `bob`; each is made once per file, when first asked for.
 */
export function withServer(env: Env = {}) {
  return (
    test
      // biome-ignore lint/correctness/noEmptyPattern: vitest reads out of this pattern what is asked for
      .extend('mail', oncePerFile, async ({}, { onCleanup }) => {
        const mail = await openMailReceiver()
        onCleanup(() => mail.close())
        return mail
      })
      .extend('server', oncePerFile, async ({ mail }, { onCleanup }) => {
        const server = await startServer({ SMTP_URL: mail.url, ...env })
        onCleanup(() => server.remove())
        return server
      })
      .extend('admin', oncePerFile, ({ server }) => administrator(server))
      .extend('alice', oncePerFile, async ({ server, admin }) => {
        if (!admin.id) throw new Error('the administrator comes first')
        return newPerson(server.url)
      })
      .extend('bob', oncePerFile, async ({ server, alice }) => {
        if (!alice.id) throw new Error('alice comes first')
        return newPerson(server.url)
      })
  )
}
