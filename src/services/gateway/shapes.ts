import { type Static, type TSchema, Type } from 'typebox'
import { STATES } from '../../domain/conversion.ts'
import { CHANNELS, DELIVERY_STATES } from '../../domain/delivery.ts'
import { FORMAT_NAMES } from '../../domain/format.ts'
import type { TagName } from '../../domain/tag-names.ts'

const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])

/** The same schema for each tag. */
const everyTag = <T extends TSchema>(schema: T) =>
  ({
    title: schema,
    artist: schema,
    album: schema,
    albumArtist: schema,
    composer: schema,
    genre: schema,
    date: schema,
    trackNumber: schema,
    discNumber: schema,
    comment: schema,
    copyright: schema,
  }) satisfies Record<TagName, T>

const Told = Type.Object({ code: Type.String(), text: Type.String() })

const text = Type.Optional(Type.String())
const number = Type.Optional(Type.Number())

/** A wish as /v1 shows it: what was not asked for is absent, bitrate and quality are null. */
const WishShape = Type.Object({
  format: Type.Enum([...FORMAT_NAMES]),
  bitrate: orNull(Type.Integer()),
  abr: number,
  quality: orNull(Type.String()),
  size: number,
  preset: text,
  sampleRate: number,
  channels: number,
  start: number,
  end: number,
  loudness: number,
  track: Type.Optional(Type.Union([Type.Integer(), Type.String()])),
  metadata: text,
  cover: Type.Optional(Type.Union([Type.Number(), Type.String()])),
  ...everyTag(text),
})

/** A conversion as /v1 shows it. Times are ISO 8601, bitrates bit/s, sizes bytes, durations seconds. */
export const ConversionShape = Type.Object({
  id: Type.String(),
  state: Type.Enum([...STATES]),
  progress: Type.Number(),
  /** Seconds until it is likely to be done; null unless it runs. */
  eta: orNull(Type.Integer()),
  attempt: Type.Integer(),
  wish: WishShape,
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

/** A delivery as /v1 shows it. */
export const DeliveryShape = Type.Object({
  id: Type.String(),
  channel: Type.Enum([...CHANNELS]),
  address: Type.String(),
  event: Type.Object({ type: Type.String(), conversionId: orNull(Type.String()) }),
  state: Type.Enum([...DELIVERY_STATES]),
  attempts: Type.Integer(),
  reason: orNull(Type.String()),
  createdAt: Type.String(),
  endedAt: orNull(Type.String()),
  nextAttemptAt: orNull(Type.String()),
})
export type DeliveryShape = Static<typeof DeliveryShape>

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

const textOrNumber = Type.Optional(Type.Union([Type.Number(), Type.String()]))

/** What can be asked for; domain/wish reads the values. */
const WishBody = Type.Object({
  format: text,
  bitrate: textOrNumber,
  abr: textOrNumber,
  quality: text,
  size: textOrNumber,
  preset: text,
  sampleRate: textOrNumber,
  channels: textOrNumber,
  start: textOrNumber,
  end: textOrNumber,
  loudness: textOrNumber,
  track: textOrNumber,
  metadata: text,
  cover: textOrNumber,
  ...everyTag(text),
})

export const EstimateBody = Type.Object({ duration: Type.Number(), ...WishBody.properties })
export const EstimateShape = Type.Object({
  duration: Type.Number(),
  bitrate: orNull(Type.Integer()),
  size: Type.Integer(),
})

export const ConversionBody = Type.Object({
  fileId: Type.String(),
  ...WishBody.properties,
  webhook: text,
})
