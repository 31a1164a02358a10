import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { AppError, type ErrorCode, errorKind, toAppError } from '../domain/errors.ts'
import { refusalOf } from './refusals.ts'

/** Seconds a client is asked to wait when the error itself says nothing. */
const DEFAULT_RETRY_AFTER = 5
const RETRIABLE_STATUS = [429, 503, 507]

/** The one place where an error becomes an answer. The caller gets code and sentence, the log gets the cause. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const failure = ofFramework(error) ?? toAppError(error)
  const { refusals } = request.routeOptions.config
  const style = typeof refusals === 'function' ? refusals(request) : refusals
  const { status, text } = refusalOf(failure, style)
  logFailure(request, failure, status)

  // Fastify asks to close the connection when it has not read a body; the server drains it instead, so that a
  // client that is still sending sees the answer.
  reply.removeHeader('connection')
  const wait = failure.retryAfter ?? (RETRIABLE_STATUS.includes(status) ? DEFAULT_RETRY_AFTER : undefined)
  if (wait !== undefined) reply.header('retry-after', Math.max(1, Math.ceil(wait)))
  reply.code(status).header('cache-control', 'no-store').header('x-error-code', failure.code)
  if (style?.form === 'text') return reply.type('text/plain; charset=utf-8').send(text)
  if (style?.form === 'json') return sendJson(reply, 'application/json; charset=utf-8', { error: text })
  if (status === 401) reply.header('www-authenticate', 'Bearer')
  return sendJson(reply, 'application/problem+json', problem(failure, request.id))
}

/** RFC 9457. */
function problem(failure: AppError, requestId: string) {
  const { status, meaning } = errorKind(failure.code)
  const type = `urn:soundlift:error:${failure.code.toLowerCase().replaceAll('_', '-')}`
  const { code, message: detail, errors } = failure
  return { type, title: meaning, status, detail, code, requestId, ...(errors ? { errors } : {}) }
}

/** As a string, so that no response schema takes anything away. */
const sendJson = (reply: FastifyReply, type: string, body: object) =>
  reply
    .serializer((text) => text)
    .type(type)
    .send(JSON.stringify(body))

function logFailure(request: FastifyRequest, failure: AppError, status: number): void {
  const entry = { code: failure.code, err: failure.cause ?? failure }
  if (status >= 500) request.log.error(entry, 'request failed')
  else if (failure.cause !== undefined) request.log.debug(entry, 'request refused')
}

const FRAMEWORK_CODES: Readonly<Record<number, ErrorCode>> = {
  404: 'ROUTE_NOT_FOUND',
  413: 'REQUEST_TOO_LARGE',
  415: 'CONTENT_TYPE_UNSUPPORTED',
}

/** Errors of Fastify and its plugins about the request; undefined for everything else. */
function ofFramework(error: unknown): AppError | undefined {
  if (!isFastifyError(error)) return undefined
  if (error.validation) return new AppError('REQUEST_INVALID', undefined, { errors: fieldErrors(error) })
  const { statusCode = 500 } = error
  if (statusCode < 400 || statusCode > 499) return undefined
  return new AppError(FRAMEWORK_CODES[statusCode] ?? 'REQUEST_INVALID', undefined, { cause: error })
}

const fieldErrors = (error: FastifyError) =>
  (error.validation ?? []).map(({ instancePath, params, message }) => ({
    field: fieldOf(instancePath, params['missingProperty'], error.validationContext),
    text: message ?? 'is not valid',
  }))

function fieldOf(path: string, missing: unknown, context: string | undefined): string {
  const names = [...path.split('/').filter(Boolean), ...(typeof missing === 'string' ? [missing] : [])]
  return names.join('.') || context || 'request'
}

function isFastifyError(error: unknown): error is FastifyError {
  return (
    error instanceof Error && !(error instanceof AppError) && ('statusCode' in error || 'validation' in error)
  )
}
