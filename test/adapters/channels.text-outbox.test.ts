import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openSms } from '../../src/adapters/channels/index.ts'
import { openTextOutbox } from '../../src/adapters/channels/text-outbox.ts'
import { textContract } from '../contract/channel.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

textContract('text outbox', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'soundlift-texts-'))
  return {
    channel: await openTextOutbox({ folder }),
    answer: 'kept',
    async newest() {
      const kept = await readFile(join(folder, 'e1.sms@soundlift.txt'), 'utf8')
      const [, to = '', text = ''] = /^To: (.*)\n\n([\s\S]*)\n$/.exec(kept) ?? []
      return { to, text }
    },
    close: () => rm(folder, { recursive: true }),
  }
})

it('texts are kept where there is no provider, with a folder or without, for their owner only', async () => {
  const dataDir = await temporaryFolder()
  const message = { id: 'e1.sms@soundlift', to: '+15550123456', text: 'x' }
  const kept = await openSms({ url: null, dataDir })
  expect(await kept.send(message)).toBe('kept')
  expect(await kept.send(message)).toBe('kept')
  expect(await readdir(join(dataDir, 'outbox'))).toEqual(['e1.sms@soundlift.txt'])
  expect((await stat(join(dataDir, 'outbox', 'e1.sms@soundlift.txt'))).mode & 0o077).toBe(0)
  expect(await (await openSms({ url: null, dataDir: null })).send(message)).toBe('kept')
})
