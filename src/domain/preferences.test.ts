import { expect, it } from 'vitest'
import type { ConversionEvent, ConversionEventType, ToldEvent } from './event.ts'
import { wants } from './preferences.ts'

const about = { id: '65f0c2a1b3d4e5f600000001', requestId: null, createdAt: 0 }
const conversion = (type: ConversionEventType): ConversionEvent => ({
  ...about,
  ...{ type, conversionId: '65f0c2a1b3d4e5f600000002', ownerId: 'alice', username: 'alice@example.com' },
  ...{
    sourceId: '65f0c2a1b3d4e5f600000003',
    sourceName: 'talk.mkv',
    result: null,
    warning: null,
    failure: null,
  },
})
const EVENTS: readonly ToldEvent[] = [
  conversion('conversion.queued'),
  conversion('conversion.running'),
  conversion('conversion.done'),
  conversion('conversion.failed'),
  {
    ...about,
    person: 'alice',
    type: 'webhook.disabled',
    webhookId: 'a'.repeat(24),
    url: 'https://x.y',
    reason: 'gone',
  },
  { ...about, person: 'alice', type: 'address.code', channel: 'sms', until: 9 },
  { ...about, person: 'alice', type: 'password.reset', stamp: 's', until: 9 },
]
const ENDED = ['done', 'failed']
const ALL = ['queued', 'running', ...ENDED]
const ASKED = ['code', 'reset']

it.each([
  ['email', true, false, [...ENDED, 'disabled', ...ASKED]],
  ['email', true, true, ['failed', 'disabled', ...ASKED]],
  ['email', false, false, ASKED],
  ['email', false, true, ASKED],
  ['sms', true, false, [...ENDED, 'disabled', ...ASKED]],
  ['sms', true, true, ['failed', 'disabled', ...ASKED]],
  ['sms', false, false, ASKED],
  ['webhook', true, false, [...ALL, 'disabled', ...ASKED]],
  ['webhook', true, true, ['failed', 'disabled', ...ASKED]],
  ['webhook', false, false, ASKED],
] as const)('by %s, enabled %s, only failures %s: %j', (channel, enabled, onlyFailures, told) => {
  const other = { enabled: !enabled, onlyFailures: !onlyFailures, address: null, pending: null }
  const set = { enabled, onlyFailures, address: null, pending: null }
  const preferences = { email: other, sms: other, webhook: other, [channel]: set }
  const wanted = EVENTS.filter((event) => wants(preferences, channel, event))
  expect(wanted.map(({ type }) => type.split('.')[1])).toEqual(told)
})
