import { isId } from '../kit/ids.ts'
import { isTraceparent } from '../kit/traceparent.ts'
import type { Conversion } from './conversion.ts'
import { AppError } from './errors.ts'
import { parseEmail } from './user.ts'

/** The body on the wire. The first three keys are the contract; ours are added and never needed from others. */
export interface QueueMessage {
  readonly video_fid: string
  readonly mp3_fid: string | null
  readonly username: string
  readonly conversion_id?: string
  /** Ties log lines of several services together. */
  readonly request_id?: string
  /** W3C trace context. */
  readonly traceparent?: string
}

/** What tells the converters to look for this conversion. */
export function wakeUpCall(conversion: Conversion, requestId: string): QueueMessage {
  const { id, sourceId, ownerEmail, traceparent } = conversion
  return {
    video_fid: sourceId,
    mp3_fid: null,
    username: ownerEmail,
    conversion_id: id,
    request_id: requestId,
    ...(traceparent !== null && { traceparent }),
  }
}

/** The longest e-mail address (RFC 5321, 4.5.3.1), and more than any request id of ours. */
const LONGEST_NAME = 320
const LONGEST_REQUEST_ID = 200

/**
 * What a message says, whoever sent it; MESSAGE_UNUSABLE, with the reason, when nothing can be made of it. Keys that we
 * add are left out when they are not what we would have sent: a stranger may use these names for something else.
 */
export function parseQueueMessage(body: Uint8Array): QueueMessage {
  const found = parseJson(body)
  const field = (name: string): unknown => Reflect.get(found, name)
  const [video, mp3, username] = [field('video_fid'), field('mp3_fid') ?? null, field('username')]
  if (!isIdText(video)) throw unusable('video_fid is not an id of 24 hex digits')
  if (mp3 !== null && !isIdText(mp3)) throw unusable('mp3_fid is neither null nor an id of 24 hex digits')
  if (!isShortText(username, LONGEST_NAME)) throw unusable('username is not an e-mail address')
  const [conversion, request, traceparent] = ['conversion_id', 'request_id', 'traceparent'].map(field)
  return {
    video_fid: video.toLowerCase(),
    mp3_fid: mp3?.toLowerCase() ?? null,
    username,
    ...(isIdText(conversion) && { conversion_id: conversion }),
    ...(isShortText(request, LONGEST_REQUEST_ID) && { request_id: request }),
    ...(isTraceparent(traceparent) && { traceparent }),
  }
}

/** Whom a message is about, as an address; MESSAGE_UNUSABLE when it is none. */
export function recipientOf({ username }: QueueMessage): string {
  try {
    return parseEmail(username)
  } catch (error) {
    throw unusable('username is not an e-mail address', error)
  }
}

/** For whoever is handed a message that reads well, but asks for what is not there. */
export function unusable(reason: string, cause?: unknown): AppError {
  return new AppError('MESSAGE_UNUSABLE', reason, { cause })
}

function parseJson(body: Uint8Array): object {
  let found: unknown
  try {
    found = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch (cause) {
    throw unusable('the body is not JSON', cause)
  }
  if (typeof found === 'object' && found !== null && !Array.isArray(found)) return found
  throw unusable('the body is JSON, but not an object')
}

const isIdText = (value: unknown): value is string => typeof value === 'string' && isId(value.toLowerCase())

const isShortText = (value: unknown, longest: number): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= longest
