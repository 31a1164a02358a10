import { errorKind } from '../../domain/errors.ts'
import type { ConversionEvent } from '../../domain/event.ts'
import { safeName } from '../../domain/file.ts'
import { formatClock, formatSize } from '../../kit/units.ts'
import type { Message } from '../../ports/channel.ts'

/**
 * The mail that tells an event. Its Message-ID comes from the event, so that a second copy is known as one.
 * `token` opens the page that switches mails off.
 */
export function renderMail(event: ConversionEvent, publicUrl: string, token: string): Message {
  const base = publicUrl.replace(/\/+$/, '')
  const switchOff = `${base}/unsubscribe?token=${token}`
  const paragraphs = event.result ? success(event, event.result, base) : failure(event)
  return {
    messageId: `${event.id}.email@soundlift`,
    to: event.username,
    subject: event.result ? 'MP3 Download' : 'MP3 Download failed',
    text: `${[...paragraphs, `-- \nNo more mails of this kind: ${switchOff}`].join('\n\n')}\n`,
    headers: {
      'List-Unsubscribe': `<${switchOff}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click', // RFC 8058
    },
  }
}

type Result = NonNullable<ConversionEvent['result']>

function success(event: ConversionEvent, result: Result, base: string): string[] {
  const length = result.duration === null ? '' : `, ${formatClock(result.duration)}`
  return [
    // The same sentence for every format: programs look for it.
    `mp3 file_id: ${result.id} is now ready!`,
    `File: ${safeName(result.name)} (${formatSize(result.size)}${length})\nFrom: ${safeName(event.sourceName)}`,
    ...(event.warning ? [`Please note: ${event.warning.text}\n${errorKind(event.warning.code).remedy}`] : []),
    `Download it while logged in:\n${base}/download?fid=${result.id}`,
  ]
}

function failure(event: ConversionEvent): string[] {
  const told = event.failure ?? { code: 'INTERNAL' as const, text: errorKind('INTERNAL').meaning }
  return [
    `${safeName(event.sourceName)} could not be converted.`,
    `Why: ${told.text}\nWhat helps: ${errorKind(told.code).remedy}`,
    `Conversion: ${event.conversionId} (${told.code})`,
  ]
}
