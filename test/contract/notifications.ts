import { beforeEach, describe, expect, it } from 'vitest'
import type { Delivery } from '../../src/domain/delivery.ts'
import type { ConversionEvent } from '../../src/domain/event.ts'
import { newId } from '../../src/kit/ids.ts'
import type {
  DeliveryPage,
  NewDelivery,
  Notifications,
  PendingAddress,
} from '../../src/ports/notifications.ts'
import { openings } from '../support/openings.ts'
import { webhooksOf } from './notifications/webhooks.ts'

const NOW = 1_700_000_000_000
const LEASE = 30_000
const lost = { code: 'LEASE_LOST' }

const happened = (): ConversionEvent => ({
  id: newId(),
  type: 'conversion.failed',
  conversionId: newId(),
  requestId: null,
  ownerId: null,
  username: 'alice@example.com',
  sourceId: newId(),
  sourceName: '☃ "talk".mkv',
  result: null,
  warning: null,
  failure: { code: 'MEDIA_NO_AUDIO', text: 'The file has no sound.' },
  createdAt: NOW,
})
const toTell = (change: Partial<NewDelivery> = {}): NewDelivery => ({
  id: newId(),
  event: happened(),
  channel: 'email',
  address: 'alice@example.com',
  ...change,
})

/**
 * What every store of preferences and deliveries does. `place` makes an empty place; what it returns opens the store
 * there, again and again.
 */
