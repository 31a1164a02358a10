import { availableParallelism } from 'node:os'
import { choice, count, duration, email, flag, networks, origins, port, size, text, url } from './variable.ts'

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

const SQL = ['sqlite:', 'postgres:', 'postgresql:', 'mysql:', 'mariadb:'] as const
const BLOBS = ['file:', 'mongodb:', 'mongodb+srv:', 's3:'] as const
const STORES = [...SQL, 'mongodb:', 'mongodb+srv:'] as const

/** Every variable that is read, in the order of README's table, which a test holds against it. */
// biome-ignore format: one variable, one line
export const VARIABLES = {
  host: text('HOST', '127.0.0.1', 'address to listen on'),
  port: port('PORT', undefined, '8080 gateway, 5000 auth, 8081 converter, 8082 notification; in one process the gateway\'s; 0: any free one', '8080'),
  authPort: port('AUTH_PORT', undefined, 'opens the auth service on a port of its own too', '5000'),
  converterPort: port('CONVERTER_PORT', undefined, 'opens the health of the converter too', '8081'),
  notificationPort: port('NOTIFICATION_PORT', undefined, 'opens the health of the notification service too', '8082'),
  dataDir: text('DATA_DIR', './data', 'folder of everything that is kept; one process at a time'),
  publicUrl: url(['http:', 'https:'], 'PUBLIC_URL', undefined, 'where people reach the gateway: the base of links in mails; unset: http://127.0.0.1:PORT', 'https://sound.example.com'),
  trustProxy: networks('TRUST_PROXY', undefined, 'networks whose X-Forwarded-For counts', '10.0.0.0/8,loopback'),
  corsOrigins: origins('CORS_ORIGINS', '*', 'origins whose pages may call the API, without credentials'),
  logLevel: choice(LEVELS, 'LOG_LEVEL', 'info', 'how much is logged'),
  migrate: flag('MIGRATE', 'on', 'bring tables up to date at start; off: `soundlift migrate` does it'),
  usersUrl: url(STORES, 'USERS_URL', 'sqlite:', 'accounts: `sqlite:` (in DATA_DIR), `postgres:`, `mysql:`, `mongodb:`'),
  authTable: text('AUTH_TABLE', undefined, 'table or collection that `soundlift import-users` reads; unset: the name it has in the originals', 'auth_user'),
  libraryUrl: url(STORES, 'LIBRARY_URL', 'sqlite:', 'files, conversions, events: the same; `mongodb:` must be a replica set'),
  notificationsUrl: url(SQL, 'NOTIFICATIONS_URL', undefined, 'preferences and deliveries: `sqlite:`, `postgres:`, `mysql:`; unset: USERS_URL when that is SQL', 'sqlite:'),
  blobsUrl: url(BLOBS, 'BLOBS_URL', 'file:', 'the bytes of sources and results: `file:` (in DATA_DIR), `mongodb:` (GridFS), `s3://bucket/prefix?endpoint=&publicEndpoint=&region=&pathStyle=`'),
  videosUrl: url(BLOBS, 'VIDEOS_URL', undefined, 'the bytes of sources; unset: BLOBS_URL', 'file:/srv/videos'),
  mp3sUrl: url(BLOBS, 'MP3S_URL', undefined, 'the bytes of results; unset: BLOBS_URL', 'file:/srv/mp3s'),
  brokerUrl: url(['embedded:', 'amqp:', 'amqps:', 'off'], 'BROKER_URL', 'embedded:', 'wake-up calls between services: `embedded:`, or RabbitMQ by `amqp:`, `amqps:`; `off`: auth and gateway alone keep files, nothing is converted'),
  videoQueue: text('VIDEO_QUEUE', 'video', 'queue of uploads to convert'),
  mp3Queue: text('MP3_QUEUE', 'mp3', 'queue of results to tell'),
  authUrl: url(['http:', 'https:'], 'AUTH_URL', undefined, 'the auth service, for a gateway alone; a converter or notification service alone asks it whose the work of other programs is', 'http://auth:5000'),
  authLocal: flag('AUTH_LOCAL', 'off', 'a gateway alone checks tokens by itself, with JWT_SECRET, and asks AUTH_URL for accounts alone'),
  notificationUrl: url(['http:', 'https:'], 'NOTIFICATION_URL', undefined, 'the notification service, for a gateway alone', 'http://notification:8082'),
  smtpUrl: url(['smtp:', 'smtps:'], 'SMTP_URL', undefined, 'mail server; unset: mails are kept in DATA_DIR/outbox', 'smtps://user:password@mail.example.com'),
  mailFrom: text('MAIL_FROM', undefined, 'sender of mails; unset: soundlift@ the host of PUBLIC_URL', 'Soundlift <sound@example.com>'),
  mailTemplates: text('MAIL_TEMPLATES', undefined, 'folder of your own templates of mails; what it lacks is ours (docs/operations.md)', '/etc/soundlift/mails'),
  smsUrl: url(['twilio:', 'https:', 'http:'], 'SMS_URL', undefined, 'SMS provider: `twilio://ACCOUNT_SID:AUTH_TOKEN@api.twilio.com?from=%2B15551234567`, or `https:` for a POST of JSON {to, text, id} (docs/operations.md); unset: texts are kept as mails are', 'https://user:password@sms.example.com/send'),
  gmailAddress: email('GMAIL_ADDRESS', undefined, 'with GMAIL_PASSWORD: mails go by smtp.gmail.com', 'me@gmail.com'),
  gmailPassword: text('GMAIL_PASSWORD', undefined, 'an app password of that account'),
  allowPrivateWebhooks: networks('ALLOW_PRIVATE_WEBHOOKS', undefined, 'networks that are not public and that webhooks may lead to all the same', '10.1.0.0/16,loopback'),
  jwtSecret: text('JWT_SECRET', undefined, 'signs tokens and links; unset: made once into DATA_DIR'),
  jwtExpiresIn: duration('JWT_EXPIRES_IN', '1h', 'life of a token from a JSON login'),
  adminEmail: email('ADMIN_EMAIL', undefined, 'makes this administrator once', 'admin@example.com'),
  adminPassword: text('ADMIN_PASSWORD', undefined, 'the password it starts with'),
  registration: choice(['open', 'closed'], 'REGISTRATION', 'open', 'may anyone register?'),
  uploadLimit: size('UPLOAD_LIMIT', '10GB', 'largest multipart upload'),
  rawUploadLimit: size('RAW_UPLOAD_LIMIT', '50MB', 'largest raw upload'),
  uploadsAtOnce: count('UPLOADS_AT_ONCE', '100', 'uploads at once in one gateway; more are answered with 503'),
  uploadsPerUser: count('UPLOADS_PER_USER', '20', 'of them those of one person; more: 429'),
  queueLimit: count('QUEUE_LIMIT', '10000', 'conversions that may wait; while so many do, uploads to convert are answered with 503'),
  queuePerUser: count('QUEUE_PER_USER', '2000', 'of them those of one person; more: 429'),
  diskReserve: size('DISK_RESERVE', '512MB', 'what uploads leave free on the disk of `file:` sources, for results and databases; 0: nothing'),
  stallTimeout: duration('STALL_TIMEOUT', '60s', 'how long an upload or a conversion may make no progress'),
  maxDuration: duration('MAX_DURATION', '24h', 'longest sound of one conversion'),
  maxOutput: size('MAX_OUTPUT', '4GB', 'largest result'),
  jobTimeout: duration('JOB_TIMEOUT', '6h', 'longest time one conversion may take'),
  quotaBytes: size('QUOTA_BYTES', undefined, 'what the files of one person may take, sources and results; unset: no bound', '50GB'),
  quotaFiles: count('QUOTA_FILES', undefined, 'how many files one person may have, sources and results; unset: no bound', '1000'),
  retention: duration('RETENTION', undefined, 'how long files are kept, sources and results; unset: for ever', '30d'),
  sourceRetention: duration('SOURCE_RETENTION', undefined, 'how long sources are kept; unset: RETENTION', '7d'),
  resultRetention: duration('RESULT_RETENTION', undefined, 'how long results are kept; unset: RETENTION', '90d'),
  historyRetention: duration('HISTORY_RETENTION', undefined, 'how long ended conversions, their receipts and ended deliveries are kept; unset: for ever', '365d'),
  slots: count('CONVERTER_SLOTS', `${availableParallelism()}`, 'conversions at once; unset: the number of cores'),
  lease: duration('LEASE', '30s', 'how long a silent worker keeps a conversion'),
} as const
