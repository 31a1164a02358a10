import { basename, sep } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keyOfPath, pathOfKey } from './key-path.ts'

const keys = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 900 }),
  fc.stringMatching(/^[a-zA-Z0-9._/-]{1,700}$/),
  fc
    .array(fc.constantFrom('.', '..', '/', '~', '%', 'a', '%2E'), { minLength: 1, maxLength: 400 })
    .map((parts) => parts.join('')),
)

describe('pathOfKey', () => {
  it('gives safe segments from which the key is read back', () => {
    fc.assert(
      fc.property(keys, (key) => {
        const [shard = '', ...segments] = pathOfKey(key).split(sep)
        expect(shard).toMatch(/^[0-9a-f]{2}$/)
        for (const segment of segments) {
          expect(Buffer.byteLength(segment)).toBeLessThanOrEqual(255)
          expect(segment).toMatch(/^[A-Za-z0-9_%-][A-Za-z0-9._%-]*~?$/)
        }
        expect(keyOfPath(segments)).toBe(key)
      }),
    )
  })

  it('never makes one key the folder of another', () => {
    fc.assert(
      fc.property(keys, keys, (one, other) => {
        fc.pre(one !== other)
        expect(pathOfKey(other).startsWith(pathOfKey(one) + sep)).toBe(false)
      }),
    )
  })

  it('leaves an ordinary id readable', () => {
    expect(basename(pathOfKey('65f0c2a1b3d4e5f601234567'))).toBe('65f0c2a1b3d4e5f601234567')
  })
})
