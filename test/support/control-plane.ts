import { globSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TOOLS } from './chart.ts'
import { type Env, run } from './program.ts'

/** A Kubernetes without a node: objects are validated, admitted and kept, pods stay Pending. */
export interface ControlPlane {
  /** For kubectl and helm. */
  readonly env: Env
  kubectl(args: readonly string[], input?: string): ReturnType<typeof run>
  stop(): Promise<void>
}

/** Starts one on ports of its own: beside another cluster. */
export async function startControlPlane(): Promise<ControlPlane> {
  const folder = await mkdtemp(join(tmpdir(), 'soundlift-control-plane-'))
  const env = { ...TOOLS, KUBECONFIG: join(folder, 'kubeconfig'), CLUSTER_PORT: '26443' }
  const { code, err } = await run('cluster', ['start', folder, '--no-node'], { env })
  const stop = async () => {
    endAll(folder)
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  }
  if (code !== 0) {
    await stop()
    throw new Error(`no control plane: ${err}`)
  }
  return { env, stop, kubectl: (args, input = '') => run('kubectl', args, { env, input }) }
}

/** Ends its own processes alone: `cluster stop` would take the network from under a node beside it. */
function endAll(folder: string): void {
  for (const path of globSync(join(folder, '*.pid'))) {
    try {
      process.kill(Number(readFileSync(path, 'utf8')), 'SIGKILL')
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
    }
  }
}
