import { type ErrorCode, errorKind, toAppError } from '../domain/errors.ts'

/** Something that is not as it should be, and what mends it. A warning does not keep Soundlift from its work. */
export interface Finding {
  readonly severity: 'warning' | 'failure'
  readonly what: string
  readonly mend: string
}

/** Milliseconds by which clocks may differ: tokens tolerate as much. */
const SKEW = 5_000
/** A token between services lives a minute, a lease half of one: from here on work is refused or done twice. */
const HARMFUL_SKEW = 30_000

/** What an examination of one part finds out, as far as it has come. */
export class Examination {
  /** What says where the part is, such as USERS_URL: a mend names it. */
  readonly variable: string
  /** What answered, and what was tried and went well. */
  readonly facts: string[] = []
  readonly findings: Finding[] = []
  /** Milliseconds of one question and its answer. */
  roundTrip: number | null = null
  /** Milliseconds by which the clock of the other side is ahead of ours; null where it tells no time. */
  clockAhead: number | null = null

  constructor(variable: string) {
    this.variable = variable
  }

  fact(text: string): void {
    this.facts.push(text)
  }

  warn(what: string, mend: string): void {
    this.findings.push({ severity: 'warning', what, mend })
  }

  fail(what: string, mend: string): void {
    this.findings.push({ severity: 'failure', what, mend })
  }

  /** A failure of the part as a whole, mended by what its code says. */
  failBy(error: unknown): void {
    const { code, message, errors = [], cause } = toAppError(error)
    // Messages about settings say what, and in further sentences what mends it.
    const sentences = code === 'CONFIG_INVALID' ? /(?<=\.) (?=[A-Z])/ : /$/
    const [first = '', ...mend] = message.replace(/^[A-Z]+_URL: /, '').split(sentences)
    const what = [first, ...errors.map(({ field, text }) => `${field} ${text}`)]
    if (code === 'INTERNAL' && cause instanceof Error) what.push(cause.message)
    this.fail(what.join('; '), mend.join(' ') || this.#mendOf(code))
  }

  #mendOf(code: ErrorCode): string {
    if (code === 'SERVICE_UNAVAILABLE') return `Start it, or mend host and port in ${this.variable}.`
    return code === 'CONFIG_INVALID' ? `Mend it as said, or ${this.variable}.` : errorKind(code).remedy
  }

  /** Asks a question of the part; notes how long its answer took and, where `timeOf` reads one, what time it is there. */
  async ask<Answer>(
    question: () => Promise<Answer>,
    timeOf: (answer: Answer) => number | null = () => null,
    /** Milliseconds to which the answer tells the time. */
    exact = 1,
  ): Promise<Answer> {
    const [asked, clock] = [performance.now(), Date.now()]
    const answer = await question()
    this.roundTrip = performance.now() - asked
    const told = timeOf(answer)
    if (told !== null) this.#compare(told + exact / 2 - (clock + this.roundTrip / 2))
    return answer
  }

  #compare(ahead: number): void {
    const isTold = this.clockAhead !== null
    this.clockAhead = Math.round(ahead)
    if (isTold || Math.abs(ahead) <= SKEW) return
    const what = `its clock is ${Math.abs(ahead / 1000).toFixed(0)} s ${ahead > 0 ? 'ahead of' : 'behind'} ours`
    const mend =
      'Set both by NTP: `timedatectl set-ntp true` on each machine; `date -u` shows which one is wrong.'
    if (Math.abs(ahead) > HARMFUL_SKEW) this.fail(what, mend)
    else this.warn(what, mend)
  }
}

/** Examines a part and writes down what it finds; what it throws is a failure of the part as a whole. */
export type Examine<Settings> = (settings: Settings, found: Examination) => Promise<void>
