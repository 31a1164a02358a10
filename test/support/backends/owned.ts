import { randomBytes } from 'node:crypto'

/** A place on a server that nobody else uses: a database, a bucket, a pair of queues. */
export interface Owned {
  readonly url: string
  /** Removes it and all that is in it. */
  drop(): Promise<void>
}

/** A name for it; `divider` stands where the kind of server allows it. */
export function ownName(divider: '_' | '-'): string {
  return ['soundlift', 'test', randomBytes(6).toString('hex')].join(divider)
}
