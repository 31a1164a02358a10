import ipaddr from 'ipaddr.js'
import { parseEmail } from '../domain/user.ts'
import { parseDuration, parseSize } from '../kit/units.ts'

/** One variable of the environment: its name, how it is read, what it is when it is not set. */
export interface Variable<Value> {
  readonly name: string
  /** As one would write it; undefined: there is none. */
  readonly default: string | undefined
  /** One line for README's table. */
  readonly about: string
  /** Shown beside a mistake. */
  readonly example: string
  /** The value, or a Mistake that says what is wrong. */
  parse(text: string): Value | Mistake
}

export class Mistake {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

type Row = readonly [name: string, fallback: string | undefined, about: string, example?: string]

const make = <Value>(
  [name, fallback, about, example]: Row,
  parse: (text: string) => Value | Mistake,
): Variable<Value> => ({
  name,
  default: fallback,
  about,
  example: example ?? fallback ?? '',
  parse,
})

export const text = (...row: Row) => make(row, (given) => given)

export const size = (...row: Row) =>
  make(row, (given) => parseSize(given) ?? new Mistake('is not a size in bytes, KB, MB or GB'))

/** Milliseconds. */
export const duration = (...row: Row) =>
  make(row, (given) => parseDuration(given) ?? new Mistake('is not a time in s, m, h or d'))

export const port = (...row: Row) =>
  make(row, (given) => {
    const number = /^\d{1,5}$/.test(given) ? Number(given) : -1
    return number >= 0 && number <= 65_535 ? number : new Mistake('is not a port from 0 to 65535')
  })

export const portOrOff = (...row: Row) =>
  make(row, (given) => (given === 'off' ? given : port(...row).parse(given)))

export const count = (...row: Row) =>
  make(row, (given) =>
    /^[1-9]\d{0,8}$/.test(given) ? Number(given) : new Mistake('is not a whole number from 1 on'),
  )

export const choice = <const Name extends string>(names: readonly Name[], ...row: Row) =>
  make(row, (given) => names.find((name) => name === given) ?? new Mistake(`is none of ${names.join(', ')}`))

export const flag = (...row: Row) =>
  make(row, (given) => {
    if (['on', '1', 'true', 'yes'].includes(given.toLowerCase())) return true
    if (['off', '0', 'false', 'no'].includes(given.toLowerCase())) return false
    return new Mistake('is neither on nor off')
  })

/** A URL of one of these schemes; kept as text, because `sqlite:` and `file:` may stand without a path. */
export const url = (schemes: readonly string[], ...row: Row) =>
  make(row, (given) => {
    if (schemes.includes(given)) return given
    const scheme = /^([a-z][a-z0-9+]*:)/.exec(given)?.[1]
    if (!scheme || !schemes.includes(scheme))
      return new Mistake(`does not begin with ${schemes.join(' or ')}`)
    // Several hosts may stand in it: `mongodb://a,b,c/db` is none that URL could read.
    const one = given.replace(/,[^/?]*/, '')
    const isWhole = !given.startsWith(`${scheme}//`) || URL.canParse(one)
    return isWhole ? given : new Mistake('is not a URL')
  })

export const email = (...row: Row) =>
  make(row, (given) => {
    try {
      return parseEmail(given)
    } catch {
      return new Mistake('is not an e-mail address')
    }
  })

/** Parts divided by commas, each passed by `accepts`. */
const list = (accepts: (part: string) => boolean, wrong: string, row: Row) =>
  make(row, (given): readonly string[] | Mistake => {
    const parts = given.split(',').map((part) => part.trim())
    const refused = parts.find((part) => !accepts(part))
    return refused === undefined ? parts : new Mistake(`'${refused}' ${wrong}`)
  })

export const networks = (...row: Row) =>
  list(
    (part) =>
      ['loopback', 'linklocal', 'uniquelocal'].includes(part) ||
      ipaddr.isValid(part) ||
      ipaddr.isValidCIDR(part),
    'is neither an address nor a network',
    row,
  )

export const origins = (...row: Row) =>
  list(
    (part) => part === '*' || (URL.canParse(part) && new URL(part).origin === part),
    'is not an origin',
    row,
  )
