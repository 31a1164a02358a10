import { BrokenCircuitError, ConsecutiveBreaker, circuitBreaker, handleWhen } from 'cockatiel'
import { AppError, type ErrorCode, isErrorCode } from '../../domain/errors.ts'
import type { Claims, Credentials, Identity, Reset } from '../../ports/identity.ts'
import { internalToken } from '../../ports/internal-token.ts'
import { createClaimsCache } from './http/claims-cache.ts'
import type { IdentitySettings } from './index.ts'

const TIMEOUT = 5_000
/** Seconds after which it makes sense to ask an auth again that did not answer. */
const ASK_AGAIN = 5
/** So many calls in a row that auth did not answer, and it is left alone for so long (milliseconds). */
const FAILURES = 5
const LEFT_ALONE = 2_000

type Request = { method?: 'POST' | 'GET'; headers?: Record<string, string>; body?: string }

/** Who is asking, found out from an auth service over HTTP. */
export async function openHttpIdentity({ url, secret, now = Date.now }: IdentitySettings): Promise<Identity> {
  const cache = createClaimsCache(now)
  const circuit = createCircuit()
  const ask = (path: string, request: Request) => circuit(() => send(new URL(path, url), request))
  /** As one of auth's own. */
  const asOne = () => ({ authorization: `Bearer ${internalToken(secret)}` })

  return {
    async register(account, requestId) {
      const user = field(parse(await ask('/register', json(account, about(requestId)))), 'user')
      return { id: text(user, 'id'), email: text(user, 'email') }
    },
    async login(credentials, kind, requestId) {
      const from = { 'x-forwarded-for': credentials.address, ...about(requestId) }
      if (kind === 'basic') {
        const headers = { ...from, authorization: basic(credentials) }
        return ask('/login', { method: 'POST', headers })
      }
      const { email, password } = credentials
      return text(parse(await ask('/login', json({ email, password }, from))), 'token')
    },
    async claims(token, requestId) {
      const kept = cache.get(token)
      if (kept) return kept
      const headers = { authorization: `Bearer ${token}`, ...about(requestId) }
      const answer = await ask('/validate', { method: 'POST', headers })
      const claims = parseClaims(parse(answer))
      cache.set(token, claims)
      return claims
    },
    async accountId(email) {
      const id = field(parse(await ask('/account-id', json({ email }, asOne()))), 'id')
      return typeof id === 'string' ? id : null
    },
    async askReset(asked, requestId) {
      const headers = { ...asOne(), ...about(requestId) }
      const reset = field(parse(await ask('/password-resets', json(asked, headers))), 'reset')
      return reset === null ? null : parseReset(reset)
    },
    async resetPassword(given, requestId) {
      await ask('/password-resets/confirm', json(given, { ...asOne(), ...about(requestId) }))
    },
    async ping() {
      await ask('/healthz', { method: 'GET' })
    },
    close: async () => {},
  }
}

const about = (requestId: string | undefined): Record<string, string> =>
  requestId === undefined ? {} : { 'x-request-id': requestId }

const json = (body: object, headers: Record<string, string> = {}): Request => ({
  method: 'POST',
  headers: { ...headers, 'content-type': 'application/json' },
  body: JSON.stringify(body),
})

const basic = ({ email, password }: Credentials) =>
  `Basic ${Buffer.from(`${email}:${password}`).toString('base64')}`

const unavailable = (cause: unknown) =>
  new AppError('SERVICE_UNAVAILABLE', 'the auth service does not answer', { cause, retryAfter: ASK_AGAIN })

/** An auth that is away is not waited for by every request: after some failures they are refused at once. */
function createCircuit() {
  const isAway = (error: unknown) => error instanceof AppError && error.code === 'SERVICE_UNAVAILABLE'
  const breaker = new ConsecutiveBreaker(FAILURES)
  const policy = circuitBreaker(handleWhen(isAway), { halfOpenAfter: LEFT_ALONE, breaker })
  return <Answer>(call: () => Promise<Answer>): Promise<Answer> =>
    policy.execute(call).catch((error: unknown) => {
      throw error instanceof BrokenCircuitError ? unavailable(error) : error
    })
}

/** The body of a good answer. */
async function send(url: URL, request: Request): Promise<string> {
  const { answer, body } = await exchange(url, request)
  if (answer.ok) return body
  throw refusal(answer, body, url)
}

async function exchange(url: URL, request: Request): Promise<{ answer: Response; body: string }> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT)
    const answer = await fetch(url, { ...request, signal, redirect: 'error' })
    return { answer, body: await answer.text() }
  } catch (cause) {
    throw unavailable(cause)
  }
}

/** What auth's own codes mean here; another auth of the same contract is understood by its status. */
function refusal(answer: Response, body: string, { pathname }: URL): AppError {
  if (answer.status >= 500)
    return unavailable(new Error(`${pathname}: ${answer.status} ${body.slice(0, 200)}`))
  const given = answer.headers.get('x-error-code') ?? ''
  const code = isErrorCode(given) ? given : codeOf(answer.status, pathname)
  const retryAfter = Number(answer.headers.get('retry-after'))
  return new AppError(code, undefined, retryAfter > 0 ? { retryAfter } : {})
}

function codeOf(status: number, path: string): ErrorCode {
  if (path.endsWith('/validate')) return 'TOKEN_INVALID'
  if (path.endsWith('/login')) return status === 429 ? 'TOO_MANY_ATTEMPTS' : 'CREDENTIALS_INVALID'
  if (status === 409) return 'EMAIL_TAKEN'
  return status === 403 ? 'REGISTRATION_CLOSED' : 'REQUEST_INVALID'
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch (cause) {
    throw unavailable(cause)
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

function text(value: unknown, name: string): string {
  const found = field(value, name)
  if (typeof found !== 'string') throw unavailable(new Error(`the answer of auth has no ${name}`))
  return found
}

function parseReset(reset: unknown): Reset {
  const until = field(reset, 'until')
  if (typeof until !== 'number') throw unavailable(new Error('a reset without a time'))
  return { userId: text(reset, 'userId'), email: text(reset, 'email'), stamp: text(reset, 'stamp'), until }
}

/** Claims as our auth gives them; those of the originals lack the ids. */
function parseClaims(body: unknown): Claims {
  const [exp, iat] = [field(body, 'exp'), field(body, 'iat')]
  if (typeof exp !== 'number' || typeof iat !== 'number') throw unavailable(new Error('claims without times'))
  const username = text(body, 'username')
  const orNull = (name: string) => (typeof field(body, name) === 'string' ? text(body, name) : null)
  const email = orNull('email') ?? username
  return {
    username,
    exp,
    iat,
    admin: field(body, 'admin') === true,
    sub: orNull('sub'),
    userId: orNull('userId'),
    email,
  }
}
