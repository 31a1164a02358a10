import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppError } from './errors.ts'
import { parseQueueMessage } from './queue-message.ts'

const VIDEO = '64a1b2c3d4e5f60718293a4b'
const MP3 = '64a1b2c3d4e5f60718293a4c'
const TRACE = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
const good = { video_fid: VIDEO, mp3_fid: null, username: 'alice@example.com' }
const parse = (value: unknown) => parseQueueMessage(Buffer.from(JSON.stringify(value)))

describe('parseQueueMessage', () => {
  it('reads what the contract says, with or without our own keys', () => {
    expect(parse(good)).toEqual(good)
    const ours = { ...good, mp3_fid: MP3, conversion_id: VIDEO, request_id: 'r-1', traceparent: TRACE }
    expect(parse(ours)).toEqual(ours)
  })

  it('takes a missing mp3_fid for null, and hex digits in any case', () => {
    const { mp3_fid, ...without } = good
    expect(parse({ ...without, video_fid: VIDEO.toUpperCase() })).toEqual(good)
  })

  it('leaves out what it does not know, and our keys when a stranger uses them otherwise', () => {
    expect(parse({ ...good, priority: 9, conversion_id: 17, request_id: { a: 1 } })).toEqual(good)
    expect(
      parse({ ...good, conversion_id: 'x', request_id: 'r'.repeat(201), traceparent: `${TRACE}0` }),
    ).toEqual(good)
  })

  it.each([
    ['no JSON', 'hello', /not JSON/],
    ['half of it', '{"video_fid":', /not JSON/],
    ['nothing', '', /not JSON/],
    ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0x22]), /not JSON/],
    ['null', 'null', /not an object/],
    ['a list', '[]', /not an object/],
    ['a number', '17', /not an object/],
    ['no video_fid', '{"username":"a@b.c"}', /video_fid/],
    ['a video_fid that is no text', JSON.stringify({ ...good, video_fid: { $ne: null } }), /video_fid/],
    ['a video_fid that is no id', JSON.stringify({ ...good, video_fid: '../etc' }), /video_fid/],
    ['an mp3_fid that is no id', JSON.stringify({ ...good, mp3_fid: 'x' }), /mp3_fid/],
    ['an mp3_fid that is no text', JSON.stringify({ ...good, mp3_fid: 5 }), /mp3_fid/],
    ['no username', JSON.stringify({ ...good, username: undefined }), /username/],
    ['an empty username', JSON.stringify({ ...good, username: '' }), /username/],
    ['a username that is no text', JSON.stringify({ ...good, username: ['a@b.c'] }), /username/],
    ['an endless username', JSON.stringify({ ...good, username: 'a'.repeat(400) }), /username/],
  ])('finds %s unusable, and says why', (_, body, why) => {
    const parsing = () => parseQueueMessage(Buffer.from(body))
    expect(parsing).toThrow(expect.objectContaining({ code: 'MESSAGE_UNUSABLE' }))
    expect(parsing).toThrow(why)
  })

  it('never fails otherwise, whatever comes', () => {
    const any = fc.oneof(
      fc.string(),
      fc.json(),
      fc.object().map((value) => JSON.stringify(value)),
    )
    const keys = fc.record({ video_fid: fc.anything(), mp3_fid: fc.anything(), username: fc.anything() })
    const bodies = fc.oneof(
      any,
      keys.map((value) => JSON.stringify(value) ?? ''),
    )
    fc.assert(
      fc.property(bodies, (body) => {
        try {
          expect(parseQueueMessage(Buffer.from(body)).video_fid).toMatch(/^[0-9a-f]{24}$/)
        } catch (error) {
          expect(error).toBeInstanceOf(AppError)
          expect(error).toMatchObject({ code: 'MESSAGE_UNUSABLE' })
        }
      }),
    )
  })
})
