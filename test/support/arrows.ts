import type { Manifest, Rule, Selector } from './manifests.ts'

const COMPONENT = 'app.kubernetes.io/component'

/** `from → to:port` for whom a NetworkPolicy lets in; `*` is anyone, `*name` a namespace, `*public` the world outside. */
export const incoming = (policy: Manifest) =>
  arrows(policy, policy.spec.ingress, (own, peer) => `${peer} → ${own}`)

/** The same for whom it lets out. */
export const outgoing = (policy: Manifest) =>
  arrows(policy, policy.spec.egress, (own, peer) => `${own} → ${peer}`)

function arrows(
  { spec }: Manifest,
  rules: readonly Rule[] = [],
  arrow: (own: string, peer: string) => string,
): string[] {
  return componentsIn(spec.podSelector).flatMap((own) =>
    rules.flatMap((rule) =>
      peersIn(rule).flatMap((peer) => rule.ports.map(({ port }) => `${arrow(own, peer)}:${port}`)),
    ),
  )
}

/** Components that a selector names; `*` for all of them. */
function componentsIn({ matchLabels, matchExpressions }: Selector): readonly string[] {
  const one = matchLabels?.[COMPONENT]
  return one ? [one] : (matchExpressions?.flatMap(({ values }) => values) ?? ['*'])
}

/** Components at the other end; `*` and a namespace's name for those of elsewhere. */
function peersIn({ from, to }: Rule): readonly string[] {
  const peers = from ?? to
  if (!peers) return ['*']
  if (peers.every(({ ipBlock }) => ipBlock?.except?.length)) return ['*public']
  return peers.flatMap(({ podSelector, namespaceSelector }) =>
    namespaceSelector
      ? [`*${namespaceSelector.matchLabels?.['kubernetes.io/metadata.name']}`]
      : componentsIn(podSelector ?? {}),
  )
}
