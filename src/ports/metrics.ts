import type { Counter, Gauge, Histogram } from '../domain/series.ts'

/** What services tell of their work. Handed in as a logger is; where nobody measures, it does nothing. */
export interface Metrics {
  count<Label extends string>(series: Counter<Label>, labels: Record<Label, string>, by?: number): void
  observe<Label extends string>(
    series: Histogram<Label>,
    labels: Record<Label, string>,
    seconds: number,
  ): void
  set(series: Gauge, value: number): void
  /** Gauges whose values, in this order, are asked for whenever someone looks; they are left out when that fails. */
  ask(series: readonly Gauge[], read: () => Promise<readonly number[]>): void
}

/** For whoever is not measured. */
export const UNMEASURED: Metrics = { count() {}, observe() {}, set() {}, ask() {} }
