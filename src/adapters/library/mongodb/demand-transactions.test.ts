import { expect, it } from 'vitest'
import { checkServer } from './demand-transactions.ts'

it.each(['4.4.0', '4.4.29', '5.0.1', '6.0.5', '8.2.0-rc1', '10.0.0'])('takes %s', (version) => {
  expect(() => checkServer(version, true)).not.toThrow()
})

it.each(['3.6.23', '4.2.24', '4.3.9'])('refuses %s and says what is needed', (version) => {
  const refused = expect.objectContaining({
    code: 'CONFIG_INVALID',
    message: expect.stringMatching(`${version}.*4\\.4 or newer.*setFeatureCompatibilityVersion`),
  })
  expect(() => checkServer(version, true)).toThrow(refused)
})

it('refuses a server without transactions', () => {
  expect(() => checkServer('6.0.5', false)).toThrow('rs.initiate()')
})
