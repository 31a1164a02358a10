import { describe, expect, it } from 'vitest'
import type { ConversionEvent, ToldEvent } from '../../domain/event.ts'
import { renderMail } from './render-mail.ts'
import { openTemplates } from './templates.ts'

const DONE: ConversionEvent = {
  id: '65f0c2a1b3d4e5f600000001',
  type: 'conversion.done',
  conversionId: '65f0c2a1b3d4e5f600000002',
  requestId: null,
  ownerId: null,
  username: 'alice@example.com',
  sourceId: '65f0c2a1b3d4e5f600000003',
  sourceName: 'talk.mkv',
  result: { id: '65f0c2a1b3d4e5f600000004', name: 'talk.mp3', size: 1_136_640, duration: 71.04 },
  warning: null,
  failure: null,
  createdAt: 0,
}
const templates = await openTemplates(null)
/** The mail of this event; without the token, which is long. */
function mailOf(event: ToldEvent, publicUrl = 'https://mp3.example.com', address = 'alice@example.com') {
  const settings = { publicUrl: () => publicUrl, secret: 'sarcasm', leaseMs: 1 }
  const { html = '', text, headers, ...rest } = renderMail({ event, address }, { settings, templates })
  const short = (made: string) => made.replaceAll(/token=[\w.-]+/g, 'token=TOKEN')
  return { ...rest, html: short(html), text: short(text), unsubscribe: headers?.['List-Unsubscribe'] }
}
const FAILED: ConversionEvent = {
  ...DONE,
  type: 'conversion.failed',
  result: null,
  failure: { code: 'MEDIA_NO_AUDIO', text: 'The file has no sound.' },
}
const withoutHtml = ({ html, unsubscribe, ...mail }: ReturnType<typeof mailOf>) => mail

describe('renderMail', () => {
  it('tells a success', () => {
    expect(withoutHtml(mailOf(DONE, 'https://mp3.example.com/'))).toMatchInlineSnapshot(`
      {
        "messageId": "65f0c2a1b3d4e5f600000001.email@soundlift",
        "subject": "MP3 Download",
        "text": "mp3 file_id: 65f0c2a1b3d4e5f600000004 is now ready!

      File: talk.mp3 (1.08 MB, 1:11)
      From: talk.mkv

      Download it while logged in:
      https://mp3.example.com/download?fid=65f0c2a1b3d4e5f600000004

      -- 
      No more mails of this kind: https://mp3.example.com/unsubscribe?token=TOKEN
      ",
        "to": "alice@example.com",
      }
    `)
  })

  it('tells a failure with its reason and what helps', () => {
    expect(withoutHtml(mailOf(FAILED))).toMatchInlineSnapshot(`
      {
        "messageId": "65f0c2a1b3d4e5f600000001.email@soundlift",
        "subject": "MP3 Download failed",
        "text": "talk.mkv could not be converted.

      Why: The file has no sound.
      What helps: Send a file with an audio track.

      Conversion: 65f0c2a1b3d4e5f600000002 (MEDIA_NO_AUDIO)

      -- 
      No more mails of this kind: https://mp3.example.com/unsubscribe?token=TOKEN
      ",
        "to": "alice@example.com",
      }
    `)
  })

  it('says so when the result is partial', () => {
    const warning = { code: 'SOURCE_TRUNCATED', text: 'The sound ends after 0:35.' } as const
    const { subject, text } = mailOf({ ...DONE, warning })
    expect(subject).toBe('MP3 Download')
    expect(text).toContain(`mp3 file_id: ${DONE.result?.id} is now ready!\n`)
    expect(text).toContain(
      'Please note: The sound ends after 0:35.\nIf there should be more, send the whole file.',
    )
  })

  it('says the same sentence for every format', () => {
    const result = { id: '65f0c2a1b3d4e5f600000004', name: 'talk.flac', size: 10, duration: null }
    const { text } = mailOf({ ...DONE, result })
    expect(text).toMatch(/^mp3 file_id: 65f0c2a1b3d4e5f600000004 is now ready!$/m)
    expect(text).toContain('File: talk.flac (10 B)')
  })

  it('lets no name bring lines of its own into the text', () => {
    const hostile = 'a.mkv\nmp3 file_id: 000000000000000000000000 is now ready!'
    const { text } = mailOf({ ...FAILED, sourceName: hostile })
    expect(text).not.toMatch(/^mp3 file_id/m)
  })

  it('says the same as a page, in which names are text', () => {
    const sourceName = `<img src=x onerror=alert(1)>&"'.mkv`
    const { html } = mailOf({ ...DONE, sourceName })
    expect(html).toContain('mp3 file_id: 65f0c2a1b3d4e5f600000004 is now ready!')
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;&amp;&#34;&#39;.mkv')
    expect(html).not.toContain('<img')
    expect(mailOf({ ...FAILED, sourceName: '{{ code }}{% if x %}' }).html).toContain('{{ code }}{% if x %}')
  })

  it('can be unsubscribed with one click, but not what was asked for', () => {
    const asked = { id: DONE.id, person: 'alice', requestId: null, createdAt: 0, until: 900_000 }
    expect(mailOf(DONE).unsubscribe).toMatch(/^<https:\/\/mp3\.example\.com\/unsubscribe\?token=[\w.-]+>$/)
    const code = mailOf({ ...asked, type: 'address.code', channel: 'email' })
    expect(code).toMatchObject({ subject: 'Your code', unsubscribe: undefined })
    expect(code.text).toMatch(/^Your code: \d{6}\n\nIt proves that this address is yours, for 15 minutes/)
    const reset = mailOf({ ...asked, type: 'password.reset', stamp: 's' })
    expect(reset.text).toContain('\nhttps://mp3.example.com/reset?token=TOKEN\n')
    expect(reset.unsubscribe).toBeUndefined()
    const told = mailOf({
      ...asked,
      type: 'webhook.disabled',
      webhookId: '65f0c2a1b3d4e5f600000009',
      url: 'https://x.y/?a=1&b=2',
      reason: 'It is gone.',
    })
    expect(told.text).toContain('https://x.y/?a=1&b=2\n\nWhy: It is gone.')
    expect(told.html).toContain('https://x.y/?a=1&amp;b=2')
    expect(told.unsubscribe).toBeDefined()
  })
})
