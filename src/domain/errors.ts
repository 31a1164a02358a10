/** One kind of failure, as a caller can meet it. */
interface ErrorKind {
  /** HTTP status on /v1; the classic routes translate where CONTRACT says otherwise. */
  readonly status: number
  /** Exit code of the command line, after sysexits.h. */
  readonly exit: number
  /** One sentence for a person: what happened. Also the default message. */
  readonly meaning: string
  /** One sentence: what mends it. */
  readonly remedy: string
  /** For conversions: may another attempt end differently? What lies in the file does not change. */
  readonly retry?: true
}

/** The one table of failures. Nothing else is thrown across a room; docs/errors.md is tested against it. */
// biome-ignore format: one row, one line
export const ERRORS = {
  // Accounts and tokens
  CREDENTIALS_MISSING: { status: 401, exit: 77, meaning: 'The e-mail address or the password is missing.', remedy: 'Send HTTP Basic credentials or a JSON body with email and password.' },
  CREDENTIALS_INVALID: { status: 401, exit: 77, meaning: 'The e-mail address or the password is wrong.', remedy: 'Check both; for a forgotten password ask for a link by POST /v1/password-resets, or an administrator for `soundlift user passwd`.' },
  TOO_MANY_ATTEMPTS: { status: 429, exit: 75, meaning: 'There were too many failed logins, or too many links for new passwords were asked for.', remedy: 'Wait for the seconds named in Retry-After.' },
  TOKEN_MISSING: { status: 401, exit: 77, meaning: 'The request carries no token.', remedy: 'Log in and send the token as `Authorization: Bearer TOKEN`.' },
  AUTHORIZATION_MALFORMED: { status: 401, exit: 77, meaning: 'The Authorization header is not understood.', remedy: 'Send the token as `Authorization: Bearer TOKEN`.' },
  TOKEN_INVALID: { status: 401, exit: 77, meaning: 'The token is not valid.', remedy: 'Log in again.' },
  TOKEN_EXPIRED: { status: 401, exit: 77, meaning: 'The token has expired.', remedy: 'Log in again.' },
  FORBIDDEN: { status: 403, exit: 77, meaning: 'This belongs to someone else.', remedy: 'Use the account that owns it, or an administrator.' },
  EMAIL_INVALID: { status: 400, exit: 65, meaning: 'The e-mail address is not valid.', remedy: 'Send an address such as alice@example.com.' },
  EMAIL_TAKEN: { status: 409, exit: 65, meaning: 'An account with this e-mail address exists.', remedy: 'Log in, or choose another address.' },
  PASSWORD_WEAK: { status: 400, exit: 65, meaning: 'The password needs 8 to 256 characters and must not be among the most common ones.', remedy: 'Choose a longer or less common password.' },
  REGISTRATION_CLOSED: { status: 403, exit: 77, meaning: 'Registration is closed.', remedy: 'Ask an administrator for an account.' },
  USER_NOT_FOUND: { status: 404, exit: 67, meaning: 'There is no account with this e-mail address.', remedy: 'See `soundlift user list`.' },

  // Requests
  REQUEST_INVALID: { status: 400, exit: 65, meaning: 'The request is malformed.', remedy: 'See the errors listed beside this code.' },
  REQUEST_TOO_LARGE: { status: 413, exit: 65, meaning: 'The body of the request is larger than this address takes.', remedy: 'Send less; files go to /upload or /v1/conversions.' },
  CONTENT_TYPE_UNSUPPORTED: { status: 415, exit: 65, meaning: 'This address does not take a body of this content type.', remedy: 'Send application/json, or multipart/form-data with a file.' },
  ROUTE_NOT_FOUND: { status: 404, exit: 69, meaning: 'There is nothing at this address.', remedy: 'Check method and path.' },
  WISH_INVALID: { status: 400, exit: 64, meaning: 'What is asked for can not be made.', remedy: 'The message names what is possible.' },
  ONE_FILE_REQUIRED: { status: 400, exit: 64, meaning: 'Exactly one file is required.', remedy: 'Send one multipart part with a file.' },
  FILE_NAME_MISSING: { status: 400, exit: 64, meaning: 'The file has no name.', remedy: 'Send ?filename= or the header X-Filename.' },
  FILE_BODY_MISSING: { status: 400, exit: 64, meaning: 'The request has no body.', remedy: 'Send the file as the raw body.' },
  FILE_TOO_LARGE: { status: 413, exit: 65, meaning: 'The file is larger than this server takes.', remedy: 'Send a smaller file, or raise UPLOAD_LIMIT or RAW_UPLOAD_LIMIT.' },
  QUOTA_EXCEEDED: { status: 413, exit: 65, meaning: 'The files of this account take all the room they may.', remedy: 'Delete files that are not needed; GET /v1/me tells what is used. QUOTA_BYTES and QUOTA_FILES set how much there is.' },
  UPLOAD_STALLED: { status: 408, exit: 75, meaning: 'The upload stopped making progress.', remedy: 'Send it again; STALL_TIMEOUT sets how long a pause may be.' },
  UPLOAD_ABORTED: { status: 400, exit: 75, meaning: 'The upload ended before the file was whole.', remedy: 'Send it again.' },
  RANGE_INVALID: { status: 416, exit: 65, meaning: 'The range lies outside the file.', remedy: 'Ask for bytes below the size in Content-Range.' },
  LINK_INVALID: { status: 403, exit: 77, meaning: 'The link is not valid or has expired.', remedy: 'Ask for a new link.' },

  // Files and conversions
  FILE_ID_MISSING: { status: 400, exit: 64, meaning: 'The id of the file is missing.', remedy: 'Send ?fid= with the id from the mail.' },
  FILE_ID_MALFORMED: { status: 400, exit: 64, meaning: 'The id of the file is malformed.', remedy: 'An id has 24 hex digits.' },
  FILE_NOT_FOUND: { status: 404, exit: 66, meaning: 'There is no such file.', remedy: 'Check the id and the account.' },
  FILE_EXPIRED: { status: 410, exit: 66, meaning: 'The file has expired and was removed.', remedy: 'Upload the video again.' },
  FILE_IN_USE: { status: 409, exit: 75, meaning: 'A conversion is using this file.', remedy: 'Wait until it ends, or cancel it.' },
  BLOB_NOT_FOUND: { status: 404, exit: 66, meaning: 'The bytes of this file are missing from the store.', remedy: 'Restore the blob store from its backup, or upload the file again.' },
  BLOB_CORRUPT: { status: 500, exit: 74, meaning: 'The stored bytes differ from those that were uploaded.', remedy: 'Restore the file from a backup, or upload it again.' },
  CONVERSION_NOT_FOUND: { status: 404, exit: 66, meaning: 'There is no such conversion.', remedy: 'Check the id and the account.' },
  RECEIPT_NOT_FOUND: { status: 404, exit: 66, meaning: 'This conversion has no receipt.', remedy: 'Only what was converted here to its end has one.' },
  CONVERSION_NOT_READY: { status: 409, exit: 75, meaning: 'The conversion has not ended yet.', remedy: 'Ask again in a few seconds.' },
  CONVERSION_FAILED: { status: 410, exit: 65, meaning: 'The conversion failed: there is no result.', remedy: 'The message says why; retry it, or upload another file.' },
  CONVERSION_ENDED: { status: 409, exit: 65, meaning: 'The conversion has ended already.', remedy: 'Nothing is left to cancel.' },
  CONVERSION_NOT_RETRYABLE: { status: 409, exit: 65, meaning: 'Only a failed or cancelled conversion can be tried again.', remedy: 'Start a new conversion of the same file.' },
  CONVERSIONS_OFF: { status: 503, exit: 69, meaning: 'This server does not convert.', remedy: 'Set BROKER_URL to a broker.' },
  LEASE_LOST: { status: 409, exit: 70, meaning: 'Another worker has taken this conversion over.', remedy: 'Nothing: the other worker finishes it.' },

  // What ends a conversion
  MEDIA_EMPTY: { status: 422, exit: 65, meaning: 'The file is empty.', remedy: 'Check the file and send it again.' },
  MEDIA_UNREADABLE: { status: 422, exit: 65, meaning: 'The file is not a video or audio file that can be read.', remedy: 'Check that it plays; send it as mp4, mkv, mov, webm or another common format.' },
  MEDIA_NO_AUDIO: { status: 422, exit: 65, meaning: 'The file has no sound.', remedy: 'Send a file with an audio track.' },
  MEDIA_TOO_LONG: { status: 422, exit: 65, meaning: 'The sound is longer than this server allows.', remedy: 'Cut the file, or raise MAX_DURATION.' },
  WISH_UNMET: { status: 422, exit: 65, meaning: 'This file can not be turned into what was asked for.', remedy: 'The message says why and what is possible; ask for that.' },
  RESULT_TOO_LARGE: { status: 422, exit: 65, meaning: 'The result would be larger than this server allows.', remedy: 'Ask for a lower bitrate, or raise MAX_OUTPUT.' },
  RESULT_INVALID: { status: 500, exit: 70, meaning: 'The result did not pass its check and was discarded.', remedy: 'Try again; if it happens twice, report it with the receipt.', retry: true },
  MEMORY_LIMIT: { status: 422, exit: 65, meaning: 'Reading the file needs more memory than one conversion may use.', remedy: 'Save the file anew with another program and send that.' },
  CONVERSION_TIMEOUT: { status: 500, exit: 75, meaning: 'The conversion took longer than this server allows.', remedy: 'Cut the file, or raise JOB_TIMEOUT.' },
  CONVERSION_STALLED: { status: 500, exit: 75, meaning: 'The conversion stopped making progress.', remedy: 'Try again; if it happens twice, the file is damaged or STALL_TIMEOUT is too short.', retry: true },
  CONVERSION_CANCELLED: { status: 409, exit: 130, meaning: 'The conversion was cancelled.', remedy: 'Start it again with retry.' },
  ENGINE_FAILED: { status: 500, exit: 70, meaning: 'The conversion broke off inside the engine.', remedy: 'Try again; if it happens twice, the file may be damaged.', retry: true },
  WORKER_LOST: { status: 500, exit: 70, meaning: 'The worker that was converting this went away.', remedy: 'Retry the conversion; the logs of the converter say why it ended.', retry: true },

  // Warnings of a conversion that is done with `partial: true`
  SOURCE_TRUNCATED: { status: 200, exit: 0, meaning: 'The source ends early: the result holds the sound up to there.', remedy: 'If there should be more, send the whole file.' },
  SOURCE_DAMAGED: { status: 200, exit: 0, meaning: 'Parts of the source are damaged: they are missing or may be heard in the result.', remedy: 'Send an undamaged file.' },

  // Deliveries and messages
  MESSAGE_UNUSABLE: { status: 422, exit: 65, meaning: 'A message in a queue can not be used.', remedy: 'It is kept as a dead letter with the reason; mend the cause and requeue it.' },
  DELIVERY_REFUSED: { status: 502, exit: 69, meaning: 'The receiver refused the message for good.', remedy: 'Check the address; the delivery is parked with the reason.' },
  DELIVERY_NOT_FOUND: { status: 404, exit: 66, meaning: 'There is no such delivery.', remedy: 'Check the id and the account.' },
  DELIVERY_UNDER_WAY: { status: 409, exit: 75, meaning: 'This delivery waits or is being sent.', remedy: 'Wait until it ends; nextAttemptAt says when it is tried again.' },
  DELIVERY_DEFERRED: { status: 502, exit: 75, meaning: 'The message could not be handed over yet.', remedy: 'Nothing: it is tried again.', retry: true },
  NUMBER_INVALID: { status: 400, exit: 65, meaning: 'The telephone number is not valid.', remedy: 'Send it with + and the code of its country, such as +15551234567.' },
  CODE_WRONG: { status: 400, exit: 65, meaning: 'The code is not the one that was sent.', remedy: 'Send the six digits of the newest message; five tries are good.' },
  CODE_EXPIRED: { status: 410, exit: 65, meaning: 'No code is good for this channel: it expired, was used, or was tried too often.', remedy: 'Set the address again: a new code comes.' },
  TOO_MANY_CODES: { status: 429, exit: 75, meaning: 'Too many codes were asked for.', remedy: 'Wait for the seconds named in Retry-After.' },
  WEBHOOK_URL_INVALID: { status: 400, exit: 65, meaning: 'The URL of the webhook is not valid.', remedy: 'Send an http or https URL of at most 2,000 characters, without user and password.' },
  WEBHOOK_TARGET_REFUSED: { status: 422, exit: 77, meaning: 'The webhook leads to an address that is not on the public internet.', remedy: 'Name a public receiver; an operator can allow networks with ALLOW_PRIVATE_WEBHOOKS.' },
  WEBHOOK_NOT_FOUND: { status: 404, exit: 66, meaning: 'There is no such webhook.', remedy: 'Check the id and the account.' },
  WEBHOOK_LIMIT: { status: 409, exit: 65, meaning: 'There are 20 webhooks already.', remedy: 'Remove one that is not needed.' },
  WEBHOOK_GONE: { status: 502, exit: 69, meaning: 'The receiver answered 410: this webhook is gone.', remedy: 'Mend the receiver and enable the webhook again.' },

  // The process
  CONFIG_INVALID: { status: 500, exit: 78, meaning: 'The configuration is not valid.', remedy: 'Mend the variables that are listed.' },
  PORT_TAKEN: { status: 500, exit: 69, meaning: 'The port is in use by another program.', remedy: 'End the other program, or choose another port with PORT.' },
  DATA_DIR_UNUSABLE: { status: 500, exit: 73, meaning: 'The data folder can not be written.', remedy: 'Mend its permissions, or name another folder with DATA_DIR.' },
  DATA_DIR_IN_USE: { status: 500, exit: 75, meaning: 'Another Soundlift runs on the same data folder.', remedy: 'End it, or name another folder with DATA_DIR.' },
  STORAGE_FULL: { status: 507, exit: 74, meaning: 'The server has no space left.', remedy: 'Free space on the disk that holds DATA_DIR; DISK_RESERVE says how much uploads leave free.', retry: true },
  OVERLOADED: { status: 503, exit: 75, meaning: 'The server has more to do than it can.', remedy: 'Wait for the seconds named in Retry-After; an operator adds processes or cores.', retry: true },
  UPLOADS_BUSY: { status: 503, exit: 75, meaning: 'As many uploads are under way as this server takes.', remedy: 'Wait for the seconds named in Retry-After; an operator can raise UPLOADS_AT_ONCE or add gateways.' },
  TOO_MANY_UPLOADS: { status: 429, exit: 75, meaning: 'As many of your uploads are under way as one person may have.', remedy: 'Wait until one ends; an operator can raise UPLOADS_PER_USER.' },
  QUEUE_FULL: { status: 503, exit: 75, meaning: 'As many conversions wait as this server takes.', remedy: 'Wait for the seconds named in Retry-After; an operator adds converters, or raises QUEUE_LIMIT.' },
  TOO_MANY_QUEUED: { status: 429, exit: 75, meaning: 'As many of your conversions wait as one person may have.', remedy: 'Wait until some are done, or cancel some; an operator can raise QUEUE_PER_USER.' },
  SERVICE_UNAVAILABLE: { status: 503, exit: 69, meaning: 'A part this needs does not answer.', remedy: 'Try again soon; /readyz names the part.', retry: true },
  INTERNAL: { status: 500, exit: 70, meaning: 'Something unexpected went wrong.', remedy: 'Look up the request id in the logs.', retry: true },

  // The command line
  USAGE: { status: 400, exit: 64, meaning: 'The command was not understood.', remedy: 'See `soundlift --help`.' },
  INPUT_NOT_FOUND: { status: 400, exit: 66, meaning: 'The input file can not be read.', remedy: 'Check the path and its permissions.' },
  OUTPUT_EXISTS: { status: 409, exit: 73, meaning: 'The output file exists.', remedy: 'Name another with -o, or overwrite it with -y.' },
  OUTPUT_UNWRITABLE: { status: 500, exit: 73, meaning: 'The output file can not be written.', remedy: 'Check the folder and its permissions.' },
} as const satisfies Record<string, ErrorKind>

