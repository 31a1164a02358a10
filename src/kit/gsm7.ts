/** The alphabet of text messages, GSM 03.38 section 6.2.1: these take one of 160 places, … */
const BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
)
/** … and these two. */
const EXTENDED = new Set('^{}\\[~]|€')
/** What a decomposition does not tell. */
const LIKE: Readonly<Record<string, string>> = {
  ...{ '‘': "'", '’': "'", '‚': "'", '“': '"', '”': '"', '„': '"', '«': '"', '»': '"', '`': "'" },
  ...{
    '–': '-',
    '—': '-',
    '−': '-',
    '…': '...',
    '•': '*',
    '\t': ' ',
    '\u00a0': ' ',
    ł: 'l',
    Ł: 'L',
    đ: 'd',
    Đ: 'D',
  },
}

/** `text` in letters of GSM-7, the nearest where there is none, `?` for a run of what has none. */
export function toGsm7(text: string): string {
  return [...text.normalize('NFC').toWellFormed()]
    .map(letter)
    .join('')
    .replaceAll(/\uFFFD+/g, '?')
}

function letter(given: string): string {
  if (BASIC.has(given) || EXTENDED.has(given)) return given
  const like = LIKE[given] ?? given.normalize('NFKD').replaceAll(/\p{M}/gu, '')
  return like !== '' && [...like].every((each) => BASIC.has(each) || EXTENDED.has(each)) ? like : '\uFFFD'
}

/** How many of the 160 places of one message a text in GSM-7 takes. */
export function gsm7Length(text: string): number {
  return [...text].reduce((sum, each) => sum + (EXTENDED.has(each) ? 2 : 1), 0)
}
