import { defineConfig } from 'vitest/config'

/**
 * unit: no server, no socket beyond loopback. drivers: contract suites on real parts. e2e: black box over HTTP; with
 * TOPOLOGY=many on four processes and real parts. chaos: processes and servers of its own that are killed; `npm run
 * chaos` runs it, `npm test` does not. As root, by `npm run test:compose` and `npm run test:cluster`: compose: the image
 * and deploy/compose.yaml by podman; cluster: the image and the manifests on a Kubernetes of its own.
 */
export default defineConfig({
  test: {
    // The gate's machine is shared and its clock uneven: a failed test is tried again there, and named `(retry x1)`.
    retry: process.env['CI'] === 'true' ? 2 : 0,
    reporters: ['default', './test/support/left-out.ts'],
    globalSetup: ['test/support/announce-absent.ts', 'test/support/media-folder.ts'],
    projects: [
      { extends: true, test: { name: 'unit', include: ['src/**/*.test.ts', 'test/*.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'drivers',
          include: ['test/{adapters,auth,gateway,converter,notification,upkeep,media}/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: ['test/support/shared-servers.ts'],
          tags: [
            {
              name: 'topology-one',
              description: 'is about one process and its embedded parts, or starts its own: once is enough',
              skip: process.env['TOPOLOGY'] === 'many',
            },
          ],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 1,
        },
      },
      {
        extends: true,
        test: {
          name: 'chaos',
          include: ['test/chaos/**/*.test.ts'],
          testTimeout: process.env['CHAOS'] === 'long' ? 1_800_000 : 180_000,
          hookTimeout: 120_000,
          maxWorkers: 1,
          isolate: false, // the servers are started once for all files
        },
      },
      {
        extends: true,
        test: {
          name: 'cluster',
          include: ['test/cluster/**/*.test.ts'],
          testTimeout: 1_200_000,
          hookTimeout: 300_000,
          retry: 0, // each of them changes the one cluster
          maxWorkers: 1,
          isolate: false, // the cluster is started once for all files
        },
      },
      {
        extends: true,
        test: {
          name: 'compose',
          include: ['test/compose/**/*.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 300_000,
          retry: 0, // each of them changes the one installation
          maxWorkers: 1,
          isolate: false, // the product's image is built once for all files
        },
      },
    ],
  },
})
