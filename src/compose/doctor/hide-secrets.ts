import type { Config } from '../../config.ts'

/** Blots out of a text what must not be shown: the secret, and user and password of every URL, as written and decoded. */
export function hideSecrets(config: Config, secret: string | null): (text: string) => string {
  const { stores, brokerUrl, authUrl, notificationUrl, publicUrl, mail, smsUrl } = config
  const urls = [...Object.values(stores), brokerUrl, authUrl, notificationUrl, publicUrl, mail.url, smsUrl]
  const passwords = urls.flatMap((url) => /:\/\/[^:@/]*:([^@/]+)@/.exec(url ?? '')?.[1] ?? [])
  const hidden = [secret ?? '', ...passwords, ...passwords.map(decoded)].filter((each) => each.length > 3)
  const words = hidden.map((each) => new RegExp(`(?<![\\w-])${literal(each)}(?![\\w-])`, 'g'))
  return (text) =>
    words.reduce((shown, word) => shown.replace(word, '…'), text.replace(/:\/\/[^@\s/]*@/g, '://'))
}

/** As a pattern that stands for the text itself. */
const literal = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
