import { runRetention } from '../../compose/retention.ts'
import { readConfig } from '../../config.ts'
import { AppError } from '../../domain/errors.ts'
import { createLogger } from '../../kit/logger.ts'
import { formatSize } from '../../kit/units.ts'
import { type Command, readArgs } from '../command.ts'

type Report = Awaited<ReturnType<typeof runRetention>>

export const retention: Command = {
  name: 'retention',
  summary: 'removes what is over now, and counts anew what people’s files take',
  usage: `soundlift retention run [--dry-run]

Removes at once what the upkeep removes bit by bit: expired files, rows of what ended longer ago than HISTORY_RETENTION,
bytes that no row refers to for a day. Then it counts anew what the files of each person take, for the quotas. It works
beside a running server, with its variables.
  --dry-run  only counts what would go`,
  async run(args, out) {
    const options = { 'dry-run': { type: 'boolean', default: false } } as const
    const { values, positionals } = readArgs(args, options)
    if (positionals.join(' ') !== 'run') throw new AppError('USAGE', 'retention takes run')
    const logger = await createLogger({ level: 'warn', pretty: process.stderr.isTTY })
    const dryRun = values['dry-run']
    const report = await runRetention(readConfig(), logger, { dryRun })
    for (const line of linesOf(report, dryRun)) out.say(line)
    out.answer({ dryRun, ...report })
    return 0
  },
}

function linesOf(report: Report, dryRun: boolean): readonly string[] {
  const { files, bytes, rows, deliveries, orphans, unfinished, recounted } = report
  const fate = dryRun ? 'would be removed' : 'removed'
  return [
    `${files} expired files ${fate}, ${formatSize(bytes)}`,
    `${rows} rows of what has ended ${fate}, ${deliveries} deliveries`,
    `${orphans} blobs without a file ${fate}${unfinished === null ? '' : `, ${unfinished} broken uploads`}`,
    ...(recounted === null ? [] : [`${recounted} persons’ usage was wrong and is mended`]),
  ]
}
