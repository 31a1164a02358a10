import { ROOT, run } from './program.ts'

/** Runs the real curl, silently, in `cwd`. */
export async function curl(args: readonly string[], cwd = ROOT) {
  const { code, out, err } = await run('curl', ['--silent', '--show-error', ...args], { cwd })
  return { code, out, err }
}

/** curl's arguments that lead a public name to a server on the loopback. */
export function nameOf(host: string, url: string): readonly string[] {
  return ['--connect-to', `${host}:80:${new URL(url).host}`]
}
