import type * as PromClient from 'prom-client'
import { type Gauge, SERIES, type Series } from '../domain/series.ts'
import { withDeadline } from '../kit/closers.ts'
import type { Logger } from '../kit/logger.ts'
import type { Metrics } from '../ports/metrics.ts'

/** What is measured, and the text that says it. */
export interface Prometheus {
  readonly metrics: Metrics
  readonly contentType: string
  /** From now on also of the process: event loop, memory, collector. */
  measureProcess(): void
  /** In Prometheus' format. */
  read(): Promise<string>
}

/** Milliseconds what is asked for may take: a scrape waits ten seconds. */
const PATIENCE = 3_000

type Asked = readonly [series: readonly Gauge[], read: () => Promise<readonly number[]>]

/** A registry of this process' own. The library is loaded here: who measures nothing does not pay for it. */
export async function createPrometheus(logger: Logger): Promise<Prometheus> {
  const client = await import('prom-client')
  const registry = new client.Registry()
  const made = new Map<string, Instrument>()
  for (const series of Object.values(SERIES)) made.set(series.name, instrument(client, registry, series))
  const of = ({ name }: Pick<Gauge, 'name'>) => {
    const found = made.get(name)
    if (!found) throw new Error(`${name} is no series of domain/series.ts`)
    return found
  }
  const asked: Asked[] = []
  const metrics: Metrics = {
    count: (series, labels, by = 1) => of(series).add(labels, by),
    observe: (series, labels, seconds) => of(series).add(labels, seconds),
    set: (series, value) => of(series).set(value),
    ask: (...each) => void asked.push(each),
  }
  const refresh = async ([series, read]: Asked) => {
    try {
      const values = await withDeadline(read(), PATIENCE)
      for (const [place, each] of series.entries()) of(each).set(values[place] ?? 0)
    } catch (err) {
      for (const each of series) of(each).clear()
      logger.warn({ err }, 'some metrics can not be read now')
    }
  }
  return {
    metrics,
    contentType: registry.contentType,
    measureProcess: () => client.collectDefaultMetrics({ register: registry }),
    async read() {
      await Promise.all(asked.map(refresh))
      return registry.metrics()
    },
  }
}

interface Instrument {
  add(labels: Record<string, string>, amount: number): void
  set(value: number): void
  clear(): void
}

const never = () => {
  throw new TypeError('this series is of another kind')
}

function instrument(
  client: typeof PromClient,
  registry: PromClient.Registry,
  series: Series<'counter' | 'gauge' | 'histogram', string>,
): Instrument {
  const { name, help, buckets } = series
  const settings = { name, help, labelNames: Object.keys(series.labels), registers: [registry] }
  switch (series.kind) {
    case 'counter': {
      const counter = new client.Counter(settings)
      // A first event is seen as an increase only where there was a 0 before it.
      for (const labels of known(series)) counter.inc(labels, 0)
      return { add: (labels, amount) => counter.inc(labels, amount), set: never, clear: never }
    }
    case 'histogram': {
      const histogram = new client.Histogram({ ...settings, buckets: [...buckets] })
      for (const labels of known(series)) histogram.zero(labels)
      return { add: (labels, amount) => histogram.observe(labels, amount), set: never, clear: never }
    }
    case 'gauge': {
      const gauge = new client.Gauge(settings)
      const clear = () => gauge.remove({})
      clear() // a value that nobody has told is none, and not 0
      return { add: never, set: (value) => gauge.set(value), clear }
    }
  }
}

/** Every combination of the values that are known before. */
function known({ labels }: Series<'counter' | 'gauge' | 'histogram', string>): Record<string, string>[] {
  return Object.entries(labels).reduce<Record<string, string>[]>(
    (sets, [label, values]) => sets.flatMap((set) => values.map((value) => ({ ...set, [label]: value }))),
    [{}],
  )
}
