import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { notShared } from './config/not-shared.ts'
import { readOldNames } from './config/old-names.ts'
import { Mistake, type Variable } from './config/variable.ts'
import { VARIABLES } from './config/variables.ts'
import { AppError, type FieldError } from './domain/errors.ts'

export type Environment = Readonly<Record<string, string | undefined>>
export type Config = ReturnType<typeof readConfig>
/** What this process is: all four services, or one. */
export const ROLES = ['all', 'gateway', 'auth', 'converter', 'notification'] as const
export type Role = (typeof ROLES)[number]

/** Where a person stands who typed `npm run …`: npm itself changes the folder. */
export function standingIn(env: Environment = process.env): string {
  return env['INIT_CWD'] ?? process.cwd()
}

/**
 * Reads the environment, once and whole; NAME_FILE names a file that holds the value of NAME. Fails with
 * CONFIG_INVALID and every mistake at once.
 */
export function readConfig(env: Environment = process.env, role: Role = 'all') {
  const { get, need, mistakes } = createReader(env, role)
  const v = VARIABLES
  const usersUrl = need(v.usersUrl, 'sqlite:')
  const blobsUrl = need(v.blobsUrl, 'file:')
  const gmailAddress = get(v.gmailAddress)
  const adminEmail = get(v.adminEmail)
  const brokerUrl = need(v.brokerUrl, '')
  const retention = get(v.retention)
  const config = {
    host: need(v.host, ''),
    role,
    ports: portsOf(role, get(v.port), {
      auth: get(v.authPort),
      converter: get(v.converterPort),
      notification: get(v.notificationPort),
    }),
    metrics: metricsOf(role, get(v.metricsPort)),
    dataDir: resolve(need(v.dataDir, '.')),
    publicUrl: get(v.publicUrl)?.replace(/\/+$/, ''),
    trustProxy: need(v.trustProxy, []),
    corsOrigins: need(v.corsOrigins, []),
    logLevel: need(v.logLevel, 'info'),
    otlpEndpoint: get(v.otlpEndpoint),
    migrate: need(v.migrate, true),
    stores: {
      users: usersUrl,
      library: need(v.libraryUrl, ''),
      notifications: get(v.notificationsUrl) ?? (usersUrl.startsWith('mongodb') ? 'sqlite:' : usersUrl),
      videos: need(v.videosUrl, blobsUrl),
      mp3s: need(v.mp3sUrl, blobsUrl),
    },
    /** null: auth and gateway alone, nothing is converted. */
    brokerUrl: brokerUrl === 'off' ? null : brokerUrl,
    authTable: get(v.authTable),
    queues: { video: need(v.videoQueue, ''), mp3: need(v.mp3Queue, '') },
    authUrl: get(v.authUrl),
    authLocal: need(v.authLocal, false),
    notificationUrl: get(v.notificationUrl),
    mail: {
      ...mailServer(get(v.smtpUrl), gmailAddress, get(v.gmailPassword)),
      from: get(v.mailFrom) ?? gmailAddress,
      templates: get(v.mailTemplates),
    },
    smsUrl: get(v.smsUrl),
    /** Networks that are not public and that webhooks may reach all the same. */
    allowPrivateWebhooks: need(v.allowPrivateWebhooks, []),
    jwtSecret: get(v.jwtSecret),
    jwtExpiresIn: need(v.jwtExpiresIn, 0),
    admin: admin(adminEmail, get(v.adminPassword), mistakes),
    registration: need(v.registration, 'open'),
    limits: {
      upload: need(v.uploadLimit, 0),
      rawUpload: need(v.rawUploadLimit, 0),
      stallTimeout: need(v.stallTimeout, 0),
      maxDuration: need(v.maxDuration, 0),
      maxOutput: need(v.maxOutput, 0),
      jobTimeout: need(v.jobTimeout, 0),
    },
    /** For each person; absent: no bound. */
    quota: { bytes: get(v.quotaBytes), files: get(v.quotaFiles) },
    /** Milliseconds; absent: for ever. */
    retention: {
      source: get(v.sourceRetention) ?? retention,
      result: get(v.resultRetention) ?? retention,
      history: get(v.historyRetention),
    },
    bounds: {
      uploads: { inAll: need(v.uploadsAtOnce, 1), each: need(v.uploadsPerUser, 1) },
      queue: { inAll: need(v.queueLimit, 1), each: need(v.queuePerUser, 1) },
    },
    diskReserve: need(v.diskReserve, 0),
    slots: need(v.slots, 1),
    lease: need(v.lease, 0),
  }
  mistakes.push(...notShared(config))
  if (mistakes.length > 0) throw new AppError('CONFIG_INVALID', undefined, { errors: mistakes })
  return Object.freeze(config)
}

