import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { onTestFinished } from 'vitest'

/** The address of a source file, for an import within the text given to `runModule`. */
export const sourceUrl = (path: string): string => new URL(`../../src/${path}`, import.meta.url).href

/** Runs `code` as an ES module in a process of its own, which ends with the test. Its errors go to ours. */
export function runModule(code: string): ChildProcess {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** Resolves with the first words a child says. */
export async function firstWords(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('the child has no stdout')
  const [words] = await once(child.stdout, 'data')
  return String(words).trim()
}
