import { expect } from 'vitest'
import type { PodSpec } from './manifests.ts'

/** Fails unless a pod may do nothing it need not, ends in time for a drain, and says what it needs. */
export function expectRestricted(pod: PodSpec): void {
  expect(pod).toMatchObject({
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: expect.toSatisfy((seconds: number) => seconds >= 40),
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
  })
  for (const container of [...pod.containers, ...(pod.initContainers ?? [])]) {
    expect(container).toMatchObject({
      imagePullPolicy: 'IfNotPresent',
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      },
      resources: {
        requests: { cpu: expect.any(String), memory: expect.any(String) },
        limits: { memory: expect.any(String) },
      },
    })
  }
}

/** Fails unless every container is asked in three different ways: is it up, can it serve, does it turn. */
export function expectThreeProbes(pod: PodSpec): void {
  for (const { startupProbe, readinessProbe, livenessProbe } of pod.containers) {
    const probes = [startupProbe, readinessProbe, livenessProbe].map((probe) => JSON.stringify(probe))
    expect(new Set(probes).size).toBe(3)
    expect(probes).not.toContain(undefined)
  }
}
