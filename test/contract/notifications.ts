import { beforeEach, describe, expect, it } from 'vitest'
import type { Delivery } from '../../src/domain/delivery.ts'
import type { ConversionEvent } from '../../src/domain/event.ts'
import { newId } from '../../src/kit/ids.ts'
import type { NewDelivery, Notifications } from '../../src/ports/notifications.ts'
import { openings } from '../support/openings.ts'

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
    const claim = (now = NOW) => store.claim({ now, leaseMs: LEASE })
    const mustClaim = async (now = NOW): Promise<Delivery> => {
      const claimed = await claim(now)
      if (!claimed) throw new Error('there was nothing to claim')
      return claimed
    }

    describe('preferences', () => {
      it('are on until they are set, each person’s own', async () => {
        const on = { email: { enabled: true } }
        const off = { email: { enabled: false } }
        expect(await store.preferences('alice')).toEqual(on)
        await store.setPreferences('alice', off)
        await store.setPreferences('alice', off)
        expect(await store.preferences('alice')).toEqual(off)
        expect(await store.preferences('bob@example.com')).toEqual(on)
        await store.setPreferences('alice', on)
        expect(await store.preferences('alice')).toEqual(on)
      })

      it('stand several writers at once', async () => {
        const other = await open()
        const off = { email: { enabled: false } }
        await Promise.all([store, other, store, other].map((each) => each.setPreferences('alice', off)))
        expect(await store.preferences('alice')).toEqual(off)
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
            (place % 2 ? store : other).claim({ now: NOW, leaseMs: LEASE }),
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
    })

    it('keeps everything when it is closed and opened', async () => {
      await store.enqueue([toTell()], NOW)
      const claimed = await mustClaim()
      await store.setPreferences('alice', { email: { enabled: false } })
      await store.close()
      const again = await open()
      expect(await again.preferences('alice')).toEqual({ email: { enabled: false } })
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
