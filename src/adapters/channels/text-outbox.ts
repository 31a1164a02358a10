import type { Channel, Text } from '../../ports/channel.ts'
import { openFolder, put } from './kept/put.ts'
import { checkText } from './sms/check-text.ts'

export interface TextOutboxSettings {
  /** DATA_DIR/outbox, made when it is missing; null: nothing is written, the delivery's row keeps the message. */
  readonly folder: string | null
}

/** Texts where there is no provider: each is kept as `<id>.txt`; written again, it replaces itself. */
export async function openTextOutbox({ folder }: TextOutboxSettings): Promise<Channel<Text>> {
  if (folder !== null) await openFolder(folder)
  return {
    async send(message) {
      const { id, to, text } = checkText(message)
      if (folder !== null) await put(folder, `${id}.txt`, `To: ${to}\n\n${text}\n`)
      return 'kept'
    },
    async close() {},
  }
}
