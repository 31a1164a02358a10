import { once } from 'node:events'
import { expect, it, onTestFinished } from 'vitest'
import { openEmbedded } from '../../src/adapters/broker/embedded.ts'
import { openSmsHttp } from '../../src/adapters/channels/sms-http.ts'
import { openSmtp } from '../../src/adapters/channels/smtp.ts'
import { openSqliteLibrary } from '../../src/adapters/library/sqlite.ts'
import { openSqliteNotifications } from '../../src/adapters/notifications/sqlite.ts'
import { newId } from '../../src/kit/ids.ts'
import { silentLogger } from '../../src/kit/logger.ts'
import { UNMEASURED } from '../../src/ports/metrics.ts'
import { UNTRACED } from '../../src/ports/tracer.ts'
import { announce } from '../../src/services/notification/announce.ts'
import { deliver } from '../../src/services/notification/deliver.ts'
import { openTemplates } from '../../src/services/notification/index.ts'
import * as make from '../contract/library/make.ts'
import { openMailReceiver } from '../support/mail-receiver.ts'
import { runModule, sourceUrl } from '../support/run-module.ts'
import { openSmsProvider } from '../support/sms-provider.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const NUMBER = '+15550123456'

/** A folder in which a conversion has ended that alice is to be told by mail and by text, and where both arrive. */
async function scene() {
  const dataDir = await temporaryFolder()
  const mail = await openMailReceiver()
  const sms = await openSmsProvider({ status: 200 })
  const store = { url: 'sqlite:', dataDir, migrate: true, logger: silentLogger() }
  const library = await openSqliteLibrary(store)
  const notifications = await openSqliteNotifications(store)
  const email = await openSmtp({ url: mail.url, from: 'soundlift@example.com' })
  const texts = await openSmsHttp({ url: `http://${sms.host}/send` })
  onTestFinished(async () => {
    for (const part of [email, texts, notifications, library, mail, sms]) await part.close()
  })
  const asked = { person: 'alice', channel: 'sms', address: NUMBER, eventId: newId(), until: 9 } as const
  await notifications.askAddress(asked, { codes: 9, within: 9 }, 1)
  await notifications.proveAddress(asked, 1)
  await make.submit(library, { ownerId: 'alice' })
  const claimed = await make.mustClaim(library)
  await library.finish(make.holdOf(claimed), make.done(claimed), make.NOW)
  return { dataDir, mail, sms, library, notifications, channels: { email, sms: texts } }
}

/** A notification process on the same folder that kills itself with its `fatal`-th side effect, before it or after. */
async function die(
  { dataDir, mail, sms }: Awaited<ReturnType<typeof scene>>,
  fatal: number,
  moment: 'before' | 'after',
): Promise<string> {
  const code = `
    const { openSqliteLibrary } = await import('${sourceUrl('adapters/library/sqlite.ts')}')
    const { openSqliteNotifications } = await import('${sourceUrl('adapters/notifications/sqlite.ts')}')
    const { openSmtp } = await import('${sourceUrl('adapters/channels/smtp.ts')}')
    const { openSmsHttp } = await import('${sourceUrl('adapters/channels/sms-http.ts')}')
    const { silentLogger } = await import('${sourceUrl('kit/logger.ts')}')
    const { announce } = await import('${sourceUrl('services/notification/announce.ts')}')
    const { deliver } = await import('${sourceUrl('services/notification/deliver.ts')}')
    const { openTemplates } = await import('${sourceUrl('services/notification/index.ts')}')
    const { UNMEASURED } = await import('${sourceUrl('ports/metrics.ts')}')
    const { UNTRACED } = await import('${sourceUrl('ports/tracer.ts')}')
    const store = { url: 'sqlite:', dataDir: ${JSON.stringify(dataDir)}, migrate: false, logger: silentLogger() }
    let count = 0
    const deadly = (part, names) => {
      const wrapped = { ...part }
      for (const name of names) wrapped[name] = async (...given) => {
        count += 1
        const isFatal = count === ${fatal}
        if (isFatal && ${moment === 'before'}) process.kill(process.pid, 'SIGKILL')
        const result = await part[name](...given)
        if (isFatal) process.kill(process.pid, 'SIGKILL')
        return result
      }
      return wrapped
    }
    const parts = {
      library: deadly(await openSqliteLibrary(store), ['announced']),
      notifications: deadly(await openSqliteNotifications(store), ['enqueue', 'claim', 'settle']),
      channels: {
        email: deadly(await openSmtp({ url: '${mail.url}', from: 'soundlift@example.com' }), ['send']),
        sms: deadly(await openSmsHttp({ url: 'http://${sms.host}/send' }), ['send']),
      },
      templates: await openTemplates(null),
      settings: { publicUrl: () => 'https://mp3.example.com', secret: 's', leaseMs: 30_000 },
      logger: silentLogger(),
      metrics: UNMEASURED,
      tracer: UNTRACED,
      now: Date.now,
    }
    await announce(parts)
    for (const channel of ['email', 'sms']) {
      const claim = () => parts.notifications.claim({ channel, except: [], now: Date.now(), leaseMs: 30_000 })
      for (let held = await claim(); held; held = await claim()) await deliver(parts, held)
    }
    process.exit(0)
  `
  const [exit, signal] = await once(runModule(code), 'exit')
  return signal ?? `${exit}`
}

it('kill -9 before and after each side effect: told by each channel, at most twice, under one id', async () => {
  let deaths = 0
  for (let fatal = 1, isAlive = true; isAlive; fatal++) {
    for (const moment of ['before', 'after'] as const) {
      const set = await scene()
      const end = await die(set, fatal, moment)
      if (end === '0') isAlive = false
      else expect(end).toBe('SIGKILL')
      deaths += end === '0' ? 0 : 1

      const settings = { publicUrl: () => 'https://mp3.example.com', secret: 's', leaseMs: 30_000 }
      const templates = await openTemplates(null)
      const rest = { broker: openEmbedded(), results: null, accounts: null, logger: silentLogger() }
      const later = () => Date.now() + 3_600_000
      const webhook = { send: async () => 'kept' as const, close: async () => {} }
      const channels = { ...set.channels, webhook }
      const parts = {
        ...set,
        ...rest,
        channels,
        settings,
        templates,
        metrics: UNMEASURED,
        tracer: UNTRACED,
        now: later,
      }
      await announce(parts)
      for (const channel of ['email', 'sms'] as const) {
        const claim = () => set.notifications.claim({ channel, except: [], now: later(), leaseMs: 30_000 })
        for (let held = await claim(); held; held = await claim()) await deliver(parts, held)
      }

      const states = (await set.notifications.deliveries({ limit: 9 })).map(({ state }) => state)
      expect(states).toEqual(['sent', 'sent'])
      const mails = set.mail.mailsTo('alice@example.com').map(({ parsed }) => parsed.messageId)
      const texts = set.sms.requests.map(({ headers }) => headers['idempotency-key'])
      for (const ids of [mails, texts]) {
        expect(ids.length, `${moment} ${fatal}`).toBeGreaterThanOrEqual(1)
        expect(ids.length, `${moment} ${fatal}`).toBeLessThanOrEqual(2)
        expect(new Set(ids).size).toBe(1)
      }
    }
  }
  expect(deaths).toBeGreaterThanOrEqual(16) // enqueue, announced, and claim, send, settle for each
}, 240_000)
