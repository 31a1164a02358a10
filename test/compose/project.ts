import { succeed, tools } from '../support/tools.ts'
import { until } from '../support/wait.ts'
import { podman } from './podman.ts'

/** A file of compose, by Debian's podman-compose, under a name that nothing else on this machine has. */
export interface Project {
  /** podman-compose with these variables. */
  compose(variables: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<void>
  /** The container of a service. */
  nameOf(service: string): string
  /** Names of its containers. */
  containers(...filters: readonly string[]): Promise<readonly string[]>
  /** Removes its containers, networks and volumes. */
  remove(): Promise<void>
}

export function openProject(file: string): Project {
  const project = `${file.replace(/\W/g, '-')}-${process.pid}`
  const flags = ['--project-name', project, '--file', file]
  /** Names of what podman lists and podman-compose made. */
  const namesOf = async (...list: readonly string[]) => {
    const format = list[0] === 'ps' ? '{{.Names}}' : '{{.Name}}'
    const label = `label=io.podman.compose.project=${project}`
    const said = await podman(...list, '--filter', label, '--format', format)
    return said.split('\n').filter((name) => name !== '')
  }
  const containers: Project['containers'] = (...filters) => namesOf('ps', '--all', ...filters)
  return {
    async compose(variables, ...args) {
      await succeed('podman-compose', [...flags, ...args], { env: { ...(await tools()), ...variables } })
    },
    nameOf: (service) => `${project}_${service}_1`,
    containers,
    async remove() {
      for (const name of await containers()) await until(`${name} is gone`, () => isRemoved(name), 60_000)
      for (const name of await namesOf('volume', 'ls')) await podman('volume', 'rm', '--force', name)
      for (const name of await namesOf('network', 'ls')) await podman('network', 'rm', '--force', name)
    },
  }
}

/** podman fails when a container ends by itself while it is being stopped. */
const isRemoved = (name: string) =>
  podman('rm', '--force', '--ignore', '--time=1', name).then(
    () => true,
    () => undefined,
  )
