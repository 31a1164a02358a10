import { buildProduct, buildStandIns, PRODUCT } from '../support/images.ts'
import { isReady } from '../support/is-ready.ts'
import { type MailReceiver, openMailReceiver } from '../support/mail-receiver.ts'
import { until } from '../support/wait.ts'
import { type Cluster, NODE, startCluster } from './cluster.ts'
import { diagnosis } from './diagnosis.ts'
import { SERVERS, writeOverlay } from './overlay.ts'
import { makeVolumes } from './volumes.ts'

/** The plain manifests, applied to a cluster and ready. */
export interface Installation {
  readonly cluster: Cluster
  /** The gateway's NodePort. */
  readonly url: string
  readonly mail: MailReceiver
  /** The overlay that is applied. */
  readonly overlay: string
  /** kubectl in the namespace. */
  kubectl(...args: readonly string[]): Promise<string>
  /** Resolves when all pods of a service are of its newest kind and ready. */
  rolledOut(service: string, kind?: 'deployment' | 'statefulset'): Promise<void>
  /** Names of a service's pods, also of those that are ending. */
  pods(service: string): Promise<readonly string[]>
  remove(): Promise<void>
}

export const SERVICES = ['auth', 'gateway', 'converter', 'notification'] as const
/** Servers that stand in for images of a registry, under their names. */
const STAND_INS = ['postgres:15', 'mongo:6.0', 'rabbitmq:3.10-management'].map(
  (image) => `docker.io/library/${image}`,
)
export const NAMESPACE = 'soundlift'
/** kubectl's verb and flags, before the folder of an overlay. */
export const APPLY = ['apply', '--server-side', '--validate=strict', '-k']
/** Milliseconds for what takes seconds where nobody else works. */
export const LONG = 300_000
/** Of people who submit mail: the policies let it through. */
const SUBMISSION = 587

/** Builds the images, starts a cluster, installs. */
export async function install(): Promise<Installation> {
  const images = await buildImages()
  const cluster = await startCluster()
  const mail = await openMailReceiver(SUBMISSION, NODE)
  const remove = async () => {
    await cluster.stop()
    await mail.close()
  }
  const kubectl = (...args: readonly string[]) => cluster.kubectl(['--namespace', NAMESPACE, ...args])
  const rolledOut = async (service: string, kind = 'deployment') =>
    void (await kubectl('rollout', 'status', `${kind}/${service}`, '--timeout=480s'))
  const pods = async (service: string) => {
    const selector = `app.kubernetes.io/component=${service}`
    const out = await kubectl('get', 'pods', '--selector', selector, '--output', 'name')
    return out.split('\n').filter(Boolean)
  }
  try {
    await cluster.load(images)
    await makeVolumes(cluster, NAMESPACE, SERVERS)
    const overlay = await writeOverlay(cluster, `${mail.url}?tls=off`)
    await kubectl(...APPLY, overlay)
    await Promise.all([
      ...SERVERS.map((server) => rolledOut(server, 'statefulset')),
      ...SERVICES.map((service) => rolledOut(service)),
    ])
    const url = 'http://127.0.0.1:30002'
    await until('the NodePort answers', () => isReady(url))
    return { cluster, url, mail, overlay, kubectl, rolledOut, pods, remove }
  } catch (error) {
    const seen = await diagnosis(kubectl)
    await remove()
    throw new Error(`${error}\n${seen}`)
  }
}

/** Builds what the manifests name; the names. */
async function buildImages(): Promise<readonly string[]> {
  await Promise.all([buildProduct(), buildStandIns(STAND_INS)])
  return [PRODUCT, ...STAND_INS]
}
