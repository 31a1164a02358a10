import type { Static, TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { AppError, isErrorCode } from '../../domain/errors.ts'
import { internalToken } from '../../ports/internal-token.ts'
import { CALLS, type NotificationCenter } from '../../ports/notification-center.ts'
import type { NotificationCenterSettings } from './index.ts'

const TIMEOUT = 5_000
/** Seconds after which it makes sense to ask again. */
const ASK_AGAIN = 5

/** A notification service in another process. */
export async function openHttpNotificationCenter({
  url,
  secret,
}: NotificationCenterSettings): Promise<NotificationCenter & { close(): Promise<void> }> {
  const way =
    <Asked extends TSchema, Answer extends TSchema>(
      name: string,
      { answer }: { asked: Asked; answer: Answer },
    ) =>
    async (asked: Static<Asked>): Promise<Static<Answer>> => {
      const told = await ask(new URL(`/center/${name}`, url), secret, asked)
      if (Value.Check(answer, told)) return told
      throw unavailable('the notification service answers something else')
    }
  return {
    preferences: way('preferences', CALLS.preferences),
    setPreferences: way('setPreferences', CALLS.setPreferences),
    confirmAddress: way('confirmAddress', CALLS.confirmAddress),
    sendReset: way('sendReset', CALLS.sendReset),
    deliveries: way('deliveries', CALLS.deliveries),
    delivery: way('delivery', CALLS.delivery),
    replay: way('replay', CALLS.replay),
    webhooks: way('webhooks', CALLS.webhooks),
    webhook: way('webhook', CALLS.webhook),
    addWebhook: way('addWebhook', CALLS.addWebhook),
    changeWebhook: way('changeWebhook', CALLS.changeWebhook),
    removeWebhook: way('removeWebhook', CALLS.removeWebhook),
    rotateWebhookSecret: way('rotateWebhookSecret', CALLS.rotateWebhookSecret),
    testWebhook: way('testWebhook', CALLS.testWebhook),
    close: async () => {},
  }
}

const unavailable = (text: string, cause?: unknown) =>
  new AppError('SERVICE_UNAVAILABLE', text, { cause, retryAfter: ASK_AGAIN })

async function ask(address: URL, secret: string, asked: unknown): Promise<unknown> {
  const { answer, body } = await exchange(address, secret, asked)
  if (!answer.ok) throw refusal(answer, body)
  return body
}

async function exchange(address: URL, secret: string, asked: unknown) {
  const headers = { authorization: `Bearer ${internalToken(secret)}`, 'content-type': 'application/json' }
  try {
    const signal = AbortSignal.timeout(TIMEOUT)
    const request = {
      method: 'POST',
      headers,
      body: JSON.stringify(asked),
      signal,
      redirect: 'error',
    } as const
    const answer = await fetch(address, request)
    const body: unknown = await answer.json()
    return { answer, body }
  } catch (cause) {
    throw unavailable('the notification service does not answer', cause)
  }
}

/** What the service refuses by a code of the table is refused; that it does not know us or the question is its fault. */
function refusal({ status, headers }: Response, body: unknown): AppError {
  const code = headers.get('x-error-code') ?? ''
  const detail: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'detail') : undefined
  const text = typeof detail === 'string' ? detail : `${status}`
  if (status >= 500 || !isErrorCode(code) || ['TOKEN_INVALID', 'ROUTE_NOT_FOUND'].includes(code)) {
    return unavailable('the notification service does not answer', new Error(`${status} ${text}`))
  }
  const retryAfter = Number(headers.get('retry-after'))
  return new AppError(code, text, retryAfter > 0 ? { retryAfter } : {})
}
