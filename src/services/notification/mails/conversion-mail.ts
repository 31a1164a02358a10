import { errorKind } from '../../../domain/errors.ts'
import type { ConversionEvent } from '../../../domain/event.ts'
import { safeName } from '../../../domain/file.ts'
import { formatClock, formatSize } from '../../../kit/units.ts'
import type { Content, Letter } from '../render-mail.ts'

/** How a conversion ended. */
export function conversionMail(event: ConversionEvent, letter: Letter): Content {
  return event.result ? success(event, event.result, letter) : failure(event, letter)
}

type Result = NonNullable<ConversionEvent['result']>

function success({ sourceName, warning }: ConversionEvent, result: Result, letter: Letter): Content {
  const { base, unsubscribe, templates } = letter
  const content = templates.render('conversion-done', {
    id: result.id,
    fileName: safeName(result.name),
    size: formatSize(result.size),
    length: result.duration === null ? null : formatClock(result.duration),
    sourceName: safeName(sourceName),
    warning: warning?.text ?? null,
    warningRemedy: warning && errorKind(warning.code).remedy,
    link: `${base}/download?fid=${result.id}`,
    unsubscribe,
  })
  return { subject: 'MP3 Download', ...content }
}

function failure({ sourceName, failure: told, conversionId }: ConversionEvent, letter: Letter): Content {
  const { code, text } = told ?? { code: 'INTERNAL' as const, text: errorKind('INTERNAL').meaning }
  const content = letter.templates.render('conversion-failed', {
    sourceName: safeName(sourceName),
    reason: text,
    remedy: errorKind(code).remedy,
    code,
    conversionId,
    unsubscribe: letter.unsubscribe,
  })
  return { subject: 'MP3 Download failed', ...content }
}
