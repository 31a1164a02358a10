import type { Channel, Mail } from '../../ports/channel.ts'
import { openFolder, put } from './kept/put.ts'
import { mailOptions } from './mail/mail-options.ts'

export interface OutboxSettings {
  /** DATA_DIR/outbox, made when it is missing; null: nothing is written, the delivery's row keeps the message. */
  readonly folder: string | null
  /** MAIL_FROM. */
  readonly from: string
}

/** E-mail where there is no mail server: each message is kept as `<Message-ID>.eml`; written again, it replaces itself. */
export async function openOutbox({ folder, from }: OutboxSettings): Promise<Channel<Mail>> {
  const { createTransport } = await import('nodemailer')
  const transport = createTransport({ streamTransport: true, buffer: true })
  if (folder !== null) await openFolder(folder)
  return {
    async send(message) {
      const { message: bytes } = await transport.sendMail(mailOptions(message, from))
      if (folder !== null) await put(folder, `${message.messageId}.eml`, bytes)
      return 'kept'
    },
    async close() {
      transport.close()
    },
  }
}
