import { AppError } from '../../../domain/errors.ts'
import type { Webhook } from '../../../domain/webhook.ts'
import { seal, unseal } from '../../../kit/sealed.ts'
import { deriveKey } from '../../../kit/signed.ts'

const keyOf = (jwtSecret: string) => deriveKey(jwtSecret, 'secrets of webhooks')

/** A secret of an endpoint as it is stored: a copy of the database signs nothing. */
export function sealSecret(jwtSecret: string, webhookId: string, secret: string): string {
  return seal(keyOf(jwtSecret), secret, webhookId)
}

/** The secrets that sign at `now`; DELIVERY_REFUSED when they were sealed under another JWT_SECRET. */
export function secretsOf(jwtSecret: string, { id, secrets }: Webhook, now: number): readonly string[] {
  return secrets
    .filter(({ until }) => until === null || now < until)
    .map(({ sealed }) => {
      const secret = unseal(keyOf(jwtSecret), sealed, id)
      if (secret !== null) return secret
      throw new AppError(
        'DELIVERY_REFUSED',
        'JWT_SECRET is another than when this secret was made: rotate the secret',
      )
    })
}
