import { request as plain, type RequestOptions } from 'node:http'
import { request as encrypted } from 'node:https'
import { setTimeout as delay } from 'node:timers/promises'

/** How a server takes a body: it answers before the end, asks for more, is silent, or hangs up. */
export type Taken =
  | { readonly kind: 'answer'; readonly status: number; readonly ours: boolean }
  | { readonly kind: 'taken' }
  | { readonly kind: 'cut'; readonly why: string }

const BOUNDARY = 'soundlift-doctor'
const HEAD = `--${BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="doctor"\r\n\r\n`
const FORM = { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` }
/** Milliseconds in which a proxy refuses a length it does not take. */
const PATIENCE = 3_000

/** Announces an upload of so many bytes and sends none of them: what refuses the length says so now. */
export function announceBody(address: URL, bytes: number): Promise<Taken> {
  const headers = { ...FORM, 'content-length': bytes, expect: '100-continue' }
  return exchange(address, { headers }, async () => delay(PATIENCE))
}

/** Begins an upload and sends a few bytes each second, for `milliseconds`; then it goes away, and nothing is kept. */
export function sendSlowly(address: URL, token: string, milliseconds: number): Promise<Taken> {
  const headers = { ...FORM, authorization: `Bearer ${token}`, 'transfer-encoding': 'chunked' }
  return exchange(address, { headers }, async (write, isOver) => {
    write(HEAD)
    for (const end = Date.now() + milliseconds; Date.now() < end && !isOver(); ) {
      write('soundlift doctor sends slowly. '.repeat(4))
      await delay(Math.min(1_000, Math.max(0, end - Date.now())))
    }
  })
}

type Send = (write: (text: string) => void, isOver: () => boolean) => Promise<void>

function exchange(address: URL, options: RequestOptions, send: Send): Promise<Taken> {
  const request = address.protocol === 'https:' ? encrypted : plain
  const { promise, resolve } = Promise.withResolvers<Taken>()
  let over = false
  const asked = request(address, { ...options, method: 'POST', agent: false })
  asked.once('response', (answer) => {
    const ours = answer.headers['x-request-id'] !== undefined
    resolve({ kind: 'answer', status: answer.statusCode ?? 0, ours })
  })
  asked.once('continue', () => resolve({ kind: 'taken' }))
  asked.once('error', ({ message }) => resolve({ kind: 'cut', why: message }))
  asked.flushHeaders()
  void send(
    (text) => asked.write(text),
    () => over,
  ).then(() => resolve({ kind: 'taken' }))
  return promise.finally(() => {
    over = true
    asked.on('error', () => {})
    asked.destroy()
  })
}
