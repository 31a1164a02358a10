import { type Diagnosis, diagnose } from '../../compose/doctor.ts'
import { ROLES, readConfig } from '../../config.ts'
import { AppError } from '../../domain/errors.ts'
import { parseDuration } from '../../kit/units.ts'
import { type Command, readArgs } from '../command.ts'

const MARKS = { well: '✓', warning: '!', failure: '✗' } as const
/** Milliseconds after which whoever does not answer is not waited for any more. */
const GOODBYE = 1_000

export const doctor: Command = {
  name: 'doctor',
  summary: 'looks at every part and says what mends it',
  usage: `soundlift doctor [all | gateway | auth | converter | notification] [--slow TIME]

Examines what these services need, with the settings they have: each part by its URL (reached, version, clock, rights), the
engine by a small conversion, folders, and PUBLIC_URL as people reach it. Works beside a running server, and changes nothing:
what it tries, it removes.
  --slow TIME  how long a slow upload is sent to PUBLIC_URL, 5s without it; time-outs of proxies are often 60s

✓ well   ! should be looked at   ✗ must be mended: then the exit code is 1.`,
  async run(args, out) {
    const { values, positionals } = readArgs(args, { slow: { type: 'string', default: '5s' } })
    const role = ROLES.find((name) => name === (positionals[0] ?? 'all'))
    if (positionals.length > 1 || !role)
      throw new AppError('USAGE', `doctor takes one of ${ROLES.join(', ')}`)
    const slow = parseDuration(values.slow)
    if (slow === undefined) throw new AppError('USAGE', '--slow is a time such as 90s')
    const found = await diagnose(readConfig(undefined, role), slow)
    for (const each of found) for (const line of linesOf(each)) out.say(line)
    const exit = found.some(({ state }) => state === 'failure') ? 1 : 0
    out.answer({ well: exit === 0, parts: found })
    // A connection that is silent would keep the process for as long as its driver waits.
    setTimeout(() => process.exit(exit), GOODBYE).unref()
    return exit
  },
}

function linesOf({ name, state, facts, findings, milliseconds }: Diagnosis): readonly string[] {
  const what = findings.length === 0 ? facts : findings.map((each) => each.what)
  const head = `${MARKS[state]} ${name.padEnd(13)} ${what.join(state === 'well' ? ', ' : '; ')}  (${milliseconds} ms)`
  return [head, ...findings.map(({ mend }) => `    → ${mend}`)]
}
