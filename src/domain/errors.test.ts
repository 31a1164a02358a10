import { expect, it } from 'vitest'
import { ERRORS, type ErrorCode, errorKind, isErrorCode } from './errors.ts'

const HEAD = `# Errors

Every failure has a code that stays the same: in \`code\` of an \`application/problem+json\` answer, in the \`failure\` or
\`warning\` of a conversion, in the logs. The command line tells the sentence and ends with the exit code (sysexits.h).
"Again": a conversion or a delivery that ends so is tried again by itself, three times in all for a conversion.

This page is the table of \`src/domain/errors.ts\`; after a change there, \`npx vitest run -u src/domain/errors.test.ts\` writes it anew.

| code | status | exit | meaning | remedy | again |
|---|---|---|---|---|---|
`

const CODES = Object.keys(ERRORS).filter(isErrorCode)

const row = (code: ErrorCode) => {
  const { status, exit, meaning, remedy, retry } = errorKind(code)
  return `| \`${code}\` | ${status} | ${exit} | ${meaning} | ${remedy} | ${retry ? 'yes' : ''} |\n`
}

it('docs/errors.md is the table of errors', async () => {
  await expect(HEAD + CODES.map(row).join('')).toMatchFileSnapshot('../../docs/errors.md')
})

it('every code has a status, an exit code and two whole sentences', () => {
  for (const code of CODES) {
    const { status, exit, meaning, remedy } = errorKind(code)
    expect(code).toMatch(/^[A-Z][A-Z_]+[A-Z]$/)
    expect(status).toBeGreaterThanOrEqual(200)
    expect(status).toBeLessThan(600)
    expect(exit).toBeLessThan(256)
    expect(exit === 0).toBe(status < 400)
    for (const sentence of [meaning, remedy]) expect(sentence).toMatch(/^[A-Z`].*[.]$/)
  }
})
