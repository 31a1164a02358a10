import type { Server } from './server.ts'

/** One line of /metrics: a name with labels, and its value. */
export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** Where the processes of a server that was started with METRICS_PORT=0 tell their metrics. */
export function metricsUrls({ lines }: Pick<Server, 'lines'>): readonly string[] {
  return lines.flatMap((line) => /metrics listens on (http:[\w.:/]+)/.exec(line)?.[1] ?? [])
}

/** What all processes say, one after the other. */
export async function scrape(server: Pick<Server, 'lines'>): Promise<readonly Sample[]> {
  const texts = await Promise.all(
    metricsUrls(server).map(async (url) => (await fetch(`${url}/metrics`)).text()),
  )
  return texts.flatMap((text) => text.split('\n').flatMap(sampleOf))
}

function sampleOf(line: string): Sample[] {
  const found = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line)
  if (!found) return []
  const [, name = '', labels = '', value] = found
  const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label, text]) => [label, text])
  return [{ name, labels: Object.fromEntries(pairs), value: Number(value) }]
}

/** The sum of the samples of this name that have these labels; undefined without any. */
export function sumOf(
  samples: readonly Sample[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  const found = samples.filter(
    (each) =>
      each.name === name && Object.entries(labels).every(([label, value]) => each.labels[label] === value),
  )
  return found.length === 0 ? undefined : found.reduce((sum, { value }) => sum + value, 0)
}
