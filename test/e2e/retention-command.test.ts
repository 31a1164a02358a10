import { expect } from 'vitest'
import { as, converted, expectStatus } from '../support/client.ts'
import { media } from '../support/make-media.ts'
import { soundlift } from '../support/program.ts'
import { until } from '../support/wait.ts'
import { withServer } from '../support/with-server.ts'

const it = withServer({ SOURCE_RETENTION: '2s', HISTORY_RETENTION: '2s' })

it('says what would go, removes it beside the running server, and what expired stays told apart', async ({
  server,
  alice,
}) => {
  const run = async (...options: string[]) => {
    const { code, out, err } = await soundlift(['retention', 'run', '--json', ...options], {
      env: server.settings,
    })
    expect({ code, err }).toEqual({ code: 0, err: '' })
    return JSON.parse(out)
  }
  const done = await converted(alice, await media('m4a'))
  const { source, result } = done
  const content = (id = '') => as(alice, `/v1/files/${id}/content`)
  const shown = JSON.parse(await expectStatus(await as(alice, `/v1/files/${source.id}`), 200))
  expect(Date.parse(shown.expiresAt) - Date.parse(shown.createdAt)).toBe(2_000)
  await until('the source to expire', async () =>
    (await content(source.id)).status === 410 ? true : undefined,
  )
  await until('the conversion to be history', async () =>
    (await run('--dry-run')).rows >= 1 ? true : undefined,
  )
  const before = await server.storedBytes()

  expect(await run('--dry-run')).toMatchObject({
    dryRun: true,
    files: 1,
    bytes: source.size,
    recounted: null,
  })
  expect(await server.storedBytes()).toBe(before)
  expect(await run()).toMatchObject({ dryRun: false, files: 1, bytes: source.size, orphans: 0, recounted: 0 })
  expect(await server.storedBytes()).toBe(before - source.size)
  expect(await run()).toMatchObject({ files: 0, bytes: 0 })

  expect((await as(alice, `/v1/conversions/${done.id}`)).status).toBe(404)
  await expectStatus(await content(result?.id), 200)
  expect(JSON.parse(await expectStatus(await as(alice, '/v1/me'), 200)).usage).toEqual({
    files: 1,
    bytes: result?.size,
  })
})

it('tells people in words, and what it does not understand', async ({ server }) => {
  const said = await soundlift(['retention', 'run', '--dry-run'], { env: server.settings })
  expect(said.out).toMatch(/^0 expired files would be removed, 0 B$/m)
  expect((await soundlift(['retention'], { env: server.settings })).code).toBe(64)
})
