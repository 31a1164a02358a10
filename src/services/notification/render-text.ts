import type { Delivery } from '../../domain/delivery.ts'
import { AppError, errorKind } from '../../domain/errors.ts'
import { type ConversionEvent, isAboutConversion } from '../../domain/event.ts'
import { safeName } from '../../domain/file.ts'
import { gsm7Length, toGsm7 } from '../../kit/gsm7.ts'
import type { Text } from '../../ports/channel.ts'
import { addressCode } from './address-code.ts'
import type { NotificationParts } from './parts.ts'

/** Places of one message. */
const MOST = 160
const DOTS = '...'

/** The text of a delivery: one message of GSM-7, whatever the name of the file. */
export function renderText(
  { event, address }: Pick<Delivery, 'event' | 'address'>,
  { settings }: Pick<NotificationParts, 'settings'>,
): Text {
  const base = settings.publicUrl().replace(/\/+$/, '')
  return { id: `${event.id}.sms@soundlift`, to: address, text: content() }

  function content(): string {
    if (isAboutConversion(event)) return event.result ? success(event.result, base) : failure(event)
    if (event.type !== 'address.code')
      throw new AppError('DELIVERY_REFUSED', `${event.type} is told by mail alone`)
    const { id: eventId, person, channel } = event
    return `Your Soundlift code: ${addressCode(settings.secret, { eventId, person, channel, address })}`
  }
}

function success({ id, name }: NonNullable<ConversionEvent['result']>, base: string): string {
  const link = ` is ready: ${toGsm7(base)}/download?fid=${id}`
  // A name needs some places; where the address leaves none, the id alone does.
  return named(name, MOST - gsm7Length(link) >= 20 ? link : ` is ready: mp3 file_id ${id}`)
}

function failure({ sourceName, failure: told }: ConversionEvent): string {
  const why = cut(toGsm7(told?.text ?? errorKind('INTERNAL').meaning), 100)
  return named(sourceName, ` could not be converted: ${why}`)
}

/** The name, as much of it as there is room for, and what is told of it. */
function named(name: string, told: string): string {
  const letters = toGsm7(safeName(name))
  const readable = /[\p{L}\p{N}]/u.test(letters.replace(/\.[^.]*$/, '')) ? letters : 'Your file'
  return cut(readable, MOST - gsm7Length(told)) + told
}

/** At most so many places; what was cut off is shown. */
function cut(text: string, places: number): string {
  if (gsm7Length(text) <= places) return text
  let kept = ''
  let room = places - DOTS.length
  for (const each of text) {
    room -= gsm7Length(each)
    if (room < 0) break
    kept += each
  }
  return kept.trimEnd() + DOTS
}
