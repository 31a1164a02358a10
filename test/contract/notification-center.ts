import { describe, expect, it } from 'vitest'
import { newId } from '../../src/kit/ids.ts'
import type { NotificationCenter } from '../../src/ports/notification-center.ts'
import type { Notifications } from '../../src/ports/notifications.ts'
import { addressCode } from '../../src/services/notification/address-code.ts'

const ON = { enabled: true, onlyFailures: false }
const NOWHERE = { address: null, pending: null }
const UNSET = { email: { ...ON, ...NOWHERE }, sms: { ...ON, ...NOWHERE }, webhook: ON }
const ALICE = { person: 'alice', requestId: 'r1' }

export interface OpenedCenter {
  readonly center: NotificationCenter
  /** What lies behind it. */
  readonly notifications: Notifications
  readonly secret: string
}

/** What every way to the notification service keeps. `open` makes an empty place and registers its own closing. */
export function notificationCenterContract(name: string, open: () => Promise<OpenedCenter>): void {
  describe(`notification center: ${name}`, () => {
    it('tells preferences, on until they are set, each person’s own', async () => {
      const { center } = await open()
      expect(await center.preferences({ person: 'alice' })).toEqual(UNSET)
      const change = { email: { enabled: false } }
      const changed = await center.setPreferences({ ...ALICE, change })
      expect(changed).toEqual({ ...UNSET, email: { ...UNSET.email, enabled: false } })
      expect(await center.preferences({ person: 'alice' })).toEqual(changed)
      expect(await center.preferences({ person: 'bob@example.com/../x?y' })).toEqual(UNSET)
    })

    /** The code in the newest message to an address, as it would be sent. */
    const codeFor = async ({ notifications, secret }: OpenedCenter) => {
      const [delivery] = await notifications.deliveries({ limit: 1 })
      if (delivery?.event.type !== 'address.code') throw new Error('no code was sent')
      const { id: eventId, person, channel } = delivery.event
      expect(JSON.stringify(delivery)).not.toMatch(/"\d{6}"/)
      return addressCode(secret, { eventId, person, channel, address: delivery.address })
    }

    it('makes an address the person’s own when its code comes back', async () => {
      const opened = await open()
      const { center } = opened
      const asked = await center.setPreferences({
        ...ALICE,
        change: { sms: { address: '+1 (555) 012-3456' } },
      })
      expect(asked.sms).toEqual({ ...ON, address: null, pending: '+15550123456' })
      const code = await codeFor(opened)
      expect(code).toMatch(/^\d{6}$/)
      const place = { person: 'alice', channel: 'sms' } as const
      const wrong = center.confirmAddress({ ...place, code: code === '000000' ? '000001' : '000000' })
      await expect(wrong).rejects.toMatchObject({ code: 'CODE_WRONG' })
      const elsewhere = center.confirmAddress({ person: 'alice', channel: 'email', code })
      await expect(elsewhere).rejects.toMatchObject({ code: 'CODE_EXPIRED' })
      const others = center.confirmAddress({ person: 'bob', channel: 'sms', code })
      await expect(others).rejects.toMatchObject({ code: 'CODE_EXPIRED' })
      const proven = await center.confirmAddress({ ...place, code: ` ${code.slice(0, 3)} ${code.slice(3)}` })
      expect(proven.sms).toEqual({ ...ON, address: '+15550123456', pending: null })
      await expect(center.confirmAddress({ ...place, code })).rejects.toMatchObject({ code: 'CODE_EXPIRED' })

      const same = await center.setPreferences({ ...ALICE, change: { sms: { address: '+15550123456' } } })
      expect(same.sms.pending).toBeNull()
      const removed = await center.setPreferences({ ...ALICE, change: { sms: { address: null } } })
      expect(removed.sms).toEqual({ ...ON, ...NOWHERE })
    })

    it('takes five tries at a code, and no more', async () => {
      const opened = await open()
      await opened.center.setPreferences({ ...ALICE, change: { email: { address: 'new@example.com' } } })
      const code = await codeFor(opened)
      const attempt = (given: string) =>
        opened.center.confirmAddress({ person: 'alice', channel: 'email', code: given })
      for (let tries = 0; tries < 5; tries++) {
        await expect(attempt('not it')).rejects.toMatchObject({ code: 'CODE_WRONG' })
      }
      await expect(attempt(code)).rejects.toMatchObject({ code: 'CODE_EXPIRED' })
    })

    it.each([
      [{ email: { address: 'two@x.y, eve@x.y' } }, 'EMAIL_INVALID'],
      [{ email: { address: 'a@x.y\r\nBcc: eve@x.y' } }, 'EMAIL_INVALID'],
      [{ sms: { address: '5550123456' } }, 'NUMBER_INVALID'],
      [{ sms: { address: '+1555012345678901' } }, 'NUMBER_INVALID'],
      [{ sms: { address: '+1555;DROP' } }, 'NUMBER_INVALID'],
    ])('refuses %j, and then changes nothing', async (wrong, code) => {
      const { center, notifications } = await open()
      const change = { ...wrong, webhook: { enabled: false } }
      await expect(center.setPreferences({ ...ALICE, change })).rejects.toMatchObject({ code })
      expect(await center.preferences({ person: 'alice' })).toEqual(UNSET)
      expect(await notifications.deliveries({ limit: 9 })).toEqual([])
    })

    it('sends only so many codes', async () => {
      const { center } = await open()
      const ask = (place: number) =>
        center.setPreferences({ ...ALICE, change: { email: { address: `${place}@example.com` } } })
      for (let place = 0; place < 5; place++) await ask(place)
      await expect(ask(5)).rejects.toMatchObject({ code: 'TOO_MANY_CODES', retryAfter: expect.any(Number) })
    })

    it('shows deliveries without what is in them, and sends one anew', async () => {
      const { center, notifications } = await open()
      const told = { id: newId(), person: 'alice', requestId: null, createdAt: 5 }
      const event = {
        ...told,
        type: 'webhook.disabled',
        webhookId: '65f0c2a1b3d4e5f600000009',
        url: 'https://x.y',
        reason: 'gone',
      } as const
      const id = newId()
      await notifications.enqueue([{ id, event, channel: 'email', address: 'alice@example.com' }], 7)
      const shown = {
        ...{
          id,
          person: 'alice',
          channel: 'email',
          address: 'alice@example.com',
          state: 'queued',
          attempt: 0,
        },
        ...{ event: { type: 'webhook.disabled', conversionId: null } },
        ...{ reason: null, notBefore: 7, createdAt: 7, endedAt: null },
      }
      expect(await center.deliveries({ limit: 9, person: 'alice' })).toEqual([shown])
      expect(await center.deliveries({ limit: 9, person: 'bob' })).toEqual([])
      expect(await center.delivery({ id })).toEqual(shown)
      await expect(center.replay({ id })).rejects.toMatchObject({ code: 'DELIVERY_UNDER_WAY' })
      const hold = await notifications.claim({ channel: 'email', now: 9, leaseMs: 9 })
      await notifications.settle(hold ?? { id: '', fence: 0 }, { state: 'sent' }, 9)
      expect(await center.replay({ id })).toMatchObject({ id, state: 'queued', attempt: 0 })
      await expect(center.delivery({ id: newId() })).rejects.toMatchObject({ code: 'DELIVERY_NOT_FOUND' })
      await expect(center.replay({ id: newId() })).rejects.toMatchObject({ code: 'DELIVERY_NOT_FOUND' })
    })
  })
}
