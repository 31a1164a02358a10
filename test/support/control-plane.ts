import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Env, run } from './program.ts'

/** A Kubernetes without a node: objects are validated, admitted and kept, pods stay Pending. */
export interface ControlPlane {
  /** For kubectl and helm. */
  readonly env: Env
  kubectl(args: readonly string[], input?: string): ReturnType<typeof run>
  stop(): Promise<void>
}

/** Starts one on ports of its own: beside another cluster. `cluster` must be on PATH. */
export async function startControlPlane(): Promise<ControlPlane> {
  const folder = await mkdtemp(join(tmpdir(), 'soundlift-control-plane-'))
  const env = { KUBECONFIG: join(folder, 'kubeconfig'), CLUSTER_PORT: '26443' }
  const { code, err } = await run('cluster', ['start', folder, '--no-node'], { env })
  const stop = async () => {
    await run('cluster', ['stop', folder], { env })
    await rm(folder, { recursive: true, force: true })
  }
  if (code !== 0) {
    await stop()
    throw new Error(`no control plane: ${err}`)
  }
  return { env, stop, kubectl: (args, input = '') => run('kubectl', args, { env, input }) }
}
