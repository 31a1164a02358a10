import type { Attributes, SpanContext } from '@opentelemetry/api'
import type { SpanExporter } from '@opentelemetry/sdk-trace-node'
import { withDeadline } from '../kit/closers.ts'
import type { Logger } from '../kit/logger.ts'
import { createReminder } from '../kit/reminder.ts'
import { isTraceparent } from '../kit/traceparent.ts'
import type { Tracer } from '../ports/tracer.ts'

/** Milliseconds for what is still to be sent at the end: no reason to stop late, or to call the stop unclean. */
const LAST_WORDS = 1_500

export interface OtlpTracer extends Tracer {
  /** Sends what has not been sent. */
  close(): Promise<void>
}

/**
 * Sends spans to a collector by OTLP over HTTP, JSON, in batches. OpenTelemetry is loaded here: who traces nothing does
 * not pay for it. Its own variables hold: OTEL_EXPORTER_OTLP_HEADERS, OTEL_TRACES_SAMPLER, OTEL_RESOURCE_ATTRIBUTES, …
 */
export async function createOtlpTracer(
  endpoint: string,
  service: string,
  logger: Logger,
): Promise<OtlpTracer> {
  const [api, sdk, { OTLPTraceExporter }, resources] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ])
  const ours = resources.resourceFromAttributes({ 'service.name': service })
  const theirs = resources.detectResources({ detectors: [resources.envDetector] })
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces` })
  const provider = new sdk.NodeTracerProvider({
    resource: ours.merge(theirs),
    spanProcessors: [new sdk.BatchSpanProcessor(telling(exporter, logger))],
  })
  const tracer = provider.getTracer('soundlift')
  const kinds = {
    server: api.SpanKind.SERVER,
    consumer: api.SpanKind.CONSUMER,
    client: api.SpanKind.CLIENT,
  } as const
  return {
    begin(name, { kind, parent, attributes = {}, at } = {}) {
      const remote = contextOf(parent)
      const above = remote ? api.trace.setSpanContext(api.ROOT_CONTEXT, remote) : api.ROOT_CONTEXT
      const options = {
        kind: kind ? kinds[kind] : api.SpanKind.INTERNAL,
        attributes: { ...attributes } satisfies Attributes,
        ...(at === undefined ? {} : { startTime: at }),
      }
      const span = tracer.startSpan(name, options, above)
      return {
        traceparent: traceparentOf(span.spanContext()),
        set: (more) => void span.setAttributes({ ...more }),
        end({ error, at: until } = {}) {
          if (error !== undefined) {
            span.setAttribute('error.type', error)
            span.setStatus({ code: api.SpanStatusCode.ERROR })
          }
          span.end(until)
        },
      }
    },
    close: () => withDeadline(provider.shutdown(), LAST_WORDS).catch(() => {}),
  }
}

/** A collector that is away costs spans, and a line a minute. */
function telling(exporter: SpanExporter, logger: Logger): SpanExporter {
  const remind = createReminder((reason) => logger.warn({ reason }, 'traces can not be sent now'))
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        if (result.error) remind(result.error.message)
        done(result)
      })
    },
    forceFlush: async () => exporter.forceFlush?.(),
    shutdown: () => exporter.shutdown(),
  }
}

function contextOf(traceparent: string | null | undefined): SpanContext | null {
  if (!isTraceparent(traceparent)) return null
  const [, traceId = '', spanId = '', flags = ''] = traceparent.split('-')
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true }
}

const traceparentOf = ({ traceId, spanId, traceFlags }: SpanContext) =>
  `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`
