import { expect } from 'vitest'
import { ended, newPerson, upload } from '../support/client.ts'
import { damaged, fileOf, muteVideo, truncated } from '../support/make-media.ts'
import { withServer } from '../support/with-server.ts'

const it = withServer()

const HOPELESS = [
  { what: 'no sound', make: () => muteVideo(), code: 'MEDIA_NO_AUDIO', says: /sound/ },
  { what: 'an empty file', make: () => fileOf('empty.mkv', ''), code: 'MEDIA_EMPTY', says: /empty/ },
  {
    what: 'text that calls itself mkv',
    make: () => fileOf('letter.mkv', 'Dear all,\nthis is no video.\n'.repeat(100)),
    code: 'MEDIA_UNREADABLE',
    says: /read/,
  },
  {
    what: 'an mp4 cut before its index',
    make: () => truncated('mp4 with moov at the end', 0.5),
    code: 'MEDIA_UNREADABLE',
    says: /cut off/,
  },
  {
    what: 'a playlist that names other files',
    make: () => fileOf('list.m3u8', '#EXTM3U\n#EXTINF:10,\n/etc/passwd\n#EXT-X-ENDLIST\n'),
    code: 'MEDIA_UNREADABLE',
    says: /read/,
  },
]

for (const { what, make, code, says } of HOPELESS) {
  it(`${what}: failed at once with a reason, and the person is told`, async ({ server, mail }) => {
    const carol = await newPerson(server.url)
    const { conversionId } = await upload(carol, await make())
    const failed = await ended(carol, conversionId)
    expect(failed).toMatchObject({
      state: 'failed',
      attempt: 1,
      result: null,
      partial: false,
      failure: { code },
    })
    expect(failed.failure?.text).toMatch(says)
    const told = await mail.nextMail(carol.email)
    expect(told.parsed.subject).toBe('MP3 Download failed')
    expect(told.parsed.text).toContain(failed.failure?.text)
  })
}

const HURT = [
  { what: 'a truncated mkv', make: () => truncated('mkv', 0.5), whole: 20, least: 5 },
  {
    what: 'an mp4 cut after its index',
    make: () => truncated('mp4 with moov in front', 0.5),
    whole: 20,
    least: 5,
  },
  { what: 'an mkv with noise inside', make: () => damaged('mkv', 0.4, 0.5), whole: 20, least: 5 },
  { what: 'an avi with noise inside', make: () => damaged('avi', 0.3, 0.6), whole: 20, least: 5 },
  { what: 'a truncated wav', make: () => truncated('wav', 0.5), whole: 20, least: 5 },
]

for (const { what, make, whole, least } of HURT) {
  it(`${what}: partial and saying so, or failed; never plainly done`, async ({ alice }) => {
    const { conversionId } = await upload(alice, await make())
    const end = await ended(alice, conversionId)
    if (end.state === 'failed') {
      expect(end.failure?.code).toMatch(/^(MEDIA|ENGINE|RESULT)_/)
      return
    }
    expect(end).toMatchObject({ state: 'done', partial: true })
    expect(end.warning?.code).toMatch(/^SOURCE_(TRUNCATED|DAMAGED)$/)
    expect(end.result?.duration).toBeGreaterThan(least)
    expect(end.result?.duration).toBeLessThan(whole + 1)
  })
}

it('half a video is saved: its sound up to the cut, and the mail says that it is cut', async ({
  server,
  mail,
}) => {
  const carol = await newPerson(server.url)
  const { conversionId } = await upload(carol, await truncated('mkv', 0.5))
  const end = await ended(carol, conversionId)
  expect(end).toMatchObject({ state: 'done', partial: true, warning: { code: 'SOURCE_TRUNCATED' } })
  const told = await mail.nextMail(carol.email)
  expect(told.parsed.text).toContain(`mp3 file_id: ${end.result?.id} is now ready!`)
  expect(told.parsed.text).toContain(end.warning?.text)
})
