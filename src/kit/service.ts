/** What runs until it is stopped. Both may be called twice and at once; callers share one promise. */
export interface Service {
  readonly name: string
  start(): Promise<void>
  /** Ends gently: takes no new work, finishes or hands back what is under way, within `milliseconds`. */
  stop(milliseconds: number): Promise<void>
}