/** Reads one variable after another, by its own name or an old one, and keeps what is wrong with them. */
function createReader(env: Environment, role: Role) {
  const mistakes: FieldError[] = []
  const read = (name: string) => readText(env, name, mistakes)
  const old = readOldNames(read, role !== 'all')
  const get = <Value>(variable: Variable<Value>): Value | undefined => {
    const named = read(variable.name)
    const renamed = named === undefined ? old.get(variable.name) : undefined
    const given = named ?? renamed?.value ?? variable.default
    if (given === undefined) return undefined
    const value = variable.parse(given)
    if (!(value instanceof Mistake)) return value
    mistakes.push(mistake(variable, given, value, renamed?.from))
    return undefined
  }
  /** For variables with a default: what stands in for a mistake is never used. */
  const need = <Value>(variable: Variable<Value>, standIn: Value): Value => get(variable) ?? standIn
  return { get, need, mistakes }
}

const PORTS = { gateway: 8080, auth: 5000, converter: 8081, notification: 8082 } as const
type Ports = Partial<Record<keyof typeof PORTS, number | undefined>>

/** In one process PORT is the gateway's and the others open when they are named; alone PORT is the service's own. */
function portsOf(role: Role, port: number | undefined, others: Ports): Ports {
  return role === 'all' ? { ...others, gateway: port ?? PORTS.gateway } : { [role]: port ?? PORTS[role] }
}

const METRICS_PORT = 9090

/** Where metrics are; null: nowhere. `given`: someone asked for this port. */
function metricsOf(role: Role, port: number | 'off' | undefined) {
  if (port === 'off' || (port === undefined && role === 'all')) return null
  return { port: port ?? METRICS_PORT, given: port !== undefined }
}

/** The text of NAME, or of the file NAME_FILE names. Empty counts as not set. */
function readText(env: Environment, name: string, mistakes: FieldError[]): string | undefined {
  const path = env[`${name}_FILE`]
  if (path) {
    try {
      return readFileSync(path, 'utf8').trim() || undefined
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      mistakes.push({ field: `${name}_FILE`, text: `can not be read: ${why}` })
      return undefined
    }
  }
  const given = env[name]?.trim()
  // Kubernetes injects these for a Service of that name: `AUTH_PORT=tcp://10.0.0.1:5000`.
  return given && !(name.endsWith('_PORT') && given.startsWith('tcp://')) ? given : undefined
}

/** Values of secrets are not repeated. */
function mistake(
  { name, example }: Variable<unknown>,
  given: string,
  { text }: Mistake,
  oldName?: string,
): FieldError {
  const shown = given.includes('@') || /SECRET|PASSWORD/.test(name) ? 'its value' : `'${given.slice(0, 60)}'`
  return {
    field: oldName ?? name,
    text: `${shown} ${text}${example ? `; for example ${name}=${example}` : ''}`,
  }
}

function mailServer(smtpUrl: string | undefined, address: string | undefined, password: string | undefined) {
  if (smtpUrl || !address || !password) return { url: smtpUrl }
  return { url: `smtp://${encodeURIComponent(address)}:${encodeURIComponent(password)}@smtp.gmail.com:587` }
}

function admin(email: string | undefined, password: string | undefined, mistakes: FieldError[]) {
  if (email && password) return { email, password }
  if (email) mistakes.push({ field: 'ADMIN_PASSWORD', text: 'is missing beside ADMIN_EMAIL' })
  return undefined
}
