import { expect, it } from 'vitest'
import type { Webhook } from '../../../src/domain/webhook.ts'
import { newId } from '../../../src/kit/ids.ts'
import type { Notifications } from '../../../src/ports/notifications.ts'

const NOW = 1_700_000_000_000

const endpoint = (change: Partial<Webhook> = {}): Webhook => ({
  id: newId(),
  person: 'alice',
  email: 'alice@example.com',
  url: `https://hooks.example.com/${'x'.repeat(1_900)}`,
  events: ['conversion.done', 'conversion.failed'],
  secrets: [
    { sealed: 'new', until: null },
    { sealed: 'old', until: NOW },
  ],
  enabled: true,
  disabledReason: null,
  failingSince: null,
  createdAt: NOW,
  ...change,
})

/** Endpoints of people, in a store of the running test; `open` opens the same place once more. */
export function webhooksOf(store: () => Notifications, open: () => Promise<Notifications>): void {
  it('are kept as they are, each person’s own, oldest first', async () => {
    const { webhooks } = store()
    const [first, second] = [endpoint({ id: newId(NOW) }), endpoint({ id: newId(NOW + 9_000) })]
    await webhooks.add(second)
    await webhooks.add(first)
    await webhooks.add(endpoint({ person: 'bob' }))
    expect(await webhooks.of('alice')).toEqual([first, second])
    expect(await webhooks.get(first.id)).toEqual(first)
    expect(await webhooks.get(newId())).toBeNull()
    expect(await webhooks.of('carol')).toEqual([])
  })

  it('are changed in parts, and removed', async () => {
    const { webhooks } = store()
    const made = endpoint()
    await webhooks.add(made)
    const change = { url: 'http://x.y/', enabled: false, disabledReason: '410' }
    expect(await webhooks.change(made.id, change)).toBe(true)
    expect(await webhooks.get(made.id)).toEqual({ ...made, ...change })
    expect(await webhooks.change(made.id, { disabledReason: null })).toBe(true)
    expect(await webhooks.change(made.id, { disabledReason: null })).toBe(true)
    expect(await webhooks.change(made.id, {})).toBe(true)
    expect(await webhooks.get(made.id)).toEqual({ ...made, ...change, disabledReason: null })
    expect([await webhooks.remove(made.id), await webhooks.remove(made.id)]).toEqual([true, false])
    expect(await webhooks.change(made.id, { enabled: true })).toBe(false)
    expect(await webhooks.change(made.id, {})).toBe(false)
  })

  it('know since when they have been failing', async () => {
    const { webhooks } = store()
    const made = endpoint()
    await webhooks.add(made)
    expect(await webhooks.failing(made.id, NOW + 1)).toMatchObject({ failingSince: NOW + 1 })
    expect(await webhooks.failing(made.id, NOW + 2)).toMatchObject({ failingSince: NOW + 1 })
    await webhooks.change(made.id, { failingSince: null })
    expect(await webhooks.failing(made.id, NOW + 3)).toMatchObject({ failingSince: NOW + 3 })
    expect(await webhooks.failing(newId(), NOW)).toBeNull()
  })

  it('are at most twenty of one person, also when fifty come at once', async () => {
    const other = await open()
    const adding = Array.from({ length: 50 }, (_, place) =>
      (place % 2 ? store() : other).webhooks.add(endpoint()),
    )
    const refused = (await Promise.allSettled(adding)).filter((each) => each.status === 'rejected')
    const all = await store().webhooks.of('alice')
    expect(all.length).toBe(20)
    expect(refused.length).toBe(30)
    expect(refused.every(({ reason }) => reason.code === 'WEBHOOK_LIMIT')).toBe(true)
    await store().webhooks.add(endpoint({ person: 'bob' }))
    await store().webhooks.remove(all[7]?.id ?? '')
    await store().webhooks.add(endpoint())
    await expect(store().webhooks.add(endpoint())).rejects.toMatchObject({ code: 'WEBHOOK_LIMIT' })
  })
}
