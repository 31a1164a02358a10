import { AppError } from '../domain/errors.ts'
import type { Examination } from '../ports/examination.ts'

const TIMEOUT = 8_000
/** Date headers tell whole seconds. */
const EXACT = 1_000
/** Of an answer that is shown. */
const SHOWN = 200

/** One question to a server that is examined, whatever its answer; SERVICE_UNAVAILABLE without one. */
export async function askOverHttp(
  address: URL,
  request: RequestInit,
  found: Examination,
): Promise<{ status: number; text: string }> {
  const signal = AbortSignal.timeout(TIMEOUT)
  const dateOf = ({ headers }: Response) => Date.parse(headers.get('date') ?? '') || null
  try {
    const asked = () => fetch(address, { ...request, signal, redirect: 'manual' })
    const answer = await found.ask(asked, dateOf, EXACT)
    return { status: answer.status, text: (await answer.text()).slice(0, SHOWN) }
  } catch (cause) {
    throw new AppError('SERVICE_UNAVAILABLE', `${address.host} does not answer: ${reasonOf(cause)}`, {
      cause,
    })
  }
}

/** `fetch failed` says nothing; its cause does. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(', ')
  return error.cause instanceof Error ? reasonOf(error.cause) : error.message
}
