/** An e-mail for one person. */
export interface Mail {
  /** Deterministic: the same delivery bears the same id however often it is sent. `<…@…>` without the brackets. */
  readonly messageId: string
  readonly to: string
  readonly subject: string
  /** Plain text, LF line ends. */
  readonly text: string
  /** The same, for who reads mails as pages. */
  readonly html?: string | undefined
  readonly headers?: Readonly<Record<string, string>>
}

/** A text for a telephone: one message of GSM-7, 160 letters. */
export interface Text {
  /** Deterministic, as the Message-ID of a mail. */
  readonly id: string
  /** E.164: `+15551234567`. */
  readonly to: string
  readonly text: string
}

/** A message for a server of a person's own, after the Standard Webhooks specification. */
export interface WebhookMessage {
  /** Deterministic: the same delivery bears the same id however often it is sent. */
  readonly id: string
  /** An http or https URL without user and password. */
  readonly url: string
  /** JSON. */
  readonly body: string
  /** `whsec_…`; each signs: two while a secret is being changed. */
  readonly secrets: readonly string[]
  /** When it is sent, milliseconds since the epoch. */
  readonly now: number
}

/** A way to reach people by one kind of message. */
export interface Channel<Message> {
  /**
   * `sent`: the receiver's server has taken it. `kept`: there is no server, it lies where the operator can read it.
   * Fails with DELIVERY_DEFERRED (try again, perhaps in `retryAfter`) or DELIVERY_REFUSED (park); the message of the
   * error is the reason. Webhooks also with WEBHOOK_TARGET_REFUSED, before anything is sent, where the URL does not
   * lead outside, and with WEBHOOK_GONE for 410.
   */
  send(message: Message): Promise<'sent' | 'kept'>
  close(): Promise<void>
}
