import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { AppError } from '../../src/domain/errors.ts'
import { deriveKey, verify } from '../../src/kit/signed.ts'
import * as make from '../contract/library/make.ts'
import { idIn } from '../support/mail-receiver.ts'
import { until } from '../support/wait.ts'
import { ended, openHouse, SECRET, scripted, settled } from './harness.ts'

const ALICE = 'alice@example.com'

describe('the notification service', () => {
  it('mails a success once, however often it is woken', async () => {
    const house = await openHouse()
    await house.start()
    const { resultId, sourceId } = await ended(house)
    const message = { video_fid: sourceId, mp3_fid: resultId, username: ALICE }
    for (let each = 0; each < 5; each++) await house.broker.publish('mp3', message)
    const mail = await house.receiver.nextMail(ALICE)
    expect(mail.parsed.subject).toBe('MP3 Download')
    expect(idIn(mail)).toBe(resultId)
    const { event } = await settled(house, 'sent')
    expect(mail.parsed.messageId).toBe(`<${event.id}.email@soundlift>`)
    expect(mail.raw).not.toMatch(/base64/i)
    await delay(200)
    expect(house.receiver.mailsTo(ALICE)).toHaveLength(1)
  })

  it('mails a failure with its reason', async () => {
    const house = await openHouse()
    await house.start({ settings: { ...house.settings, sweepMs: 60_000 } })
    await delay(50)
    const { sourceId } = await ended(house, 'failed')
    await house.broker.publish('failed', { video_fid: sourceId, mp3_fid: null, username: ALICE })
    const { parsed } = await house.receiver.nextMail(ALICE)
    expect(parsed.subject).toBe('MP3 Download failed')
    expect(parsed.text).toContain('Why: It broke off.')
  })

  it.each([
    ['a line break', 'a\r\nBcc: eve@example.com\r\n\r\nb.mkv'],
    ['NUL', 'a\0b.mkv'],
    ['a turn of direction', 'a\u202egpm.exe'],
    ['300 characters', `${'x'.repeat(300)}.mkv`],
    ['a way up', '../../etc/passwd'],
    ['a drive', 'C:\\Windows\\a.mkv'],
    ['a tag', '<script>alert(1)</script>{{ code }}.mkv'],
  ])('takes a name with %s as data', async (_, sourceName) => {
    const house = await openHouse()
    await ended(house, 'failed')
    const file = make.source({ name: sourceName.slice(0, 255) }) // as long as a row takes
    await house.library.addFile(file, make.wanted(file))
    const claimed = await make.mustClaim(house.library)
    await house.library.finish(make.holdOf(claimed), make.failed, make.NOW + 1)
    await house.start()
    const [usual, odd] = [await house.receiver.nextMail(ALICE), await house.receiver.nextMail(ALICE, 2)]
    const keys = ({ parsed }: typeof odd) => parsed.headers.map(({ key }) => key)
    expect(keys(odd)).toEqual(keys(usual))
    expect(odd.to).toEqual([ALICE])
    const [first = ''] = (odd.parsed.text ?? '').split('\n')
    expect(first).toMatch(/^[^/\\]{1,200} could not be converted\.$|^script>/)
    expect(first).not.toMatch(/[\0\r\u202e]/)
    expect(odd.parsed.html).not.toContain('<script')
  })

  it('finds at its start and by its timer what no message told of', async () => {
    const house = await openHouse()
    await ended(house)
    await house.start()
    await house.receiver.nextMail(ALICE)
    await ended(house)
    await house.receiver.nextMail(ALICE, 2)
  })

  it('is shared by several services, each mail once', async () => {
    const house = await openHouse()
    for (let each = 0; each < 8; each++) await ended(house)
    await Promise.all([house.start(), house.start(), house.start()])
    await house.receiver.nextMail(ALICE, 8)
    await delay(200)
    expect(house.receiver.mailsTo(ALICE)).toHaveLength(8)
  })

  it('brings a link that switches mails off for this person', async () => {
    const house = await openHouse()
    await house.start()
    await ended(house, 'done', { ownerId: 'user-1' })
    await ended(house, 'done', { ownerEmail: 'Bob@Example.com' })
    const personIn = (text = '') => {
      const [, token = ''] =
        /^No more .*https:\/\/mp3\.example\.com\/unsubscribe\?token=(\S+)$/m.exec(text) ?? []
      return verify(deriveKey(SECRET, 'unsubscribe'), token)
    }
    expect(personIn((await house.receiver.nextMail(ALICE)).parsed.text)).toEqual({ person: 'user-1' })
    expect(personIn((await house.receiver.nextMail('bob@example.com')).parsed.text)).toEqual({
      person: 'bob@example.com',
    })
  })

  it('tells nothing to who switched it off, not even what was queued before', async () => {
    const house = await openHouse()
    const channel = scripted(async () => {
      throw new AppError('DELIVERY_DEFERRED', 'come again')
    })
    const first = await house.start(channel)
    await ended(house, 'done', { ownerId: 'user-1' })
    await settled(house, 'queued')
    await first.stop(1_000)
    await house.notifications.setPreferences('user-1', { email: { enabled: false } })
    await house.start({ now: () => Date.now() + 3_600_000 })
    await settled(house, 'skipped')
    expect(house.receiver.mailsTo(ALICE)).toEqual([])
  })
})

