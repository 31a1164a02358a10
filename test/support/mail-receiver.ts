import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer } from 'smtp-server'
import { until } from './wait.ts'

/** A mail as it arrived: its envelope, its parsed form and the bytes it came in. */
export interface ReceivedMail {
  readonly to: readonly string[]
  readonly parsed: Email
  readonly raw: string
}

/** A real SMTP server. */
export interface MailReceiver {
  /** For SMTP_URL. */
  readonly url: string
  /** The mails that came for an address so far. */
  mailsTo(address: string): readonly ReceivedMail[]
  /** Waits for the `count`-th mail (1) for an address. */
  nextMail(address: string, count?: number): Promise<ReceivedMail>
  close(): Promise<void>
}

/** Opens a receiver that takes every mail, on this port or a free one; `host` for those beyond the loopback. */
export async function openMailReceiver(port = 0, host = '127.0.0.1'): Promise<MailReceiver> {
  const mails: ReceivedMail[] = []
  const server = new SMTPServer({
    authOptional: true,
    closeTimeout: 1_000,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData(stream, session, taken) {
      const to = session.envelope.rcptTo.map(({ address }) => address.toLowerCase())
      // A sender may be killed in the midst of a mail: then none has come.
      readMail(stream, to).then((mail) => taken(void mails.push(mail)), taken)
    },
  })
  server.on('error', () => {}) // a sender that is killed breaks its connection off
  await new Promise<void>((resolve) => server.listen(port, host, resolve))
  const address = server.server.address()
  if (address === null || typeof address === 'string') throw new Error('the mail receiver has no port')
  const mailsTo = (to: string) => mails.filter((mail) => mail.to.includes(to.toLowerCase()))
  return {
    url: `smtp://${host}:${address.port}`,
    mailsTo,
    nextMail: (to, count = 1) => until(`mail ${count} to ${to}`, () => mailsTo(to)[count - 1]),
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}

async function readMail(stream: Readable, to: readonly string[]): Promise<ReceivedMail> {
  const bytes = await buffer(stream)
  return { to, parsed: await PostalMime.parse(bytes), raw: bytes.toString('latin1') }
}

/** The id in the sentence of a mail. */
export function idIn(mail: ReceivedMail): string {
  const [, id] = /mp3 file_id: ([0-9a-f]{24}) is now ready!/.exec(mail.parsed.text ?? '') ?? []
  if (!id) throw new Error(`no id in the mail:\n${mail.parsed.text}`)
  return id
}