export type ErrorCode = keyof typeof ERRORS

/** The row of a code, with its optional columns. */
export function errorKind(code: ErrorCode): ErrorKind {
  return ERRORS[code]
}

/** True for the codes of the table, so that a code read from a store can be trusted. */
export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(ERRORS, text)
}

/** A failure with a code of the table. The message is for the caller; the cause is for the log. */
export class AppError extends Error {
  readonly code: ErrorCode
  /** Seconds until it makes sense to ask again, for Retry-After. */
  readonly retryAfter: number | undefined
  /** The single mistakes, where there are several. */
  readonly errors: readonly FieldError[] | undefined

  constructor(code: ErrorCode, message?: string, options: AppErrorOptions = {}) {
    super(message ?? errorKind(code).meaning, options.cause === undefined ? {} : { cause: options.cause })
    this.name = 'AppError'
    this.code = code
    this.retryAfter = options.retryAfter
    this.errors = options.errors
  }
}

export interface AppErrorOptions {
  cause?: unknown
  retryAfter?: number
  errors?: readonly FieldError[]
}

/** One mistake in a request or in the configuration: where, and what is wrong with it. */
export interface FieldError {
  readonly field: string
  readonly text: string
}

/** `error` itself when it bears a code, else INTERNAL around it. A full disk is recognised by its errno. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  if (isErrno(error, 'ENOSPC') || isErrno(error, 'EDQUOT'))
    return new AppError('STORAGE_FULL', undefined, { cause: error })
  return new AppError('INTERNAL', undefined, { cause: error })
}

/** True when `error` is a system error with this code, such as ENOENT. */
export function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
