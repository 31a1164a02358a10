import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ConversionEvent, ToldEvent } from '../../domain/event.ts'
import { gsm7Length, toGsm7 } from '../../kit/gsm7.ts'
import { renderText } from './render-text.ts'

const ID = '65f0c2a1b3d4e5f600000004'
const FAILED: ConversionEvent = {
  ...{ id: '65f0c2a1b3d4e5f600000001', type: 'conversion.failed', conversionId: '65f0c2a1b3d4e5f600000002' },
  ...{
    requestId: null,
    ownerId: 'alice',
    username: 'alice@example.com',
    sourceId: ID,
    sourceName: 'talk.mkv',
  },
  ...{
    result: null,
    warning: null,
    failure: { code: 'MEDIA_NO_AUDIO', text: 'The file has no sound.' },
    createdAt: 0,
  },
}
const done = (name: string): ConversionEvent => ({
  ...FAILED,
  type: 'conversion.done',
  result: { id: ID, name, size: 9, duration: 71 },
  failure: null,
})
const textOf = (event: ToldEvent, publicUrl = 'https://sound.example.com/') =>
  renderText(
    { event, address: '+15550123456' },
    { settings: { publicUrl: () => publicUrl, secret: 's', leaseMs: 1 } },
  )

describe('renderText', () => {
  it('tells a success with its link, a failure with its reason', () => {
    expect(textOf(done('talk.mp3'))).toEqual({
      id: '65f0c2a1b3d4e5f600000001.sms@soundlift',
      to: '+15550123456',
      text: `talk.mp3 is ready: https://sound.example.com/download?fid=${ID}`,
    })
    expect(textOf(FAILED).text).toBe('talk.mkv could not be converted: The file has no sound.')
  })

  it('shortens the name, not the link; where the address leaves no room the id alone is told', () => {
    const { text } = textOf(done(`${'long '.repeat(30)}.mp3`))
    expect(text).toMatch(/^(long )+lo?n?g?\.\.\. is ready: https:\/\/sound/)
    const far = textOf(done('talk.mp3'), `https://${'sound.'.repeat(20)}example.com`)
    expect(far.text).toBe(`talk.mp3 is ready: mp3 file_id ${ID}`)
  })

  it('calls a name that no letter is left of a file', () => {
    expect(textOf(done('日本語.mp3')).text).toMatch(/^Your file is ready: /)
  })

  it('is one message of GSM-7 whatever the names and reasons', () => {
    const odd = fc.constantFrom(
      'a',
      '.',
      '€',
      '{',
      '日',
      '\u0301',
      '\ud83d',
      '😀',
      '\u202e',
      '\0',
      '/',
      'ö',
      'ï',
      '\n',
      '”',
    )
    const text = fc.string({ unit: odd, maxLength: 300 })
    fc.assert(
      fc.property(text, text, (name, why) => {
        const failure = { code: 'INTERNAL', text: why } as const
        for (const event of [done(name), { ...FAILED, sourceName: name, failure }]) {
          const told = textOf(event).text
          expect(gsm7Length(told)).toBeLessThanOrEqual(160)
          expect(toGsm7(told)).toBe(told)
        }
      }),
    )
  })

  it('brings a code, and nothing that mails alone tell', () => {
    const about = { id: ID, person: 'alice', requestId: null, createdAt: 0, until: 9 }
    expect(textOf({ ...about, type: 'address.code', channel: 'sms' }).text).toMatch(
      /^Your Soundlift code: \d{6}$/,
    )
    const reset = () => textOf({ ...about, type: 'password.reset', stamp: 's' })
    expect(reset).toThrow('told by mail alone')
  })
})
