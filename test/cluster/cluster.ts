import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Env, run } from '../support/program.ts'
import { stubbornly } from '../support/stubbornly.ts'
import { succeed, tools } from '../support/tools.ts'

/** A Kubernetes with one node that the tests started. */
export interface Cluster {
  /** A folder that the node sees too. */
  readonly folder: string
  /** For kubectl and helm. */
  readonly env: Env
  /** Its stdout; what it says on stderr, warnings too, and an exit code other than 0 are failures. */
  kubectl(args: readonly string[], input?: string): Promise<string>
  /** Copies images of podman into the node. */
  load(images: readonly string[]): Promise<void>
  stop(): Promise<void>
}

/** Where the node reaches servers of this machine, and they it. */
export const NODE = '10.254.0.1'
/** What kubectl says whenever a pod is deleted by force. */
const FORCED = /^Warning: Immediate deletion does not wait for confirmation.*\n/

/** Starts a cluster; there is room for one on a machine. */
export async function startCluster(): Promise<Cluster> {
  const folder = await mkdtemp(join(tmpdir(), 'soundlift-cluster-'))
  const env = { ...(await tools()), KUBECONFIG: join(folder, 'kubeconfig'), CLUSTER_PORT: '16443' }
  const cluster = (verb: string, ...more: readonly string[]) =>
    succeed('cluster', [verb, folder, ...more], { env })
  const stop = async () => {
    await cluster('stop')
    await rm(folder, { recursive: true, force: true })
  }
  await stubbornly(() => cluster('start'))
  return {
    folder,
    env,
    async kubectl(args, input) {
      const { code, out, err } = await run('kubectl', args, {
        env,
        ...(input === undefined ? {} : { input }),
      })
      if (code !== 0 || err.replace(FORCED, '') !== '')
        throw new Error(`kubectl ${args.join(' ')}: ${code} ${err}`)
      return out
    },
    load: async (images) => void (await cluster('load', ...images)),
    stop,
  }
}
