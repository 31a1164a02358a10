import { test } from 'vitest'
import { type CastOptions, openCast } from './cast.ts'
import { startServers } from './servers.ts'

/**
 * `it` for these tests. One asks by name for `servers`, which are started once for all files (the project runs without
 * isolation), and for `open`, which starts a cast that ends with the test.
 */
export const it = test
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads out of this pattern what is asked for
  .extend('servers', { scope: 'worker' }, async ({}, { onCleanup }) => {
    const servers = await startServers()
    onCleanup(() => servers.stop())
    return servers
  })
  .extend('open', ({ servers }, { onCleanup }) => async (options: CastOptions = {}) => {
    const cast = await openCast(servers, options)
    onCleanup(() => cast.close())
    return cast
  })
