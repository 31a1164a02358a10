import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openEmail } from '../../src/adapters/channels/index.ts'
import { openOutbox } from '../../src/adapters/channels/outbox.ts'
import { emailContract } from '../contract/channel.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const FROM = 'Soundlift <soundlift@example.com>'
const MESSAGE = { messageId: 'e1.email@soundlift', to: 'alice@example.com', subject: 's', text: 'first\n' }

emailContract('outbox', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'soundlift-outbox-'))
  const channel = await openOutbox({ folder, from: FROM })
  return {
    channel,
    answer: 'kept',
    mail: (messageId) => readFile(join(folder, `${messageId}.eml`), 'utf8'),
    close: async () => {
      await channel.close()
      await rm(folder, { recursive: true })
    },
  }
})

describe('outbox', () => {
  it('writes a message again in its own place, for its owner only', async () => {
    const folder = join(await temporaryFolder(), 'outbox')
    const channel = await openOutbox({ folder, from: FROM })
    await channel.send(MESSAGE)
    await channel.send({ ...MESSAGE, text: 'second\n' })
    expect(await readdir(folder)).toEqual(['e1.email@soundlift.eml'])
    const path = join(folder, 'e1.email@soundlift.eml')
    expect(await readFile(path, 'utf8')).toContain('second')
    expect((await stat(path)).mode & 0o077).toBe(0)
  })

  it('puts off what it can not write', async () => {
    const folder = join(await temporaryFolder(), 'outbox')
    const channel = await openOutbox({ folder, from: FROM })
    await rm(folder, { recursive: true })
    await expect(channel.send(MESSAGE)).rejects.toMatchObject({ code: 'DELIVERY_DEFERRED' })
  })
})

describe('openEmail', () => {
  it('keeps messages where there is no server, with a folder or without', async () => {
    const dataDir = await temporaryFolder()
    const kept = await openEmail({ url: null, from: FROM, dataDir })
    expect(await kept.send(MESSAGE)).toBe('kept')
    expect(await readdir(join(dataDir, 'outbox'))).toHaveLength(1)
    const bare = await openEmail({ url: null, from: FROM, dataDir: null })
    expect(await bare.send(MESSAGE)).toBe('kept')
  })

  it.each([
    ['http://mail.example.com'],
    ['smtp://'],
    ['smtp://a%zz:b@mail.example.com'],
    ['mail.example.com'],
  ])('refuses %s as SMTP_URL', async (url) => {
    const opening = openEmail({ url, from: FROM, dataDir: null })
    await expect(opening).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(/^SMTP_URL: /),
    })
  })
})
