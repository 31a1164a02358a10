import { test } from 'vitest'
import { install } from './installation.ts'

/** `it` for tests on a cluster: `installation` is made once for all files (the project runs without isolation). */
export const it = test
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads out of this pattern what is asked for
  .extend('installation', { scope: 'worker' }, async ({}, { onCleanup }) => {
    const installation = await install()
    onCleanup(() => installation.remove())
    return installation
  })
