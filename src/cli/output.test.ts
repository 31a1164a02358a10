import { expect, it, vi } from 'vitest'
import { AppError } from '../domain/errors.ts'
import { describeError, forPrograms, takeJson } from './output.ts'

it('--json is taken wherever it stands, but for names of files', () => {
  expect(takeJson(['list', '--json', '-n', '3'])).toEqual({ args: ['list', '-n', '3'], json: true })
  expect(takeJson(['--', '--json'])).toEqual({ args: ['--', '--json'], json: false })
})

it('a document has times as /v1 has them', () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  forPrograms.say('a line')
  forPrograms.answer({ createdAt: 0, endedAt: null, lease: { until: 1_000 }, attempt: 3 })
  expect(log.mock.calls.map(([text]) => JSON.parse(text))).toEqual([
    {
      createdAt: '1970-01-01T00:00:00.000Z',
      endedAt: null,
      lease: { until: '1970-01-01T00:00:01.000Z' },
      attempt: 3,
    },
  ])
  log.mockRestore()
})

it('a failure is told with its single mistakes and its remedy', () => {
  const errors = [{ field: 'PORT', text: 'is not a port' }]
  expect(describeError(new AppError('CONFIG_INVALID', undefined, { errors }))).toEqual({
    code: 'CONFIG_INVALID',
    message: 'The configuration is not valid.',
    errors,
    remedy: 'Mend the variables that are listed.',
  })
})
