import { cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { PRODUCT } from '../support/images.ts'
import { MANIFESTS } from '../support/manifests.ts'
import { succeed } from '../support/tools.ts'
import type { Cluster } from './cluster.ts'

export const ADMIN = { email: 'admin@example.com', password: 'a "long" pass/word & more' }

/** How many of each: two cores hold no more of them at ease. */
const REPLICAS = { auth: 2, gateway: 2, converter: 2, notification: 2 } as const
/** What the overlay brings. */
export const SERVERS = ['mongodb', 'postgres', 'rabbitmq'] as const

const KIND = { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization' }

/** A copy of the plain manifests, Secrets filled in, with an overlay on minikube that fits two cores; its folder. */
export async function writeOverlay({ folder }: Cluster, smtpUrl: string): Promise<string> {
  const manifests = join(folder, 'kubernetes')
  await cp(MANIFESTS, manifests, { recursive: true })
  await succeed(join(manifests, 'fill-secrets'), [ADMIN.email, ADMIN.password])
  return write(join(manifests, 'overlays/test'), kustomization(smtpUrl))
}

/** The overlay of the tests with one more component; its folder. */
export function writeWith({ folder }: Cluster, component: string): Promise<string> {
  return write(join(folder, 'kubernetes/overlays', component), {
    ...KIND,
    resources: ['../test'],
    components: [`../../components/${component}`],
  })
}

async function write(overlay: string, content: object): Promise<string> {
  await mkdir(overlay)
  await writeFile(join(overlay, 'kustomization.yaml'), stringify(content))
  return overlay
}

function kustomization(smtpUrl: string) {
  const small = { op: 'replace', path: '/spec/template/spec/containers/0/resources/requests' }
  const patch = (kind: string, name: string | undefined, ...operations: readonly object[]) => ({
    target: { kind, ...(name === undefined ? {} : { name }) },
    patch: stringify(operations),
  })
  const [newName, newTag] = PRODUCT.split(':')
  return {
    ...KIND,
    resources: ['../minikube'],
    images: [{ name: 'soundlift', newName, newTag }],
    replicas: Object.entries(REPLICAS).map(([name, count]) => ({ name, count })),
    patches: [
      ...['Deployment', 'StatefulSet'].map((kind) =>
        patch(kind, undefined, { ...small, value: { cpu: '20m', memory: '64Mi' } }),
      ),
      patch('ConfigMap', 'converter-config', { op: 'replace', path: '/data/CONVERTER_SLOTS', value: '1' }),
      patch('Secret', 'notification-secret', {
        op: 'replace',
        path: '/stringData/SMTP_URL',
        value: smtpUrl,
      }),
      // Without metrics it would only lift them to their least number.
      patch('HorizontalPodAutoscaler', 'converter', { op: 'replace', path: '/spec/minReplicas', value: 1 }),
    ],
  }
}
