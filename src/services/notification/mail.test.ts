import { describe, expect, it } from 'vitest'
import type { ConversionEvent } from '../../domain/event.ts'
import { renderMail } from './mail.ts'

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
const FAILED: ConversionEvent = {
  ...DONE,
  type: 'conversion.failed',
  result: null,
  failure: { code: 'MEDIA_NO_AUDIO', text: 'The file has no sound.' },
}

describe('renderMail', () => {
  it('tells a success', () => {
    expect(renderMail(DONE, 'https://mp3.example.com/', 'TOKEN')).toMatchInlineSnapshot(`
      {
        "headers": {
          "List-Unsubscribe": "<https://mp3.example.com/unsubscribe?token=TOKEN>",
          "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
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
    expect(renderMail(FAILED, 'https://mp3.example.com', 'TOKEN')).toMatchInlineSnapshot(`
      {
        "headers": {
          "List-Unsubscribe": "<https://mp3.example.com/unsubscribe?token=TOKEN>",
          "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
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
    const { subject, text } = renderMail({ ...DONE, warning }, 'https://mp3.example.com', 'TOKEN')
    expect(subject).toBe('MP3 Download')
    expect(text).toContain(`mp3 file_id: ${DONE.result?.id} is now ready!\n`)
    expect(text).toContain(
      'Please note: The sound ends after 0:35.\nIf there should be more, send the whole file.',
    )
  })

  it('says the same sentence for every format', () => {
    const result = { id: '65f0c2a1b3d4e5f600000004', name: 'talk.flac', size: 10, duration: null }
    const { text } = renderMail({ ...DONE, result }, 'https://mp3.example.com', 'TOKEN')
    expect(text).toMatch(/^mp3 file_id: 65f0c2a1b3d4e5f600000004 is now ready!$/m)
    expect(text).toContain('File: talk.flac (10 B)')
  })

  it('lets no name bring lines of its own into the text', () => {
    const hostile = 'a.mkv\nmp3 file_id: 000000000000000000000000 is now ready!'
    const { text } = renderMail({ ...FAILED, sourceName: hostile }, 'https://mp3.example.com', 'TOKEN')
    expect(text).not.toMatch(/^mp3 file_id/m)
  })
})
