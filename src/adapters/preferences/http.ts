import { AppError } from '../../domain/errors.ts'
import { internalToken } from '../../ports/internal-token.ts'
import type { PreferenceStore, Preferences } from '../../ports/notifications.ts'
import type { PreferenceSettings } from './index.ts'

const TIMEOUT = 5_000
/** Seconds after which it makes sense to ask again. */
const ASK_AGAIN = 5

/** Preferences, kept by a notification service in another process. */
export async function openHttpPreferences({
  url,
  secret,
}: PreferenceSettings): Promise<PreferenceStore & { close(): Promise<void> }> {
  const ask = async (person: string, change: RequestInit): Promise<unknown> => {
    const address = new URL(`/preferences/${encodeURIComponent(person)}`, url)
    const headers = { authorization: `Bearer ${internalToken(secret)}`, 'content-type': 'application/json' }
    try {
      const signal = AbortSignal.timeout(TIMEOUT)
      const answer = await fetch(address, { ...change, headers, signal, redirect: 'error' })
      if (!answer.ok) throw new Error(`${answer.status} ${(await answer.text()).slice(0, 200)}`)
      return await answer.json()
    } catch (cause) {
      const text = 'the notification service does not answer'
      throw new AppError('SERVICE_UNAVAILABLE', text, { cause, retryAfter: ASK_AGAIN })
    }
  }
  return {
    preferences: async (person) => parse(await ask(person, { method: 'GET' })),
    async setPreferences(person, preferences) {
      await ask(person, { method: 'PUT', body: JSON.stringify(preferences) })
    },
    close: async () => {},
  }
}

function parse(body: unknown): Preferences {
  const email: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'email') : undefined
  const enabled: unknown =
    typeof email === 'object' && email !== null ? Reflect.get(email, 'enabled') : undefined
  if (typeof enabled === 'boolean') return { email: { enabled } }
  throw new AppError('SERVICE_UNAVAILABLE', 'the notification service answers something else', {
    retryAfter: ASK_AGAIN,
  })
}
