import { globSync, readFileSync } from 'node:fs'
import { parseAllDocuments } from 'yaml'
import { ROOT } from './program.ts'

/** The part of a Kubernetes object that tests look at. */
export interface Manifest {
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly labels: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
  }
  readonly data?: Readonly<Record<string, string>>
  readonly stringData?: Readonly<Record<string, string>>
  readonly spec: Spec
}

interface Spec {
  readonly replicas: number
  readonly strategy: unknown
  readonly selector: Selector & Readonly<Record<string, unknown>>
  readonly template: { readonly metadata: Manifest['metadata']; readonly spec: PodSpec }
  readonly volumeClaimTemplates?: readonly unknown[]
  readonly type?: string
  readonly ports: readonly {
    readonly port: number
    readonly targetPort: string
    readonly nodePort?: number
  }[]
  readonly rules: unknown
  readonly podSelector: Selector
  readonly policyTypes: readonly string[]
  readonly ingress?: readonly Rule[]
  readonly egress?: readonly Rule[]
}

export interface PodSpec {
  readonly containers: readonly Container[]
  readonly initContainers?: readonly Container[]
}

interface Container {
  readonly name: string
  readonly image: string
  readonly args?: readonly string[]
  readonly env?: readonly { readonly name: string; readonly value?: string }[]
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[]
  readonly startupProbe: unknown
  readonly readinessProbe: unknown
  readonly livenessProbe: unknown
}

export interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>
  readonly matchExpressions?: readonly { readonly values: readonly string[] }[]
}

export interface Rule {
  readonly from?: readonly Peer[]
  readonly to?: readonly Peer[]
  readonly ports: readonly { readonly port: number }[]
}

interface Peer {
  readonly podSelector?: Selector
  readonly namespaceSelector?: Selector
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] }
}

/** Where the plain manifests lie. */
export const MANIFESTS = `${ROOT}deploy/kubernetes/`

/** Every object of the files below a folder of the plain manifests; kustomize's own files are none. */
export function manifests(folder = ''): readonly Manifest[] {
  return globSync(`${MANIFESTS}${folder}**/*.yaml`, { exclude: ['**/kustomization.yaml', '**/secrets.yaml'] })
    .sort()
    .flatMap((path) => objectsIn(readFileSync(path, 'utf8')))
}

/** The objects of a text, as YAML 1.2 reads it. */
export function objectsIn(text: string): readonly Manifest[] {
  return parseAllDocuments(text).map((document) => {
    if (document.errors[0]) throw document.errors[0]
    return document.toJS()
  })
}
