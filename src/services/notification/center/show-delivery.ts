import type { Delivery } from '../../../domain/delivery.ts'
import { isAboutConversion, personOf } from '../../../domain/event.ts'
import type { ShownDelivery } from '../../../ports/notification-center.ts'

/** What of a delivery is shown: not what is in the message. */
export function showDelivery({ event, fence, ...delivery }: Delivery): ShownDelivery {
  const conversionId = isAboutConversion(event) ? event.conversionId : null
  return { ...delivery, person: personOf(event), event: { type: event.type, conversionId } }
}