export function notificationsContract(
  name: string,
  place: () => Promise<() => Promise<Notifications>>,
): void {
  describe(`notifications: ${name}`, () => {
    const open = openings(place)
    let store: Notifications
    beforeEach(async () => {
      store = await open()
    })
    const claim = (now = NOW) => store.claim({ channel: 'email', now, leaseMs: LEASE })
    const mustClaim = async (now = NOW): Promise<Delivery> => {
      const claimed = await claim(now)
      if (!claimed) throw new Error('there was nothing to claim')
      return claimed
    }

    describe('preferences', () => {
      const ON = { enabled: true, onlyFailures: false }
      const NOWHERE = { address: null, pending: null }
      const UNSET = { email: { ...ON, ...NOWHERE }, sms: { ...ON, ...NOWHERE }, webhook: ON }

      it('are on until they are set, each person’s own', async () => {
        expect(await store.preferences('alice')).toEqual(UNSET)
        const off = { email: { ...UNSET.email, enabled: false } }
        await store.setPreferences('alice', { email: { enabled: false } })
        await store.setPreferences('alice', { email: { enabled: false } })
        expect(await store.preferences('alice')).toEqual({ ...UNSET, ...off })
        expect(await store.preferences('bob@example.com')).toEqual(UNSET)
        await store.setPreferences('alice', { email: { enabled: true } })
        expect(await store.preferences('alice')).toEqual(UNSET)
      })

      it('change one by one, each channel its own', async () => {
        await store.setPreferences('alice', {})
        await store.setPreferences('alice', { sms: { onlyFailures: true }, webhook: { enabled: false } })
        await store.setPreferences('alice', {
          email: { onlyFailures: true },
          webhook: { onlyFailures: true },
        })
        await store.setPreferences('alice', { sms: { enabled: false }, email: {} })
        expect(await store.preferences('alice')).toEqual({
          email: { ...NOWHERE, enabled: true, onlyFailures: true },
          sms: { ...NOWHERE, enabled: false, onlyFailures: true },
          webhook: { enabled: false, onlyFailures: true },
        })
      })

      it('stand several writers at once', async () => {
        const other = await open()
        const off = { email: { enabled: false } }
        await Promise.all([store, other, store, other].map((each) => each.setPreferences('alice', off)))
        expect((await store.preferences('alice')).email.enabled).toBe(false)
      })
    })

    describe('addresses', () => {
      const LIMIT = { codes: 2, within: 60_000 }
      const MAIL = { person: 'alice', channel: 'email' } as const
      const pending = (change: Partial<PendingAddress> = {}): PendingAddress => ({
        ...MAIL,
        address: 'new@x.y',
        eventId: newId(),
        until: NOW + 1_000,
        ...change,
      })
      const placeOf = async (person = 'alice') => {
        const { email, sms } = await store.preferences(person)
        return { email: [email.address, email.pending], sms: [sms.address, sms.pending] }
      }

      it('count when they are proven, each channel its own', async () => {
        const [mail, text] = [pending(), pending({ channel: 'sms', address: '+15550100' })]
        await store.askAddress(mail, LIMIT, NOW)
        await store.askAddress(text, LIMIT, NOW)
        expect(await placeOf()).toEqual({ email: [null, 'new@x.y'], sms: [null, '+15550100'] })
        expect(await store.tryCode(MAIL, 5, NOW)).toEqual(mail)
        await store.proveAddress(mail, NOW)
        expect(await placeOf()).toEqual({ email: ['new@x.y', null], sms: [null, '+15550100'] })
        expect(await store.tryCode(MAIL, 5, NOW)).toBeNull()
        await expect(store.proveAddress(mail, NOW)).rejects.toMatchObject({ code: 'CODE_EXPIRED' })
        expect(await placeOf('bob')).toEqual({ email: [null, null], sms: [null, null] })
      })

      it('are asked for anew in place of the one before; one that is proven stays meanwhile', async () => {
        const [first, second, third] = [
          pending(),
          pending({ address: 'b@x.y' }),
          pending({ address: 'c@x.y' }),
        ]
        await store.askAddress(first, LIMIT, NOW)
        await store.askAddress(second, LIMIT, NOW)
        await expect(store.proveAddress(first, NOW)).rejects.toMatchObject({ code: 'CODE_EXPIRED' })
        await store.proveAddress(second, NOW)
        await store.askAddress(third, LIMIT, NOW + LIMIT.within)
        expect((await placeOf()).email).toEqual(['b@x.y', 'c@x.y'])
        await store.removeAddress(MAIL)
        expect((await placeOf()).email).toEqual([null, null])
        expect(await store.tryCode(MAIL, 5, NOW)).toBeNull()
        await store.removeAddress({ person: 'nobody', channel: 'sms' })
      })

      it('take so many tries, also at once, and only in their time', async () => {
        await store.askAddress(pending(), LIMIT, NOW)
        const other = await open()
        const tries = await Promise.all(
          [store, other, store, other].map((each) => each.tryCode(MAIL, 3, NOW)),
        )
        expect(tries.filter((each) => each !== null)).toHaveLength(3)
        await store.askAddress(pending(), LIMIT, NOW)
        expect(await store.tryCode(MAIL, 3, NOW + 999)).not.toBeNull()
        expect(await store.tryCode(MAIL, 3, NOW + 1_000)).toBeNull()
      })

      it('get so many codes in a time: one person, and one address whoever asks', async () => {
        const refused = { code: 'TOO_MANY_CODES', retryAfter: 50 }
        await store.askAddress(pending({ address: 'a@x.y' }), LIMIT, NOW)
        await store.askAddress(pending({ address: 'b@x.y' }), LIMIT, NOW)
        await expect(store.askAddress(pending(), LIMIT, NOW + 10_000)).rejects.toMatchObject(refused)
        expect((await placeOf()).email).toEqual([null, 'b@x.y'])
        await store.askAddress(pending({ channel: 'sms', address: '+15550100' }), LIMIT, NOW)

        await store.askAddress(pending({ person: 'bob', address: 'a@x.y' }), LIMIT, NOW + 10)
        const flood = store.askAddress(pending({ person: 'eve', address: 'a@x.y' }), LIMIT, NOW + 10_000)
        await expect(flood).rejects.toMatchObject(refused)
        expect((await placeOf('eve')).email).toEqual([null, null])
        await store.askAddress(pending(), LIMIT, NOW + LIMIT.within)
      })
    })

    describe('deliveries', () => {
      it('are told once for each event, channel and address', async () => {
        const first = toTell()
        await store.enqueue([first], NOW)
        await store.enqueue([{ ...first, id: newId() }, toTell(first)], NOW + 1)
        await store.enqueue([], NOW)
        expect(await store.deliveries({ limit: 9 })).toEqual([
          {
            ...first,
            state: 'queued',
            attempt: 0,
            fence: 0,
            notBefore: NOW,
            reason: null,
            createdAt: NOW,
            endedAt: null,
          },
        ])
        await store.enqueue([{ ...first, id: newId(), address: 'bob@example.com' }], NOW)
        expect(await store.deliveries({ limit: 9 })).toHaveLength(2)
      })

      it('are told once when several announce the same at once', async () => {
        const other = await open()
        const events = Array.from({ length: 5 }, happened)
        await Promise.all(
          Array.from({ length: 8 }, (_, place) =>
            (place % 2 ? store : other).enqueue(
              events.map((event) => toTell({ event })),
              NOW,
            ),
          ),
        )
        expect(await store.deliveries({ limit: 99 })).toHaveLength(5)
      })

      it('refuse an id that another delivery has', async () => {
        const first = toTell()
        await store.enqueue([first], NOW)
        await expect(store.enqueue([toTell(), toTell({ id: first.id })], NOW)).rejects.toThrow()
        expect(await store.deliveries({ limit: 9 })).toHaveLength(1)
      })

      it('are claimed once, however many ask at once', async () => {
        const all = Array.from({ length: 30 }, () => toTell())
        await store.enqueue(all, NOW)
        const other = await open()
        const claimed = await Promise.all(
          Array.from({ length: 50 }, (_, place) =>
            (place % 2 ? store : other).claim({ channel: 'email', now: NOW, leaseMs: LEASE }),
          ),
        )
        const ids = claimed.flatMap((each) => (each ? [each.id] : []))
        expect(ids.toSorted()).toEqual(all.map((each) => each.id).toSorted())
      })

      it('are taken over after the lease, and the old fence is refused', async () => {
        const delivery = toTell()
        await store.enqueue([delivery], NOW)
        const zombie = await mustClaim()
        expect(zombie).toMatchObject({ ...delivery, attempt: 1, fence: 1 })
        expect(await claim(NOW + LEASE - 1)).toBeNull()
        const heir = await mustClaim(NOW + LEASE)
        expect(heir).toMatchObject({ id: zombie.id, attempt: 2, fence: 2 })
        await expect(store.settle(zombie, { state: 'sent' }, NOW)).rejects.toMatchObject(lost)
        await store.settle(heir, { state: 'sent' }, NOW + 5)
        const [sent] = await store.deliveries({ limit: 9 })
        expect(sent).toMatchObject({ state: 'sent', endedAt: NOW + 5, reason: null })
      })

      it.each([
        { state: 'sent' },
        { state: 'kept' },
        { state: 'skipped' },
        { state: 'parked', reason: '550 no' },
      ] as const)('end $state, once and for all', async (outcome) => {
        await store.enqueue([toTell()], NOW)
        const claimed = await mustClaim()
        await store.settle(claimed, outcome, NOW + 5)
        const [ended] = await store.deliveries({ limit: 9 })
        expect(ended).toMatchObject({ ...outcome, endedAt: NOW + 5, attempt: 1 })
        expect(await claim(NOW + 1000 * LEASE)).toBeNull()
        await expect(store.settle(claimed, { state: 'sent' }, NOW)).rejects.toMatchObject(lost)
      })

      it('are put off with their reason', async () => {
        await store.enqueue([toTell()], NOW)
        const notBefore = NOW + 60_000
        await store.settle(await mustClaim(), { state: 'queued', reason: '451 later', notBefore }, NOW)
        expect(await store.deliveries({ limit: 9 })).toMatchObject([
          { state: 'queued', reason: '451 later', notBefore, attempt: 1, endedAt: null },
        ])
        expect(await claim(notBefore - 1)).toBeNull()
        expect(await mustClaim(notBefore)).toMatchObject({ attempt: 2, fence: 2 })
      })

      it('are claimed by channel, and not of whom is excepted', async () => {
        const of = (ownerId: string) => ({ ...happened(), ownerId })
        const [alices, bobs] = [of('alice'), of('bob')].map((event) => toTell({ event, channel: 'webhook' }))
        await store.enqueue(
          [toTell({ channel: 'sms' }), ...[alices, bobs].flatMap((each) => each ?? [])],
          NOW,
        )
        expect(await claim()).toBeNull()
        const webhooks = { channel: 'webhook', now: NOW, leaseMs: LEASE } as const
        expect(await store.claim({ ...webhooks, except: ['alice', 'bob'] })).toBeNull()
        expect(await store.claim({ ...webhooks, except: ['alice', 'carol'] })).toMatchObject({ id: bobs?.id })
        expect(await store.claim({ ...webhooks, except: [] })).toMatchObject({ id: alices?.id })
      })

      it('are claimed in the order they fell due', async () => {
        const [late, early] = [toTell(), toTell()]
        await store.enqueue([late], NOW + 2)
        await store.enqueue([early], NOW + 1)
        expect(await claim(NOW)).toBeNull()
        expect([(await mustClaim(NOW + 9)).id, (await mustClaim(NOW + 9)).id]).toEqual([early.id, late.id])
      })

      it('are listed newest first, page by page, by address', async () => {
        const all: NewDelivery[] = []
        for (let minute = 0; minute < 5; minute++) {
          all.unshift(toTell({ id: newId(NOW + minute * 60_000), address: `${minute % 2}@x.y` }))
        }
        await store.enqueue(all, NOW)
        const first = await store.deliveries({ limit: 2 })
        const rest = await store.deliveries({ limit: 9, cursor: first[1]?.id ?? '' })
        expect([...first, ...rest].map((each) => each.id)).toEqual(all.map((each) => each.id))
        expect(await store.deliveries({ limit: 9, address: '1@x.y' })).toHaveLength(2)
      })

      it('are listed by whom they concern, by state and by channel', async () => {
        const hers = toTell({
          event: { ...happened(), ownerId: 'alice' },
          channel: 'sms',
          address: '+15550100',
        })
        const withoutAccount = toTell({ event: { ...happened(), username: 'Bob@x.y' } })
        await store.enqueue([hers, withoutAccount], NOW)
        const ids = async (filter: Partial<DeliveryPage>) =>
          (await store.deliveries({ limit: 9, ...filter })).map(({ id }) => id)
        expect(await ids({ person: 'alice' })).toEqual([hers.id])
        expect(await ids({ person: 'bob@x.y' })).toEqual([withoutAccount.id])
        expect(await ids({ person: 'Bob@x.y', state: 'sent' })).toEqual([])
        expect(await ids({ channel: 'sms' })).toEqual([hers.id])
        expect(await ids({ state: 'queued' })).toHaveLength(2)
        const { id } = await mustClaim()
        await store.settle({ id, fence: 1 }, { state: 'skipped', reason: 'switched off' }, NOW)
        expect(await ids({ state: 'skipped' })).toEqual([id])
        expect(await ids({ state: 'queued' })).toHaveLength(1)
      })

      it('are sent anew when they have ended, under their old fence no more', async () => {
        const delivery = toTell()
        await store.enqueue([delivery], NOW)
        const held = await mustClaim()
        await expect(store.replay(delivery.id, NOW)).rejects.toMatchObject({ code: 'DELIVERY_UNDER_WAY' })
        await store.settle(held, { state: 'parked', reason: '550 no' }, NOW)
        const again = {
          ...delivery,
          state: 'queued',
          attempt: 0,
          notBefore: NOW + 9,
          reason: null,
          endedAt: null,
        }
        expect(await store.replay(delivery.id, NOW + 9)).toMatchObject(again)
        expect(await store.delivery(delivery.id)).toMatchObject(again)
        await expect(store.replay(delivery.id, NOW)).rejects.toMatchObject({ code: 'DELIVERY_UNDER_WAY' })
        await expect(store.settle(held, { state: 'sent' }, NOW)).rejects.toMatchObject(lost)
        expect(await mustClaim(NOW + 9)).toMatchObject({ id: delivery.id, attempt: 1, fence: 3 })
        await expect(store.replay(newId(), NOW)).rejects.toMatchObject({ code: 'DELIVERY_NOT_FOUND' })
        expect(await store.delivery(newId())).toBeNull()
      })

      it('are forgotten when they ended long ago, so many at once', async () => {
        const [waiting, ...ended] = [toTell(), toTell(), toTell(), toTell()]
        for (const delivery of ended) {
          await store.enqueue([delivery], NOW)
          await store.settle(await mustClaim(), { state: 'sent' }, NOW)
        }
        await store.enqueue([waiting], NOW)
        expect(await store.forget(NOW - 1, 9)).toBe(0)
        expect(await store.overdue(NOW)).toBe(3)
        expect(await store.forget(NOW, 2)).toBe(2)
        await store.replay((await store.deliveries({ limit: 9, state: 'sent' }))[0]?.id ?? '', NOW + 1)
        expect(await store.forget(NOW, 9)).toBe(0)
        expect(await store.deliveries({ limit: 9 })).toHaveLength(2)
      })

      it('tell of accounts too', async () => {
        const told = { id: newId(), requestId: null, person: 'alice', createdAt: NOW }
        const event = {
          ...told,
          type: 'webhook.disabled',
          webhookId: '65f0c2a1b3d4e5f600000009',
          url: 'https://x.y',
          reason: '410',
        } as const
        await store.enqueue([toTell({ event })], NOW)
        expect(await store.deliveries({ limit: 9, person: 'alice' })).toMatchObject([{ event }])
      })
    })

    describe('webhooks', () => webhooksOf(() => store, open))

    it('keeps everything when it is closed and opened', async () => {
      await store.enqueue([toTell()], NOW)
      const claimed = await mustClaim()
      await store.setPreferences('alice', { email: { enabled: false } })
      await store.close()
      const again = await open()
      expect((await again.preferences('alice')).email.enabled).toBe(false)
      await again.settle(claimed, { state: 'kept' }, NOW)
      expect(await again.deliveries({ limit: 9 })).toMatchObject([{ id: claimed.id, state: 'kept' }])
    })

    it('says so when it does not answer', async () => {
      await store.ping()
      await store.close()
      await store.close()
      await expect(store.ping()).rejects.toThrow()
    })
  })
}
