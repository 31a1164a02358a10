/** A message for one person. */
export interface Message {
  /** Deterministic: the same delivery bears the same id however often it is sent. `<…@…>` without the brackets. */
  readonly messageId: string
  readonly to: string
  readonly subject: string
  /** Plain text, LF line ends. */
  readonly text: string
  readonly headers?: Readonly<Record<string, string>>
}

/** A way to reach people. */
export interface Channel {
  /**
   * `sent`: the receiver's server has taken it. `kept`: there is no server, it lies where the operator can read it.
   * Fails with DELIVERY_DEFERRED (try again) or DELIVERY_REFUSED (park); the message of the error is the reason.
   */
  send(message: Message): Promise<'sent' | 'kept'>
  close(): Promise<void>
}
