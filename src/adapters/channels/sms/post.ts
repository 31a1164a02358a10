import { AppError } from '../../../domain/errors.ts'

export interface Post {
  readonly address: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Milliseconds for the whole exchange. */
  readonly timeoutMs: number
}

export interface PostAnswer {
  readonly status: number
  /** Seconds the provider asks for; undefined without. */
  readonly retryAfter: number | undefined
  /** Its beginning. */
  readonly body: string
}

/** What of an answer is read. */
const MOST = 16 * 1024

/** Hands a request to a provider; DELIVERY_DEFERRED when no answer comes. Redirects are not followed. */
export async function post({ address, headers, body, timeoutMs }: Post): Promise<PostAnswer> {
  try {
    const signal = AbortSignal.timeout(timeoutMs)
    const answer = await fetch(address, { method: 'POST', headers, body, signal, redirect: 'manual' })
    const wait = Number(answer.headers.get('retry-after'))
    return {
      status: answer.status,
      retryAfter: wait > 0 ? wait : undefined,
      body: await beginning(answer),
    }
  } catch (cause) {
    const isLate = cause instanceof Error && cause.name === 'TimeoutError'
    const why = isLate ? 'did not answer in time' : 'can not be reached'
    throw new AppError('DELIVERY_DEFERRED', `${nameOf(address)} ${why}`, { cause })
  }
}

/** How a provider is called in a reason. */
export const nameOf = (address: URL) => `the SMS provider ${address.host}`

async function beginning(answer: Response): Promise<string> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of answer.body ?? []) {
    parts.push(part)
    size += part.length
    if (size >= MOST) break
  }
  return Buffer.concat(parts).subarray(0, MOST).toString()
}
