import { buildProduct, PRODUCT } from '../support/images.ts'
import { run } from '../support/program.ts'
import { succeed, tools } from '../support/tools.ts'

/** The name that compose.yaml gives the product's image. */
const IN_COMPOSE = 'localhost/soundlift:0.1.0'
/** As compose.yaml runs it, and stricter: nothing can be written, not even to /tmp. */
export const LOCKED = [
  ...['--read-only', '--read-only-tmpfs=false', '--cap-drop=ALL', '--user=10001:10001'],
  '--security-opt=no-new-privileges',
]

let built: Promise<string> | undefined

/** Builds the product's image, once for all files, and gives it the name that compose.yaml knows. */
export async function productImage(): Promise<void> {
  built ??= buildProduct().then(() => podman('tag', PRODUCT, IN_COMPOSE))
  await built
}

/** podman; its stdout. */
export async function podman(...args: readonly string[]): Promise<string> {
  return (await succeed('podman', args, { env: await tools() })).trim()
}

/** What a container said last. */
export async function lastWords(name: string): Promise<string> {
  const { out, err } = await run('podman', ['logs', '--tail=5', name], { env: await tools() })
  return `${name}:\n${out}${err}`
}
