import { type Static, type TSchema, Type } from 'typebox'
import { STATES } from '../../domain/conversion.ts'
import { FORMAT_NAMES } from '../../domain/format.ts'

const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])

const Told = Type.Object({ code: Type.String(), text: Type.String() })

/** A conversion as /v1 shows it. Times are ISO 8601, bitrates bit/s, sizes bytes, durations seconds. */
export const ConversionShape = Type.Object({
  id: Type.String(),
  state: Type.Enum([...STATES]),
  progress: Type.Number(),
  attempt: Type.Integer(),
  wish: Type.Object({
    format: Type.Enum([...FORMAT_NAMES]),
    bitrate: orNull(Type.Integer()),
    quality: orNull(Type.String()),
  }),
  source: Type.Object({ id: Type.String(), name: Type.String(), size: Type.Integer() }),
  result: orNull(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      size: Type.Integer(),
      contentType: Type.String(),
      duration: orNull(Type.Number()),
    }),
  ),
  partial: Type.Boolean(),
  warning: orNull(Told),
  failure: orNull(Told),
  createdAt: Type.String(),
  startedAt: orNull(Type.String()),
  endedAt: orNull(Type.String()),
})
export type ConversionShape = Static<typeof ConversionShape>

/** A file as /v1 shows it. */
export const FileShape = Type.Object({
  id: Type.String(),
  name: Type.String(),
  size: Type.Integer(),
  contentType: Type.String(),
  format: orNull(Type.String()),
  duration: orNull(Type.Number()),
  sha256: Type.String(),
  kind: Type.Enum(['source', 'result']),
  derivedFrom: orNull(Type.String()),
  createdAt: Type.String(),
  expiresAt: orNull(Type.String()),
})
export type FileShape = Static<typeof FileShape>

export const IdParams = Type.Object({ id: Type.String() })

/** A page of a list: `next` is the cursor of the page after it, null on the last. */
export const pageOf = <T extends TSchema>(item: T) =>
  Type.Object({ items: Type.Array(item), next: orNull(Type.String()) })

export const PAGE_QUERY = {
  limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
  cursor: Type.Optional(Type.String({ pattern: '^[0-9a-f]{24}$' })),
}

export const StateQuery = Type.Enum([...STATES])
export const KindQuery = Type.Enum(['source', 'result'])

export const CredentialsBody = Type.Object({ email: Type.String(), password: Type.String() })
export const PreferencesShape = Type.Object({ email: Type.Object({ enabled: Type.Boolean() }) })

export const ConversionBody = Type.Object({
  fileId: Type.String(),
  format: Type.Optional(Type.String()),
  bitrate: Type.Optional(Type.Union([Type.Integer(), Type.String()])),
  quality: Type.Optional(Type.String()),
})
