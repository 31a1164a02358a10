import { readFileSync, writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { SERIES } from '../src/domain/series.ts'

const BETWEEN = /(?<=<!-- series -->\n)[\s\S]*(?=<!-- \/series -->)/

/** The table of series as docs/operations.md shows it. */
function table(): string {
  const rows = Object.values(SERIES).map(({ name, kind, help, labels }) => {
    const shown = Object.entries<readonly string[]>(labels).map(([label, values]) =>
      values.length > 0 ? `${label}: ${values.join(' ')}` : label,
    )
    return `| ${name} | ${kind} | ${help} | ${shown.join('; ')} |`
  })
  return ['| series | | | labels |', '|---|---|---|---|', ...rows, ''].join('\n')
}

it('docs/operations.md lists every series (UPDATE_DOCS=1 npm test writes it anew)', () => {
  const path = 'docs/operations.md'
  const text = readFileSync(path, 'utf8')
  if (process.env['UPDATE_DOCS']) writeFileSync(path, text.replace(BETWEEN, table()))
  else expect(BETWEEN.exec(text)?.[0]).toBe(table())
})
