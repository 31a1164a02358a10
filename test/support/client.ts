import { randomBytes } from 'node:crypto'
import { openAsBlob } from 'node:fs'
import { basename } from 'node:path'
import type { Server } from './server.ts'
import { until } from './wait.ts'

/** Someone who has an account and is logged in. */
export interface Person {
  readonly url: string
  readonly id: string
  readonly email: string
  readonly password: string
  readonly token: string
}

/** The part of a conversion that tests look at (CONTRACT H). */
export interface ConversionBody {
  readonly id: string
  readonly state: 'queued' | 'running' | 'done' | 'failed' | 'cancelled'
  readonly progress: number
  readonly attempt: number
  readonly wish: { readonly format: string; readonly bitrate?: number }
  readonly source: { readonly id: string; readonly name: string; readonly size: number }
  readonly result: {
    readonly id: string
    readonly name: string
    readonly size: number
    readonly contentType: string
    readonly duration: number
  } | null
  readonly partial: boolean
  readonly warning: Told | null
  readonly failure: Told | null
  readonly createdAt: string
  readonly startedAt: string | null
  readonly endedAt: string | null
}
interface Told {
  readonly code: string
  readonly text: string
}

const json = { 'content-type': 'application/json' }

/** Registers an account and logs in. */
export async function newPerson(
  url: string,
  email = `${randomBytes(6).toString('hex')}@example.com`,
): Promise<Person> {
  const password = 'correct horse battery'
  const body = JSON.stringify({ email, password })
  const registered = await fetch(`${url}/register`, { method: 'POST', headers: json, body })
  const { user }: { user: { id: string } } = JSON.parse(await expectStatus(registered, 201))
  return { url, id: user.id, email, password, token: await login(url, email, password) }
}

/** The administrator that the settings name, else the first account. */
export async function administrator({ url, settings }: Server): Promise<Person> {
  const { ADMIN_EMAIL: email, ADMIN_PASSWORD: password } = settings
  if (!email || !password) return newPerson(url)
  const known = { url, email, password, token: await login(url, email, password) }
  const me: { userId: string } = JSON.parse(await expectStatus(await as({ ...known, id: '' }, '/me'), 200))
  return { ...known, id: me.userId }
}

/** The token of a Basic login. */
export async function login(url: string, email: string, password: string): Promise<string> {
  const authorization = basic(email, password)
  return expectStatus(await fetch(`${url}/login`, { method: 'POST', headers: { authorization } }), 200)
}

export function basic(email: string, password: string): string {
  return `Basic ${Buffer.from(`${email}:${password}`).toString('base64')}`
}

export function bearer(person: Person): { authorization: string } {
  return { authorization: `Bearer ${person.token}` }
}

/** A request as this person. */
export function as(
  person: Person,
  path: string,
  init: RequestInit & { headers?: Record<string, string> } = {},
) {
  return fetch(`${person.url}${path}`, { ...init, headers: { ...bearer(person), ...init.headers } })
}

/** JSON sent as this person. */
export function sendJson(person: Person, method: string, path: string, body: unknown) {
  return as(person, path, { method, headers: json, body: JSON.stringify(body) })
}

/** A form with one file of the disk in it. */
export async function formOf(path: string, fields: Readonly<Record<string, string>> = {}): Promise<FormData> {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  form.set('file', await openAsBlob(path), basename(path))
  return form
}

/** Uploads a file by the classic route; the ids its headers tell. */
export async function upload(person: Person, path: string, wish: Readonly<Record<string, string>> = {}) {
  const answer = await as(person, '/upload', { method: 'POST', body: await formOf(path, wish) })
  await expectStatus(answer, 200)
  return {
    conversionId: answer.headers.get('x-conversion-id') ?? '',
    fileId: answer.headers.get('x-file-id') ?? '',
  }
}

export async function conversion(person: Person, id: string): Promise<ConversionBody> {
  return JSON.parse(await expectStatus(await as(person, `/v1/conversions/${id}`), 200))
}

/** Waits until a conversion is in one of these states. */
export function inState(
  person: Person,
  id: string,
  states: readonly ConversionBody['state'][],
  milliseconds = 45_000,
) {
  let seen = ''
  const ask = async () => {
    const now = await conversion(person, id)
    seen = JSON.stringify(now)
    return states.includes(now.state) ? now : undefined
  }
  return until(`conversion ${id} is ${states.join(' or ')}`, ask, milliseconds).catch((cause: Error) => {
    throw new Error(`${cause.message}; last seen ${seen}`)
  })
}

/** Waits until a conversion has ended, in whatever way. */
export function ended(person: Person, id: string, milliseconds?: number) {
  return inState(person, id, ['done', 'failed', 'cancelled'], milliseconds)
}

/** Uploads a recording and waits until a part of it is converted; the id of its conversion. */
export async function halfway(person: Person, path: string): Promise<string> {
  const { conversionId } = await upload(person, path)
  const begun = async () => {
    const { state, progress } = await conversion(person, conversionId)
    return (state === 'running' && progress > 0) || undefined
  }
  await until(`a part of conversion ${conversionId}`, begun)
  return conversionId
}

/** Uploads, waits, and gives back how it ended. */
export async function converted(
  person: Person,
  path: string,
  wish: Readonly<Record<string, string>> = {},
  milliseconds?: number,
) {
  const { conversionId } = await upload(person, path, wish)
  return ended(person, conversionId, milliseconds)
}

/** The bytes of a result. */
export async function download(person: Person, fid: string): Promise<Buffer> {
  const answer = await as(person, `/download?fid=${fid}`)
  if (answer.status !== 200) throw new Error(`download answered ${answer.status} ${await answer.text()}`)
  return Buffer.from(await answer.arrayBuffer())
}

/** The body of an answer that must have this status. */
export async function expectStatus(answer: Response, status: number): Promise<string> {
  const text = await answer.text()
  if (answer.status !== status)
    throw new Error(`${answer.url} answered ${answer.status}, not ${status}: ${text}`)
  return text
}

/** Asks for further conversions of a file, one after another; their ids. */
export async function askAgain(person: Person, fileId: string, count: number): Promise<string[]> {
  const ids: string[] = []
  while (ids.length < count) {
    const answer = await sendJson(person, 'POST', '/v1/conversions', { fileId })
    const { id }: { id: string } = JSON.parse(await expectStatus(answer, 202))
    ids.push(id)
  }
  return ids
}