describe('a delivery', () => {
  it('is tried again under the same id after it was put off, later and later, then parked', async () => {
    const house = await openHouse()
    let now = Date.now()
    const channel = scripted(async () => {
      throw new AppError('DELIVERY_DEFERRED', '451 greylisted')
    })
    await house.start({ ...channel, now: () => now })
    await ended(house)
    for (let attempt = 1; attempt < 12; attempt++) {
      const put = await settled(house, 'queued', attempt)
      expect(put).toMatchObject({ attempt, reason: '451 greylisted' })
      expect(put.notBefore).toBeGreaterThanOrEqual(now)
      now = put.notBefore + 1
    }
    const parked = await settled(house, 'parked')
    expect(parked).toMatchObject({ attempt: 12, reason: 'given up after 12 attempts: 451 greylisted' })
    expect(channel.sent).toHaveLength(12)
    expect(new Set(channel.sent).size).toBe(1)
  })

  it('is parked at once when it was refused, with the reason', async () => {
    const house = await openHouse()
    const channel = scripted(async () => {
      throw new AppError('DELIVERY_REFUSED', '550 no such user')
    })
    await house.start(channel)
    await ended(house)
    expect(await settled(house, 'parked')).toMatchObject({ attempt: 1, reason: '550 no such user' })
    await delay(200)
    expect(channel.sent).toHaveLength(1)
  })

  it('to an address that is none is parked, and others are told', async () => {
    const house = await openHouse()
    await ended(house, 'done', { ownerEmail: 'nobody\r\nBcc: eve@example.com' })
    await ended(house)
    await house.start()
    await house.receiver.nextMail(ALICE)
    const all = await house.notifications.deliveries({ limit: 9 })
    expect(all.map(({ state }) => state).sort()).toEqual(['parked', 'sent'])
  })

  it('ends as kept where there is no server', async () => {
    const house = await openHouse()
    await house.start(scripted(async () => 'kept'))
    await ended(house)
    await settled(house, 'kept')
  })

  it('survives a channel that breaks in an unexpected way', async () => {
    const house = await openHouse()
    await house.start(
      scripted(async () => {
        throw new TypeError('a bug')
      }),
    )
    await ended(house)
    expect(await settled(house, 'queued')).toMatchObject({ attempt: 1 })
  })

  it('is sent again with the same id when its service died between sending and writing it down', async () => {
    const house = await openHouse()
    const dying = {
      ...house.notifications,
      settle: async () => {
        throw new Error('the process ends here')
      },
    }
    const first = await house.start({ notifications: dying })
    await ended(house)
    await house.receiver.nextMail(ALICE)
    await first.stop(1_000)
    await house.start({ now: () => Date.now() + 3_600_000 })
    const second = await house.receiver.nextMail(ALICE, 2)
    expect(second.parsed.messageId).toBe(house.receiver.mailsTo(ALICE)[0]?.parsed.messageId)
    await settled(house, 'sent')
  })

  it('is made once when its service died between making it and marking the event', async () => {
    const house = await openHouse()
    const dying = {
      ...house.library,
      announced: async () => {
        throw new Error('the process ends here')
      },
    }
    const first = await house.start({ library: dying })
    await ended(house)
    await house.receiver.nextMail(ALICE)
    await first.stop(1_000)
    await house.start()
    await until('the event is marked', async () =>
      (await house.library.unannounced(1)).length === 0 ? true : undefined,
    )
    await delay(150)
    expect(house.receiver.mailsTo(ALICE)).toHaveLength(1)
  })

  it('under way is finished by stop, and no further one is begun', async () => {
    const house = await openHouse()
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>()
    const channel = scripted(async () => {
      begin()
      await delay(200)
      return 'sent'
    })
    const notification = await house.start(channel)
    await ended(house)
    await ended(house)
    await begun
    await Promise.all([notification.stop(5_000), notification.stop(5_000)])
    expect(channel.sent).toHaveLength(1)
    const states = (await house.notifications.deliveries({ limit: 9 })).map(({ state }) => state)
    expect(states).toContain('sent')
    expect(states.filter((state) => state === 'sent')).toHaveLength(1)
  })
})
