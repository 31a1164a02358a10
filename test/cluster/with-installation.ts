import { test } from 'vitest'
import { diagnosis } from './diagnosis.ts'
import { install } from './installation.ts'

/** `it` for tests on a cluster: `installation` is made once for all files (the project runs without isolation). */
export const it = test
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads out of this pattern what is asked for
  .extend('installation', { scope: 'worker' }, async ({}, { onCleanup }) => {
    const installation = await install()
    onCleanup(() => installation.remove())
    return installation
  })
  .extend('diagnosed', { auto: true }, async ({ installation, onTestFailed }) => {
    onTestFailed(async () => console.error(await diagnosis(installation.kubectl)))
  })
