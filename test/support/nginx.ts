import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'
import { until } from './wait.ts'

/** What an Ingress may say to the controller ingress-nginx: `nginx.ingress.kubernetes.io/…`. */
export type Annotations = Readonly<Record<string, string>>

/** What the controller does where an Ingress says nothing. */
const DEFAULTS: Annotations = {
  'proxy-body-size': '1m',
  'proxy-read-timeout': '60',
  'proxy-send-timeout': '60',
  'proxy-request-buffering': 'on',
}

export interface Nginx {
  readonly port: number
  close(): Promise<void>
}

/**
 * A real nginx before a server of the loopback, with the limits that the controller would give it. `second`: how many
 * milliseconds one of theirs takes here.
 */
export async function openNginx(
  target: { host: string; port: number },
  annotations: Annotations,
  second: number,
): Promise<Nginx> {
  const folder = await mkdtemp(join(tmpdir(), 'soundlift-nginx-'))
  const port = await freePort()
  await mkdir(join(folder, 'logs'))
  const limits = { ...DEFAULTS, ...annotations }
  await writeFile(join(folder, 'nginx.conf'), configuration(port, target, limits, second))
  const child = spawn('nginx', ['-p', folder, '-c', 'nginx.conf', '-e', 'stderr'], { stdio: 'inherit' })
  const exited = once(child, 'exit')
  const close = async () => {
    child.kill('SIGTERM')
    await exited
    await rm(folder, { recursive: true, force: true })
  }
  await until('nginx answers', () =>
    fetch(`http://127.0.0.1:${port}/`).then(
      () => true as const,
      () => undefined,
    ),
  ).catch(async (error: unknown) => {
    await close()
    throw error
  })
  return { port, close }
}

function configuration(
  port: number,
  target: { host: string; port: number },
  limits: Annotations,
  second: number,
): string {
  const time = (name: string) => `${Number(limits[name]) * second}ms`
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (each) => `${each}_temp_path ${each};`,
  )
  return `
    daemon off;
    error_log stderr;
    pid pid;
    user root;
    events {}
    http {
      access_log off;
      ${temporary.join('\n')}
      server {
        listen 127.0.0.1:${port} default_server;
        return 404;
      }
      server {
        listen 127.0.0.1:${port};
        server_name ${target.host};
        client_max_body_size ${limits['proxy-body-size']};
        location / {
          proxy_pass http://127.0.0.1:${target.port};
          proxy_http_version 1.1;
          proxy_set_header Host $host;
          proxy_set_header X-Forwarded-For $remote_addr;
          proxy_buffering off;
          proxy_request_buffering ${limits['proxy-request-buffering']};
          proxy_read_timeout ${time('proxy-read-timeout')};
          proxy_send_timeout ${time('proxy-send-timeout')};
        }
      }
    }`
}
