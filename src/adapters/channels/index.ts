import { join } from 'node:path'
import type { Channel, Mail, Text } from '../../ports/channel.ts'
import type { Examine } from '../../ports/examination.ts'
import { byScheme } from '../by-scheme.ts'
import { examineSmsHttp, examineTwilio } from './examine/examine-sms.ts'
import { examineSmtp } from './examine/examine-smtp.ts'
import { openOutbox } from './outbox.ts'
import { openSmsHttp } from './sms-http.ts'
import { openSmtp } from './smtp.ts'
import { openTextOutbox } from './text-outbox.ts'
import { openTwilio } from './twilio.ts'

export { openWebhooks } from './webhook.ts'

export interface EmailSettings {
  /** SMTP_URL; null: messages are kept. */
  readonly url: string | null
  /** MAIL_FROM. */
  readonly from: string
  /** DATA_DIR, where kept messages are written too; null where there is none. */
  readonly dataDir: string | null
}

type Open = (settings: EmailSettings & { url: string }) => Promise<Channel<Mail>>

/** The table of ways to send e-mail, by the scheme of SMTP_URL. Adding one: a file here, a line, a test that calls the contract. */
const DRIVERS: Readonly<Record<string, Open>> = {
  'smtp:': openSmtp,
  'smtps:': openSmtp,
}

/** Opens the channel for e-mail; CONFIG_INVALID for a scheme nobody knows. */
export async function openEmail({ url, from, dataDir }: EmailSettings): Promise<Channel<Mail>> {
  if (url === null) return openOutbox({ folder: dataDir === null ? null : join(dataDir, 'outbox'), from })
  return byScheme(DRIVERS, 'SMTP_URL', url)({ url, from, dataDir })
}

export interface SmsSettings {
  /** SMS_URL. */
  readonly url: string
  /** Milliseconds for one hand-over in all; shorter than the lease of a delivery, or another sends it too. */
  readonly timeoutMs?: number
}

/** The table of ways to send a text, by the scheme of SMS_URL. */
const SMS_DRIVERS: Readonly<Record<string, (settings: SmsSettings) => Promise<Channel<Text>>>> = {
  'twilio:': openTwilio,
  'https:': openSmsHttp,
  'http:': openSmsHttp,
}

/** Opens the channel for texts; without a URL they are kept. CONFIG_INVALID for a scheme nobody knows. */
export async function openSms({
  url,
  dataDir,
}: Pick<EmailSettings, 'url' | 'dataDir'>): Promise<Channel<Text>> {
  if (url === null) return openTextOutbox({ folder: dataDir === null ? null : join(dataDir, 'outbox') })
  return byScheme(SMS_DRIVERS, 'SMS_URL', url)({ url })
}

type Examined = Pick<SmsSettings, 'url'>

/** How each way to reach people is examined, by the scheme of its URL. */
const EMAIL_EXAMINERS: Readonly<Record<string, Examine<Examined>>> = {
  'smtp:': examineSmtp,
  'smtps:': examineSmtp,
}

const SMS_EXAMINERS: Readonly<Record<string, Examine<Examined>>> = {
  'twilio:': examineTwilio,
  'https:': examineSmsHttp,
  'http:': examineSmsHttp,
}

/** Examines the mail server of SMTP_URL. */
export const examineEmail: Examine<Examined> = (settings, found) =>
  byScheme(EMAIL_EXAMINERS, found.variable, settings.url)(settings, found)

/** Examines the provider of SMS_URL. */
export const examineSms: Examine<Examined> = (settings, found) =>
  byScheme(SMS_EXAMINERS, found.variable, settings.url)(settings, found)
