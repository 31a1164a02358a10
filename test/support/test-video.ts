import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { media } from './make-media.ts'

/** The video of the curl sessions, 71.06 s long: the real one where it lies beside the checkout, else one like it. */
export function testVideo(): Promise<string> {
  const real = fileURLToPath(new URL('../../../shared/media/test.mkv', import.meta.url))
  return existsSync(real) ? Promise.resolve(real) : media('mkv', 71.06)
}
