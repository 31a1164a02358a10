import type { SendMailOptions } from 'nodemailer'
import { AppError } from '../../../domain/errors.ts'
import { parseEmail } from '../../../domain/user.ts'
import type { Mail } from '../../../ports/channel.ts'

/** `local@host` in characters that are safe in a header and as the name of a file. */
const MESSAGE_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,150}@[A-Za-z0-9][A-Za-z0-9.-]{0,80}$/

/** A message as nodemailer wants it; DELIVERY_REFUSED for an address or an id that no header may hold. */
export function mailOptions(message: Mail, from: string): SendMailOptions {
  if (!MESSAGE_ID.test(message.messageId)) {
    throw new AppError('DELIVERY_REFUSED', 'the message id is malformed')
  }
  const headers = Object.entries(message.headers ?? {}).map(([key, value]) => ({
    key,
    value: oneLine(value),
  }))
  return {
    from,
    to: { name: '', address: address(message.to) },
    subject: oneLine(message.subject),
    text: message.text,
    ...(message.html !== undefined && { html: message.html }),
    messageId: `<${message.messageId}>`,
    headers: [{ key: 'Auto-Submitted', value: 'auto-generated' }, ...headers],
    textEncoding: 'quoted-printable', // where 7bit will not do; left alone, it may choose base64
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

/** Exactly one address: a list in it, a line break or a comment would reach others. */
function address(text: string): string {
  try {
    return parseEmail(text)
  } catch (cause) {
    throw new AppError('DELIVERY_REFUSED', 'the address is not an e-mail address', { cause })
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const oneLine = (text: string) => text.replace(/[\u0000-\u001f\u007f\u0085\u2028\u2029]+/g, ' ').trim()
