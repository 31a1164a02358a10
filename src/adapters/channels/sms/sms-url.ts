import { AppError } from '../../../domain/errors.ts'

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

/** SMS_URL taken apart. */
export interface SmsUrl {
  /** Without login and without what was meant for us. */
  readonly address: URL
  readonly user: string
  readonly password: string
  readonly tls: boolean
}

/** CONFIG_INVALID where it is none, or would send a password in the clear without being told to by `tls=off`. */
export function parseSmsUrl(text: string): SmsUrl {
  const address = URL.canParse(text) ? new URL(text) : null
  if (!address?.hostname) throw wrong('not a URL such as https://user:password@sms.example.com/send')
  const [user, password] = [decode(address.username), decode(address.password)]
  const isOff = address.searchParams.get('tls') === 'off'
  const tls = address.protocol === 'twilio:' ? !isOff : address.protocol === 'https:'
  if (!tls && !isOff && !LOOPBACK.test(address.hostname)) throw wrong('take https://, or add ?tls=off')
  address.searchParams.delete('tls')
  address.username = ''
  address.password = ''
  return { address, user, password, tls }
}

export const wrong = (text: string) => new AppError('CONFIG_INVALID', `SMS_URL: ${text}`)

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw wrong('user and password must be percent-encoded')
  }
}

export const basic = (user: string, password: string) =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
