import type { Config } from '../config.ts'
import { knownSecretOf } from '../data-dir.ts'
import { AppError } from '../domain/errors.ts'
import { withDeadline } from '../kit/closers.ts'
import { newId } from '../kit/ids.ts'
import { Examination, type Finding } from '../ports/examination.ts'
import { createTokens } from '../services/auth/index.ts'
import { type Check, checksOf } from './doctor/checks.ts'
import { hideSecrets } from './doctor/hide-secrets.ts'

/** What was found out about one part. */
export interface Diagnosis {
  readonly name: string
  readonly state: 'well' | Finding['severity']
  readonly facts: readonly string[]
  readonly findings: readonly Finding[]
  /** Of the whole examination. */
  readonly milliseconds: number
  /** Milliseconds of one question and its answer. */
  readonly roundTrip: number | null
  /** Milliseconds by which the other side's clock is ahead of ours; null where it tells no time. */
  readonly clockAhead: number | null
}

/** Milliseconds for one part; all are examined side by side. */
const DEADLINE = 20_000
/** Seconds. */
const TOKEN_LIFE = 60

/** Examines what the services of `config.role` need. `slow`: milliseconds to send a slow body to PUBLIC_URL for. */
export async function diagnose(config: Config, slow: number): Promise<readonly Diagnosis[]> {
  const secret = config.jwtSecret ?? (await knownSecretOf(config.dataDir))
  const token = secret === null ? null : await tokenOfNobody(secret)
  const hide = hideSecrets(config, secret)
  return Promise.all(checksOf(config, { secret, token, slow }).map((check) => run(check, hide)))
}

async function run(check: Check, hide: (text: string) => string): Promise<Diagnosis> {
  const { name, variable, examine, more = 0 } = check
  const [found, started] = [new Examination(variable), performance.now()]
  const late = () => new AppError('SERVICE_UNAVAILABLE', 'it is silent')
  await withDeadline(examine(found), DEADLINE + more, late).catch((error: unknown) => found.failBy(error))
  const { facts, findings, roundTrip, clockAhead } = found
  return {
    name,
    state: stateOf(findings),
    facts: facts.map(hide),
    findings: findings.map((each) => ({ ...each, what: hide(each.what), mend: hide(each.mend) })),
    milliseconds: Math.round(performance.now() - started),
    roundTrip: roundTrip && Math.round(roundTrip * 10) / 10,
    clockAhead,
  }
}

function stateOf(findings: readonly Finding[]): Diagnosis['state'] {
  if (findings.some(({ severity }) => severity === 'failure')) return 'failure'
  return findings.length > 0 ? 'warning' : 'well'
}

/** Of an account that is not there: it may do nothing but be looked at. */
function tokenOfNobody(secret: string): Promise<string> {
  const email = 'doctor@soundlift.invalid'
  const nobody = { id: newId(), email, role: 'user', createdAt: 0, passwordHash: '' } as const
  return createTokens(secret, Date.now).issue(nobody, TOKEN_LIFE)
}
