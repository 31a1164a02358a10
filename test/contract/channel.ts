import fc from 'fast-check'
import PostalMime from 'postal-mime'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Channel, Mail, Text } from '../../src/ports/channel.ts'

/** A channel for e-mail, and the bytes of the mails that went through it, oldest first. */
export interface OpenedChannel {
  readonly channel: Channel<Mail>
  /** The mail with this Message-ID, as it lies where the channel brings it. */
  mail(messageId: string): Promise<string>
  /** How a success is told. */
  readonly answer: 'sent' | 'kept'
  close(): Promise<void>
}

const message = (change: Partial<Mail> = {}): Mail => ({
  messageId: '65f0c2a1b3d4e5f601234567.email@soundlift',
  to: 'alice@example.com',
  subject: 'MP3 Download',
  text: 'mp3 file_id: 65f0c2a1b3d4e5f601234567 is now ready!\n',
  ...change,
})

/** What every channel for e-mail keeps. */
export function emailContract(name: string, open: () => Promise<OpenedChannel>): void {
  describe(`channel for e-mail: ${name}`, () => {
    let opened: OpenedChannel
    beforeAll(async () => {
      opened = await open()
    })
    afterAll(() => opened.close())

    let count = 0
    const send = async (change: Partial<Mail>) => {
      count += 1
      const messageId = `${count}.email@soundlift`
      expect(await opened.channel.send(message({ messageId, ...change }))).toBe(opened.answer)
      const raw = await opened.mail(change.messageId ?? messageId)
      return { raw, mail: await PostalMime.parse(raw), messageId }
    }

    it('brings the message as it is', async () => {
      const { mail, messageId } = await send({ headers: { 'X-Extra': 'yes' } })
      expect(mail.to).toEqual([{ name: '', address: 'alice@example.com' }])
      expect(mail.from?.address).toBe('soundlift@example.com')
      expect(mail.subject).toBe('MP3 Download')
      expect(mail.text?.trimEnd()).toBe(message().text.trimEnd())
      expect(mail.messageId).toBe(`<${messageId}>`)
      expect(Math.abs(Date.parse(mail.date ?? '') - Date.now())).toBeLessThan(60_000)
      const header = (key: string) => mail.headers.find((each) => each.key === key)?.value
      expect(header('auto-submitted')).toBe('auto-generated')
      expect(header('x-extra')).toBe('yes')
    })

    it('brings a page beside the text', async () => {
      const html = `<p>Größe ${'x'.repeat(1_200)}</p>\n.\n`
      const { raw, mail } = await send({ html })
      expect(raw).toMatch(/^content-type: multipart\/alternative/im)
      expect(raw).not.toMatch(/base64/i)
      expect(mail.text?.trimEnd()).toBe(message().text.trimEnd())
      expect(mail.html?.trimEnd()).toBe(html.trimEnd())
    })

    it.each([
      ['plain text', 'short lines\n'],
      ['long lines', `${'x'.repeat(2_000)}\n`],
      ['few foreign letters', 'Größe\n'],
      ['only foreign letters', 'Текст письма и больше ничего\n日本語\n'],
      ['a line with one dot', 'before\n.\nafter\n'],
    ])('never encodes %s as base64', async (_, text) => {
      const { raw, mail } = await send({ text })
      expect(raw).toMatch(/^content-transfer-encoding: (7bit|quoted-printable)\r?$/im)
      expect(raw).not.toMatch(/base64/i)
      expect(mail.text?.trimEnd()).toBe(text.trimEnd())
    })

    it('lets no subject and no header bring in another header', async () => {
      const hostile = fc
        .array(
          fc.constantFrom('\r\n', '\n', '\r', 'Bcc: eve@example.com', 'a', ' ', ':', '\0', 'ü', '\u2028'),
          {
            minLength: 1,
            maxLength: 12,
          },
        )
        .map((parts) => parts.join(''))
      const plain = await send({ headers: { 'X-Extra': 'x' } })
      const keys = (mail: typeof plain.mail) => mail.headers.map((each) => each.key).sort()
      const usual = keys(plain.mail)
      await fc.assert(
        fc.asyncProperty(hostile, hostile, async (subject, extra) => {
          const { mail } = await send({ subject: `s${subject}`, headers: { 'X-Extra': `x${extra}` } })
          expect(keys(mail)).toEqual(usual)
          expect(mail.to).toHaveLength(1)
          expect(mail.bcc ?? []).toEqual([])
        }),
        { numRuns: 25 },
      )
    })

    it.each([
      ['two addresses', 'alice@example.com, eve@example.com'],
      ['a line break', 'alice@example.com\r\nBcc: eve@example.com'],
      ['a name', 'Alice <alice@example.com>'],
      ['no address', 'alice'],
      ['nothing', ''],
    ])('refuses %s as receiver', async (_, to) => {
      await expect(opened.channel.send(message({ to }))).rejects.toMatchObject({ code: 'DELIVERY_REFUSED' })
    })

    it('refuses a message id that is none', async () => {
      for (const messageId of ['../../x@y', 'a b@c', 'x', 'a@b>\r\nBcc: eve@example.com', '']) {
        await expect(opened.channel.send(message({ messageId }))).rejects.toMatchObject({
          code: 'DELIVERY_REFUSED',
        })
      }
    })
  })
}

/** A channel for texts, and what came through it. */
export interface OpenedTextChannel {
  readonly channel: Channel<Text>
  /** The newest text, as it lies where the channel brings it. */
  newest(): Promise<{ to: string; text: string }>
  /** How a success is told. */
  readonly answer: 'sent' | 'kept'
  close(): Promise<void>
}

/** What every channel for texts keeps. */
export function textContract(name: string, open: () => Promise<OpenedTextChannel>): void {
  describe(`channel for texts: ${name}`, () => {
    let opened: OpenedTextChannel
    beforeAll(async () => {
      opened = await open()
    })
    afterAll(() => opened.close())
    const message = { id: 'e1.sms@soundlift', to: '+15550123456', text: 'talk.mp3 is ready' }

    it.each([
      'talk.mp3 is ready: https://x.y/download?fid=1&a=b+c%20',
      'ÄÖÜ äöü € {[~]} "\'',
      'a\nTo: +15550100',
    ])('brings %j as it is', async (text) => {
      expect(await opened.channel.send({ ...message, text })).toBe(opened.answer)
      expect(await opened.newest()).toEqual({ to: message.to, text })
    })

    it.each(['5550123456', '+1555', '+15550123456&Body=x', '+15550123456\r\nX: y', 'alice@example.com', ''])(
      'refuses %j as receiver',
      async (to) => {
        await expect(opened.channel.send({ ...message, to })).rejects.toMatchObject({
          code: 'DELIVERY_REFUSED',
        })
      },
    )

    it('refuses an id that no header and no folder may hold', async () => {
      for (const id of ['../../x@y', 'a b@c', 'x', 'a@b\r\nX: y', '']) {
        await expect(opened.channel.send({ ...message, id })).rejects.toMatchObject({
          code: 'DELIVERY_REFUSED',
        })
      }
    })
  })
}
