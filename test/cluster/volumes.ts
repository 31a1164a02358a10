import { chown, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import type { Cluster } from './cluster.ts'

/** Owner of what servers keep. */
const SERVERS_USER = 999

/** Volumes for what these servers claim in a namespace: this cluster makes none by itself. */
export async function makeVolumes(
  cluster: Cluster,
  namespace: string,
  servers: readonly string[],
): Promise<void> {
  const volumes = await Promise.all(
    servers.map(async (server) => {
      const path = join(cluster.folder, `volume-${namespace}-${server}`)
      await mkdir(path)
      await chown(path, SERVERS_USER, SERVERS_USER)
      return volume(namespace, `data-${server}-0`, path)
    }),
  )
  await cluster.kubectl(['apply', '-f', '-'], volumes.map((each) => stringify(each)).join('---\n'))
}

function volume(namespace: string, claim: string, path: string) {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: `${namespace}-${claim}` },
    spec: {
      capacity: { storage: '100Gi' },
      accessModes: ['ReadWriteOnce'],
      claimRef: { namespace, name: claim },
      hostPath: { path, type: 'Directory' },
    },
  }
}
