import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'
import { launch, ROOT } from './program.ts'
import { until } from './wait.ts'

/** One series of an answer to a query. */
export interface Answer {
  readonly metric: Readonly<Record<string, string>>
  readonly value: readonly [time: number, value: string]
}

/** A Prometheus that looks every half second at these addresses, with our rules. */
export async function startPrometheus(targets: readonly string[]) {
  const folder = await mkdtemp(join(tmpdir(), 'soundlift-prometheus-'))
  const every = { scrape_interval: '500ms', evaluation_interval: '500ms' }
  const config = {
    global: every,
    rule_files: [`${ROOT}deploy/prometheus/rules.yaml`],
    scrape_configs: [{ job_name: 'soundlift', static_configs: [{ targets }] }],
  }
  await writeFile(join(folder, 'prometheus.yaml'), JSON.stringify(config)) // JSON is YAML
  const address = `127.0.0.1:${await freePort()}`
  const program = launch('prometheus', [
    `--config.file=${join(folder, 'prometheus.yaml')}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=${address}`,
  ])
  const ask = async (path: string): Promise<unknown> => {
    const answer: { status: string; error?: string; data: unknown } = JSON.parse(
      await (await fetch(`http://${address}/api/v1/${path}`)).text(),
    )
    if (answer.status !== 'success') throw new Error(`${path}: ${answer.error}`)
    return answer.data
  }
  const stop = async () => {
    program.signal('SIGTERM')
    await program.exit
    await rm(folder, { recursive: true, force: true })
  }
  const ready = () =>
    fetch(`http://${address}/-/ready`).then(
      ({ ok }) => ok || undefined,
      () => undefined,
    )
  await until('Prometheus is ready', ready).catch(async (cause: Error) => {
    await stop()
    throw new Error(`${cause.message}:\n${program.lines.slice(-9).join('\n')}`)
  })
  return {
    ask,
    stop,
    async query(expr: string): Promise<readonly Answer[]> {
      const found = await ask(`query?query=${encodeURIComponent(expr)}`)
      return (found as { result: readonly Answer[] }).result
    },
  }
}
