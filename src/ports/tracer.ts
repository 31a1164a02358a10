import { isTraceparent } from '../kit/traceparent.ts'

/** What a span may say of its deed: ids, codes, numbers. Never an address, a token or the name of a file. */
export type Attributes = Readonly<Record<string, string | number | boolean>>

export interface SpanOptions {
  /** `server` answers a request, `consumer` takes up what lay in a queue, `client` calls a server of others. */
  readonly kind?: 'server' | 'consumer' | 'client'
  /** W3C trace context of what caused it; null or absent: the beginning of a trace. */
  readonly parent?: string | null
  readonly attributes?: Attributes
  /** When it began, milliseconds since the epoch; now. */
  readonly at?: number
}

/** A deed with a beginning and an end, part of a trace. */
export interface Span {
  /** For whoever goes on with it: W3C trace context, `00-<trace>-<span>-<flags>`; null where there is none. */
  readonly traceparent: string | null
  set(attributes: Attributes): void
  /** `error`: a code, when it failed. `at`: when it ended, milliseconds since the epoch; now. */
  end(outcome?: { readonly error?: string; readonly at?: number }): void
}

/** Writes down deeds of several services as one trace. Handed in as a logger is. */
export interface Tracer {
  begin(name: string, options?: SpanOptions): Span
}

/** For whoever is not traced: what came with a trace context hands it on. */
export const UNTRACED: Tracer = {
  begin: (_name, { parent = null } = {}) => ({
    traceparent: parent !== null && isTraceparent(parent) ? parent : null,
    set() {},
    end() {},
  }),
}
