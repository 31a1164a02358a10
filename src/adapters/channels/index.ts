import { join } from 'node:path'
import type { Channel } from '../../ports/channel.ts'
import { byScheme } from '../by-scheme.ts'
import { openOutbox } from './outbox.ts'
import { openSmtp } from './smtp.ts'

export interface EmailSettings {
  /** SMTP_URL; null: messages are kept. */
  readonly url: string | null
  /** MAIL_FROM. */
  readonly from: string
  /** DATA_DIR, where kept messages are written too; null where there is none. */
  readonly dataDir: string | null
}

type Open = (settings: EmailSettings & { url: string }) => Promise<Channel>

/** The table of ways to send e-mail, by the scheme of SMTP_URL. Adding one: a file here, a line, a test that calls the contract. */
const DRIVERS: Readonly<Record<string, Open>> = {
  'smtp:': openSmtp,
  'smtps:': openSmtp,
}

/** Opens the channel for e-mail; CONFIG_INVALID for a scheme nobody knows. */
export async function openEmail({ url, from, dataDir }: EmailSettings): Promise<Channel> {
  if (url === null) return openOutbox({ folder: dataDir === null ? null : join(dataDir, 'outbox'), from })
  return byScheme(DRIVERS, 'SMTP_URL', url)({ url, from, dataDir })
}
