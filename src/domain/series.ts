/** What is measured: a name, what it says, and its labels with the values that are known before anything happens. */
export interface Series<Kind extends 'counter' | 'gauge' | 'histogram', Label extends string = never> {
  readonly kind: Kind
  readonly name: string
  readonly help: string
  /** An empty list: values show up when they come. Never an id, an address or a URL. */
  readonly labels: Readonly<Record<Label, readonly string[]>>
  /** Of a histogram, ascending. */
  readonly buckets: readonly number[]
}

export type Counter<Label extends string = never> = Series<'counter', Label>
export type Gauge = Series<'gauge'>
export type Histogram<Label extends string = never> = Series<'histogram', Label>

type Known<Label extends string> = Readonly<Record<Label, readonly string[]>>

function counter<Label extends string = never>(
  name: string,
  help: string,
  labels: Known<Label>,
): Counter<Label> {
  return { kind: 'counter', name, help, labels, buckets: [] }
}

const gauge = (name: string, help: string): Gauge => ({ kind: 'gauge', name, help, labels: {}, buckets: [] })

function histogram<Label extends string>(
  name: string,
  help: string,
  labels: Known<Label>,
  buckets: readonly number[],
): Histogram<Label> {
  return { kind: 'histogram', name, help, labels, buckets }
}

/** Seconds: of an answer that was at hand, of an upload of an hour. */
const REQUEST = [0.005, 0.025, 0.1, 0.5, 1, 5, 30, 120, 600, 3600]
/** Seconds: of a short file, of a night's recording. */
const WORK = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 14_400]

/** How an attempt ended: `again` was tried anew, `released` was given back by a stop, `lost` was cancelled or taken over. */
export type AttemptEnd = 'done' | 'failed' | 'again' | 'released' | 'lost'

/** Every series of ours. docs/operations.md lists them; a test holds its table against this one. */
export const SERIES = {
  queued: gauge(
    'soundlift_conversions_queued',
    'conversions that wait, 100,000 at most; told by each gateway',
  ),
  running: gauge('soundlift_conversions_running', 'conversions under way, anywhere; told by each gateway'),
  oldestQueued: gauge(
    'soundlift_oldest_queued_seconds',
    'age of the oldest conversion that waits, 0 without one; told by each gateway',
  ),
  ended: counter('soundlift_conversions_ended_total', 'conversions that ended here', {
    state: ['done', 'failed', 'cancelled'],
  }),
  failures: counter('soundlift_failures_total', 'attempts that failed here, by the code of the error', {
    code: [],
  }),
  attempts: histogram(
    'soundlift_attempt_seconds',
    'attempts, and how long they took',
    { end: ['done', 'failed', 'again', 'released', 'lost'] },
    WORK,
  ),
  stages: histogram(
    'soundlift_stage_seconds',
    'seconds of a conversion in each stage: wait in the queue, probe, convert',
    { stage: ['wait', 'probe', 'convert'] },
    WORK,
  ),
  sourceBytes: counter('soundlift_source_bytes_total', 'bytes read of sources that were converted', {}),
  resultBytes: counter('soundlift_result_bytes_total', 'bytes of results that were made', {}),
  slots: gauge('soundlift_slots', 'conversions this converter does at once'),
  slotsBusy: gauge('soundlift_slots_busy', 'conversions this converter is at'),
  deliveries: counter('soundlift_deliveries_total', 'attempts to deliver; `queued` will be tried again', {
    channel: ['email', 'sms', 'webhook'],
    end: ['sent', 'kept', 'skipped', 'parked', 'queued'],
  }),
  requests: histogram(
    'soundlift_http_request_seconds',
    'requests, and how long they took; without those of health checks',
    { method: [], route: [], status: [] },
    REQUEST,
  ),
  receivedBytes: counter('soundlift_http_received_bytes_total', 'bytes of requests, with their headers', {}),
  sentBytes: counter('soundlift_http_sent_bytes_total', 'bytes of answers, with their headers', {}),
} as const
