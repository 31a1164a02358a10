import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { extname } from 'node:path'
import { lintSource } from '@secretlint/core'
import { rules } from '@secretlint/secretlint-rule-preset-recommend'
import { expect, it } from 'vitest'

/** Private keys, and tokens that bear the mark of who issued them: AWS, GitHub, npm, Slack and more. */
const RULES = rules
  // What PASSWORD_IN_URL sees in every scheme.
  .filter(({ meta }) => !/basicauth|database-connection-string/.test(meta.id))
  .map((rule) => ({ id: rule.meta.id, rule, options: { enableIDScanRule: true } }))
const MARKS = [
  /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/g, // a JWT
  /\b(?:AC|SK)[0-9a-f]{32}\b/g, // Twilio's accounts and keys
  /\bSG\.[\w-]{22}\.[\w-]{43}/g, // SendGrid's keys; the library's rule knows but those with one hyphen
]
const PASSWORD_IN_URL = /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@'"`]*:(?<password>[^\s/@'"`]+)@/gi

/** What stands in a URL in the place of a password: `<mongodb-password>`, `$(MYSQL_PASSWORD)`, `${password}`. */
const PLACEHOLDER = /^<[a-z-]+>$|^\$\([A-Z_]+\)$|^\$[A-Z_]+$|^\$\{.+\}$/
const NOT_SECRET = new Set([
  // words of documents and messages
  ...['password', 'PASSWORD', 'secret', 'SECRET', 'AUTH_TOKEN', '…'],
  // RabbitMQ's own default, for loopback alone; the originals' too
  'guest',
  // of servers that tests start, and of deploy/compose.dev.yaml
  ...['soundlift', 'soundlift-test'],
  // made up for tests: refused, told to nobody, or taken apart; no server has them
  ...['hunter2', 'hush', 'hush-hush', 'sesame-opens', 'topsecret', 'wrong', 'pass-word', 'pw', 'p', 'b', 'x'],
  ...['a%20b', 'a%2Fb%2B%40', 'p%2Fw', 'p%40ss', 'to%2Fken', 'token'],
])

/** What in a text looks like a secret. */
async function secretsIn(filePath: string, content: string): Promise<readonly string[]> {
  const source = { filePath, content, ext: extname(filePath), contentType: 'text' as const }
  const { messages } = await lintSource({ source, options: { config: { rules: RULES } } })
  const marked = MARKS.flatMap((pattern) => content.match(pattern) ?? [])
  const passwords = [...content.matchAll(PASSWORD_IN_URL)]
    .map(({ groups }) => groups?.['password'] ?? '')
    .filter((password) => !PLACEHOLDER.test(password) && !NOT_SECRET.has(password))
  return [...messages.map(({ message }) => message), ...marked, ...passwords]
}

it('no secret is in the repository', async () => {
  const files = execFileSync('git', ['ls-files', '-z']).toString().split('\0').filter(Boolean)
  expect(files).toContain('package.json')
  const found = files.map(async (file) =>
    (await secretsIn(file, readFileSync(file, 'utf8'))).map((secret) => `${file}: ${secret}`),
  )
  expect((await Promise.all(found)).flat()).toEqual([])
})

/** In pieces, or this file would be found. */
const KINDS = {
  'a private key': [
    '-----BEGIN RSA PRI',
    `VATE KEY-----\n${'MIIEow'.repeat(20)}\n-----END RSA PRI`,
    'VATE KEY-----',
  ],
  'an AWS key': ['AKI', 'AQ3EGP7XW5JTRH2KD'],
  'a GitHub token': ['ghp_', 'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'],
  'a Slack token': ['xoxb-', '1234567890-1234567890123-AbCdEfGhIjKlMnOpQrStUvWx'],
  'a SendGrid key': ['SG.', 'ngeVfQFYQlKU0ufo8x5d1A.TwL2iGABf9DHoTf-09kqeF8tAmbihYzrnopKc-1s5cr'],
  'an npm token': ['npm_', 'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'],
  'a Twilio account': ['AC', '0123456789abcdef0123456789abcdef'],
  'a JWT': ['eyJhbGciOiJIUzI1NiJ9.', 'eyJ1c2VybmFtZSI6ImEifQ.abcdefghijklmnop'],
  'a password in a URL': ['amqps://me:', 'Tr0ub4dor@rabbit.example.com/'],
}

it.each(Object.entries(KINDS))('%s is one', async (_, pieces) => {
  expect(await secretsIn('notes.md', `found: ${pieces.join('')}\n`)).not.toEqual([])
})
