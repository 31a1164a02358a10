import { AppError } from '../../domain/errors.ts'
import type { Clock } from '../../kit/clock.ts'
import { newId } from '../../kit/ids.ts'
import type { Desk } from '../../ports/desk.ts'
import type { Notifications } from '../../ports/notifications.ts'
import { confirmAddress } from './desk/confirm-address.ts'
import { setPreferences } from './desk/set-preferences.ts'
import { showDelivery } from './desk/show-delivery.ts'
import { createWebhookDesk, type WebhookDeskParts } from './webhooks/desk.ts'

/** `secret` is JWT_SECRET; the keys of codes and of stored secrets are derived from it. */
export interface DeskParts extends WebhookDeskParts {
  readonly notifications: Notifications
  readonly secret: string
  readonly now: Clock
}

/** What the gateway asks of the notification service. What is to be sent is found by the sweep. */
export function createDesk({
  now = Date.now,
  ...rest
}: Omit<DeskParts, 'now'> & Partial<Pick<DeskParts, 'now'>>): Desk {
  const parts = { ...rest, now }
  const { notifications } = parts
  return {
    ...createWebhookDesk(parts),
    preferences: ({ person }) => notifications.preferences(person),
    setPreferences: (asked) => setPreferences(asked, parts),
    confirmAddress: (asked) => confirmAddress(asked, parts),
    async sendReset({ address, ...asked }) {
      const createdAt = now()
      const event = { id: newId(createdAt), type: 'password.reset', createdAt, ...asked } as const
      await notifications.enqueue([{ id: newId(createdAt), event, channel: 'email', address }], createdAt)
      return {}
    },
    deliveries: async (page) => (await notifications.deliveries(page)).map(showDelivery),
    async delivery({ id }) {
      const delivery = await notifications.delivery(id)
      if (!delivery) throw new AppError('DELIVERY_NOT_FOUND')
      return showDelivery(delivery)
    },
    replay: async ({ id }) => showDelivery(await notifications.replay(id, now())),
  }
}
