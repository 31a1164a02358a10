import { readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { expect, it } from 'vitest'
import { VARIABLES } from '../src/config/variables.ts'

const BETWEEN = /(?<=<!-- settings -->\n)[\s\S]*(?=<!-- \/settings -->)/

/** The table of settings as README shows it. */
function table(): string {
  const rows = Object.values(VARIABLES).map((variable) => {
    const isCores = variable.name === 'CONVERTER_SLOTS' && variable.default === `${availableParallelism()}`
    return `| ${variable.name} | ${isCores ? 'cores' : (variable.default ?? '–')} | ${variable.about} |`
  })
  return ['| variable | default | |', '|---|---|---|', ...rows, ''].join('\n')
}

it('README lists every variable with its default (UPDATE_DOCS=1 npm test writes it anew)', () => {
  const readme = readFileSync('README.md', 'utf8')
  if (process.env['UPDATE_DOCS']) writeFileSync('README.md', readme.replace(BETWEEN, table()))
  else expect(BETWEEN.exec(readme)?.[0]).toBe(table())
})
