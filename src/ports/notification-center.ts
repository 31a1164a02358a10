import { type Static, type TSchema, Type } from 'typebox'
import { ADDRESSED_CHANNELS, CHANNELS, DELIVERY_STATES } from '../domain/delivery.ts'
import { MAX_WEBHOOK_URL, WEBHOOK_EVENTS } from '../domain/webhook.ts'

/** Null comes first: the server would make an empty text of it otherwise. */
const orNull = <T extends TSchema>(schema: T) => Type.Union([Type.Null(), schema])

const Preference = { enabled: Type.Boolean(), onlyFailures: Type.Boolean() }
const Addressed = { ...Preference, address: orNull(Type.String()), pending: orNull(Type.String()) }
export const PreferencesShape = Type.Object({
  email: Type.Object(Addressed),
  sms: Type.Object(Addressed),
  webhook: Type.Object(Preference),
})

const Change = Type.Partial(Type.Object(Preference))
/** null: the account's own e-mail address, or no number. */
const address = Type.Optional(orNull(Type.String({ maxLength: 320 })))
const AddressedChange = Type.Object({ ...Change.properties, address })
export const PreferenceChangeShape = Type.Object({
  email: Type.Optional(AddressedChange),
  sms: Type.Optional(AddressedChange),
  webhook: Type.Optional(Change),
})

export const AddressedChannelShape = Type.Enum([...ADDRESSED_CHANNELS])
/** A delivery as its person may see it. Times are milliseconds since the epoch. */
const DeliveryShape = Type.Object({
  id: Type.String(),
  /** As in `personOf`. */
  person: Type.String(),
  channel: Type.Enum([...CHANNELS]),
  address: Type.String(),
  event: Type.Object({ type: Type.String(), conversionId: orNull(Type.String()) }),
  state: Type.Enum([...DELIVERY_STATES]),
  attempt: Type.Integer(),
  reason: orNull(Type.String()),
  notBefore: Type.Integer(),
  createdAt: Type.Integer(),
  endedAt: orNull(Type.Integer()),
})
export type ShownDelivery = Static<typeof DeliveryShape>

/** Which deliveries: as in `DeliveryPage`, all people's without a person. */
const Page = Type.Object({
  limit: Type.Integer(),
  cursor: Type.Optional(Type.String()),
  person: Type.Optional(Type.String()),
  state: Type.Optional(Type.Enum([...DELIVERY_STATES])),
  channel: Type.Optional(Type.Enum([...CHANNELS])),
})

/** As in `personOf`. */
const person = Type.String({ minLength: 1, maxLength: 320 })
const id = Type.String({ pattern: '^[0-9a-f]{24}$' })
/** Of the request that asks, for the logs. */
const requestId = orNull(Type.String())

/** An endpoint as it is shown: without its secrets. */
export const WebhookShape = Type.Object({
  id: Type.String(),
  url: Type.String(),
  events: Type.Array(Type.Enum([...WEBHOOK_EVENTS])),
  enabled: Type.Boolean(),
  disabledReason: orNull(Type.String()),
  failingSince: orNull(Type.String()),
  createdAt: Type.String(),
})
export type WebhookShape = Static<typeof WebhookShape>
const Owned = Type.Object({ ...WebhookShape.properties, person })
/** What is shown once, of a new secret. */
export const NewSecretShape = Type.Object({ secret: Type.String() })
export const NewWebhookShape = Type.Object({ ...WebhookShape.properties, ...NewSecretShape.properties })

const Wish = {
  url: Type.String({ maxLength: MAX_WEBHOOK_URL }),
  events: Type.Array(Type.Enum([...WEBHOOK_EVENTS]), { minItems: 1, uniqueItems: true }),
}
export const WebhookBody = Type.Object({ url: Wish.url, events: Type.Optional(Wish.events) })
export const WebhookChangeShape = Type.Partial(Type.Object({ ...Wish, enabled: Type.Boolean() }))
export type WebhookChangeShape = Static<typeof WebhookChangeShape>

const Nothing = Type.Object({})

const call = <Asked extends TSchema, Answer extends TSchema>(asked: Asked, answer: Answer) => ({
  asked,
  answer,
})

/** What the gateway asks the notification service, in one process or over HTTP: `POST /center/<name>`. */
export const CALLS = {
  preferences: call(Type.Object({ person }), PreferencesShape),
  /** An address is to be proven: a code goes to it. EMAIL_INVALID, NUMBER_INVALID, TOO_MANY_CODES. */
  setPreferences: call(Type.Object({ person, change: PreferenceChangeShape, requestId }), PreferencesShape),
  /** CODE_WRONG, CODE_EXPIRED. */
  confirmAddress: call(
    Type.Object({ person, channel: AddressedChannelShape, code: Type.String({ maxLength: 20 }) }),
    PreferencesShape,
  ),
  /** Mails a link for a new password. `person`, `stamp` and `until` are of the `Reset`. */
  sendReset: call(
    Type.Object({ person, address: Type.String(), stamp: Type.String(), until: Type.Integer(), requestId }),
    Type.Object({}),
  ),
  deliveries: call(Page, Type.Array(DeliveryShape)),
  /** DELIVERY_NOT_FOUND. */
  delivery: call(Type.Object({ id }), DeliveryShape),
  /** DELIVERY_NOT_FOUND, DELIVERY_UNDER_WAY. */
  replay: call(Type.Object({ id }), DeliveryShape),
  webhooks: call(Type.Object({ person }), Type.Array(WebhookShape)),
  /** WEBHOOK_NOT_FOUND, as do those below. */
  webhook: call(Type.Object({ id }), Owned),
  addWebhook: call(Type.Object({ person, email: person, ...WebhookBody.properties }), NewWebhookShape),
  changeWebhook: call(Type.Object({ id, change: WebhookChangeShape }), WebhookShape),
  removeWebhook: call(Type.Object({ id }), Nothing),
  rotateWebhookSecret: call(Type.Object({ id }), NewSecretShape),
  testWebhook: call(Type.Object({ id }), Nothing),
} as const

type Calls = typeof CALLS

/** The notification service as the gateway sees it. */
export type NotificationCenter = {
  readonly [Name in keyof Calls]: (
    asked: Static<Calls[Name]['asked']>,
  ) => Promise<Static<Calls[Name]['answer']>>
}
