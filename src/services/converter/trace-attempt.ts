import type { Conversion } from '../../domain/conversion.ts'
import type { AttemptEnd } from '../../domain/series.ts'
import type { convert } from '../../media/convert.ts'
import type { Span, Tracer } from '../../ports/tracer.ts'

/** The span of an attempt, below the request that asked for the conversion. */
export interface AttemptSpan {
  /** `convert`, with a span for each of its stages. */
  readonly convert: typeof convert
  end(end: AttemptEnd, code: string | undefined): void
}

/** Of the first attempt it also tells how long the conversion waited. */
export function traceAttempt(tracer: Tracer, conversion: Conversion, inner: typeof convert): AttemptSpan {
  const { id, attempt, fence, traceparent: parent, createdAt, startedAt, wish, sourceSize } = conversion
  const about = { 'soundlift.conversion.id': id, 'soundlift.attempt': attempt }
  if (fence === 1 && startedAt !== null)
    tracer
      .begin('wait in the queue', { parent, at: createdAt, attributes: about })
      .end({ at: Math.max(createdAt, startedAt) })
  const sizes = { 'soundlift.format': wish.format, 'soundlift.source.bytes': sourceSize }
  const span = tracer.begin('attempt', { kind: 'consumer', parent, attributes: { ...about, ...sizes } })
  return {
    convert: traced(tracer, span, inner),
    end(end, code) {
      span.set({ 'soundlift.end': end })
      span.end(code === undefined ? {} : { error: code })
    },
  }
}

/** Its stages lie one behind the other, and are told when it is over. */
function traced(tracer: Tracer, { traceparent: parent }: Span, inner: typeof convert): typeof convert {
  return async (...given) => {
    let at = Date.now()
    const receipt = await inner(...given)
    for (const [stage, seconds] of Object.entries(receipt.seconds)) {
      const end = at + seconds * 1000
      tracer.begin(stage, { parent, at }).end({ at: end })
      at = end
    }
    return receipt
  }
}
