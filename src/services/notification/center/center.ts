import { AppError } from '../../../domain/errors.ts'
import type { Clock } from '../../../kit/clock.ts'
import { newId } from '../../../kit/ids.ts'
import type { NotificationCenter } from '../../../ports/notification-center.ts'
import type { Notifications } from '../../../ports/notifications.ts'
import { createEndpoints, type EndpointParts } from '../webhooks/endpoints.ts'
import { confirmAddress } from './confirm-address.ts'
import { setPreferences } from './set-preferences.ts'
import { showDelivery } from './show-delivery.ts'

/** `secret` is JWT_SECRET; the keys of codes and of stored secrets are derived from it. */
export interface CenterParts extends EndpointParts {
  readonly notifications: Notifications
  readonly secret: string
  readonly now: Clock
}

/** What the gateway asks of the notification service. What is to be sent is found by the sweep. */
export function createNotificationCenter({
  now = Date.now,
  ...rest
}: Omit<CenterParts, 'now'> & Partial<Pick<CenterParts, 'now'>>): NotificationCenter {
  const parts = { ...rest, now }
  const { notifications } = parts
  return {
    ...createEndpoints(parts),
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
