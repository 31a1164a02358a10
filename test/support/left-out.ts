import { relative } from 'node:path'
import type { Reporter, TestModule } from 'vitest/node'

/** Vitest's reporter: names what does not run with TOPOLOGY=many, because it is about one process or starts its own. */
export default class LeftOut implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const names = modules.flatMap(leftOutOf)
    if (names.length > 0)
      console.log(`with TOPOLOGY=one only:\n${names.map((name) => `  ${name}\n`).join('')}`)
  }
}

function leftOutOf(module: TestModule): string[] {
  const tests = [...module.children.allTests()]
  const leftOut = tests.filter(
    ({ tags, options }) => tags.includes('topology-one') && options.mode === 'skip',
  )
  const file = relative(process.cwd(), module.moduleId)
  if (leftOut.length > 0 && leftOut.length === tests.length) return [`${file} (all ${tests.length})`]
  return leftOut.map(({ fullName }) => `${file} > ${fullName}`)
}
