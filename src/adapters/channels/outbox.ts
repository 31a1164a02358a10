import { randomUUID } from 'node:crypto'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../domain/errors.ts'
import type { Channel } from '../../ports/channel.ts'
import { mailOptions } from './mail/mail-options.ts'

export interface OutboxSettings {
  /** DATA_DIR/outbox, made when it is missing; null: nothing is written, the delivery's row keeps the message. */
  readonly folder: string | null
  /** MAIL_FROM. */
  readonly from: string
}

/** E-mail where there is no mail server: each message is kept as `<Message-ID>.eml`; written again, it replaces itself. */
export async function openOutbox({ folder, from }: OutboxSettings): Promise<Channel> {
  const { createTransport } = await import('nodemailer')
  const transport = createTransport({ streamTransport: true, buffer: true })
  if (folder !== null) await mkdir(folder, { recursive: true, mode: 0o700 })
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

/** Readers see the old file or the new one, never half of one. */
async function put(folder: string, name: string, bytes: Parameters<typeof writeDurably>[1]): Promise<void> {
  const temporary = join(folder, `.${randomUUID()}`)
  try {
    await writeDurably(temporary, bytes)
    await rename(temporary, join(folder, name))
  } catch (cause) {
    await rm(temporary, { force: true })
    throw new AppError('DELIVERY_DEFERRED', `the outbox ${folder} can not be written`, { cause })
  }
}

async function writeDurably(path: string, bytes: Buffer | NodeJS.ReadableStream): Promise<void> {
  const file = await open(path, 'wx', 0o600) // the link in it switches mails off
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}
