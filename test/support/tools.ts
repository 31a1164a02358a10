import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Env, type LaunchOptions, ROOT, run } from './program.ts'

const TOOLS = resolve(ROOT, '../shared/bin')

/** How this machine reaches the mirrors of packages. */
const NETWORK =
  /^((https?|no|all)_proxy|node_extra_ca_certs|ssl_cert_(file|dir)|npm_config_(registry|cafile))$/i

/** What the tools beside the checkout need: their folder on PATH, podman's settings, the way to mirrors. */
export async function tools(): Promise<Env> {
  if (!existsSync(TOOLS)) throw new Error(`no tools for images and clusters in ${TOOLS}`)
  return {
    ...network(),
    PATH: `${await unpacked()}:${process.env['PATH']}:/usr/sbin:/sbin`,
    CONTAINERS_CONF: join(TOOLS, 'containers.conf'),
  }
}

function network(): Env {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value !== undefined && NETWORK.test(name) ? [[name, value]] : [],
    ),
  )
}

/** The folder with these programs, or with all there are. */
export async function unpacked(...programs: readonly string[]): Promise<string> {
  return (await succeed(join(TOOLS, 'servers'), programs)).trim()
}

/** Runs a program that must succeed; its stdout. */
export async function succeed(command: string, args: readonly string[], options: LaunchOptions = {}) {
  const { code, out, err } = await run(command, args, options)
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}: ${err.slice(-2_000)}`)
  return out
}
