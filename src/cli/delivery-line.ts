import type { Delivery } from '../domain/delivery.ts'
import { isAboutConversion, type ToldEvent } from '../domain/event.ts'

/** When, how it stands, to whom, about what, and why. */
export function deliveryLine({ createdAt, state, address, event, reason }: Delivery): string {
  const why = reason ? `  (${reason})` : ''
  return `${new Date(createdAt).toISOString()}  ${state.padEnd(7)}  ${address}  ${about(event)}${why}`
}

function about(event: ToldEvent): string {
  if (!isAboutConversion(event)) return event.type
  const { result, sourceName, failure } = event
  return result ? `${result.name}, id ${result.id}` : `${sourceName}: ${failure?.text ?? event.type}`
}
