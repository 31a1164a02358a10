import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAX_PICTURE, readPicture } from './picture.ts'

const png = (width: number, height: number) => {
  const bytes = Buffer.alloc(33)
  bytes.write('\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR', 'latin1')
  bytes.writeUInt32BE(width, 16)
  bytes.writeUInt32BE(height, 20)
  return bytes
}
/** An application segment, a quantization table, a byte to fill, and the frame header. */
const jpeg = (frame = 'c0') =>
  Buffer.from(`ffd8ffe000040102ffdb0003ffff${`ff${frame}`}000b0800c8012c01011100`, 'hex')

describe('a picture', () => {
  it('is a PNG or JPEG, by its own bytes', () => {
    expect(readPicture(png(64, 48))).toMatchObject({ type: 'image/png', width: 64, height: 48 })
    expect(readPicture(jpeg())).toMatchObject({ type: 'image/jpeg', width: 300, height: 200 })
    expect(readPicture(jpeg('c2'))).toMatchObject({ width: 300 })
  })
  it.each([
    ['a page', Buffer.from('<html>'.repeat(10))],
    ['a GIF', Buffer.from(`GIF89a${'\0'.repeat(40)}`)],
    ['nothing', new Uint8Array()],
    ['30,000 pixels a side', png(30_000, 30_000)],
    ['no pixel', png(0, 10)],
    ['a scan before the frame', jpeg('da')],
    ['a JPEG cut before the frame', jpeg().subarray(0, 14)],
    ['too many bytes', Buffer.concat([png(64, 64), Buffer.alloc(MAX_PICTURE)])],
  ])('is not %s', (_, bytes) => expect(readPicture(bytes)).toBeUndefined())
  it('stands any bytes', () =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        readPicture(bytes)
        expect(readPicture(Buffer.concat([Buffer.from('ffd8', 'hex'), bytes]))?.width ?? 1).toBeGreaterThan(0)
      }),
    ))
})
