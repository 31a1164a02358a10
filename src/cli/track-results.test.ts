import { expect, it } from 'vitest'
import { takeTracks } from './track-results.ts'

it.each([
  [undefined, undefined],
  ['2', undefined],
  ['eng', undefined],
  ['1,2', [1, 2]],
  ['DE,3', ['de', 3]],
  ['all', 'all'],
  ['1,all', 'all'],
])('--track %s', (track, tracks) => expect(takeTracks({ track, format: 'opus' }).tracks).toEqual(tracks))

it('one alone stays in the wish; what is no track is named', () => {
  expect(takeTracks({ track: '2', bitrate: '96k' })).toEqual({ wish: { track: '2', bitrate: '96k' } })
  expect(() => takeTracks({ track: '1,' })).toThrow("track '' is neither a number")
  expect(() => takeTracks({ track: '1,english' })).toThrow("track 'english' is neither a number")
})
