import { describe, expect, it } from 'vitest'
import { openWebhooks } from '../../src/adapters/channels/index.ts'
import { webhook, webhookContract } from '../contract/webhook.ts'
import { openReceiver } from '../support/webhook-receiver.ts'

webhookContract('over HTTP', (options) => openWebhooks({ allowed: ['127.0.0.1'], ...options }))

const REFUSED = { code: 'WEBHOOK_TARGET_REFUSED' }

describe('no way inside', () => {
  /** Names of an outsider's DNS. */
  const NAMES: Readonly<Record<string, readonly string[]>> = {
    'loopback.example.com': ['127.0.0.1'],
    'six.example.com': ['::1'],
    'mapped.example.com': ['::ffff:127.0.0.1'],
    'nat64.example.com': ['64:ff9b::7f00:1'],
    'both.example.com': ['93.184.216.34', '127.0.0.1'],
    'private.example.com': ['10.0.0.1'],
    'metadata.example.com': ['169.254.169.254'],
    'unspecified.example.com': ['0.0.0.0'],
    localhost: ['127.0.0.1', '::1'],
  }
  const resolve = async (name: string) => NAMES[name] ?? NAMES[name.replace(/\.$/, '')] ?? []

  it.each([
    'http://127.0.0.1:PORT/',
    'http://127.1:PORT/',
    'http://127.0.1:PORT/',
    'http://2130706433:PORT/',
    'http://0x7f000001:PORT/',
    'http://0x7f.0.0.1:PORT/',
    'http://0177.0.0.1:PORT/',
    'http://017700000001:PORT/',
    'http://127.0.0.1.:PORT/',
    'http://127.0.0.2:PORT/',
    'http://127.255.255.254:PORT/',
    'http://0.0.0.0:PORT/',
    'http://0:PORT/',
    'http://①②⑦.⓪.⓪.①:PORT/',
    'http://127。0。0。1:PORT/',
    'http://%31%32%37.0.0.1:PORT/',
    'http://[::1]:PORT/',
    'http://[::]:PORT/',
    'http://[::ffff:127.0.0.1]:PORT/',
    'http://[::ffff:7f00:1]:PORT/',
    'http://[0:0:0:0:0:ffff:7f00:0001]:PORT/',
    'http://[::127.0.0.1]:PORT/',
    'http://[64:ff9b::127.0.0.1]:PORT/',
    'http://[64:ff9b:1::7f00:1]:PORT/',
    'http://[2002:7f00:1::]:PORT/',
    'http://[fe80::1]:PORT/',
    'http://[fd00:ec2::254]:PORT/',
    'http://10.0.0.1:PORT/',
    'http://172.16.0.1:PORT/',
    'http://192.168.0.1:PORT/',
    'http://100.64.0.1:PORT/',
    'http://169.254.169.254:PORT/latest/meta-data/',
    'http://localhost:PORT/',
    'http://LOCALHOST.:PORT/',
    'http://loopback.example.com:PORT/',
    'http://six.example.com:PORT/',
    'http://mapped.example.com:PORT/',
    'http://nat64.example.com:PORT/',
    'http://both.example.com:PORT/',
    'http://private.example.com:PORT/',
    'http://metadata.example.com:PORT/',
    'http://unspecified.example.com:PORT/',
    'https://loopback.example.com:PORT/',
  ])('%s is refused', async (target) => {
    const receiver = await openReceiver()
    const sender = await openWebhooks({ allowed: [], resolve, timeoutMs: 2_000 })
    const url = target.replace('PORT', new URL(receiver.url).port)
    await expect(sender.send(webhook(url))).rejects.toMatchObject(REFUSED)
    expect(receiver.connections).toBe(0)
  })

  it.each([
    'http://example.com@127.0.0.1:PORT/',
    'http://user:password@127.0.0.1:PORT/',
    'http://example.com%2f@127.0.0.1:PORT/',
    'ftp://127.0.0.1:PORT/',
    'file:///etc/passwd',
    'gopher://127.0.0.1:PORT/_x',
    'data:text/plain,x',
    'javascript:alert(1)',
    '//127.0.0.1:PORT/',
    'http://[fe80::1%25lo]:PORT/',
    'http://',
    '',
  ])('%s is no URL of a webhook', async (target) => {
    const receiver = await openReceiver()
    const sender = await openWebhooks({ allowed: ['127.0.0.1'] })
    const url = target.replace('PORT', new URL(receiver.url).port)
    await expect(sender.send(webhook(url))).rejects.toMatchObject({ code: 'WEBHOOK_URL_INVALID' })
    expect(receiver.connections).toBe(0)
  })

  it('a name that answers otherwise the second time is asked once, and the address that was checked is dialled', async () => {
    const inside = await openReceiver()
    const asked: string[] = []
    // What was looked at is public; whoever asked again would be led to the loopback.
    const rebinding = async (name: string) => {
      asked.push(name)
      return asked.length === 1 ? ['192.0.2.1'] : ['127.0.0.1']
    }
    const sender = await openWebhooks({ allowed: ['192.0.2.1'], resolve: rebinding, connectMs: 300 })
    const sending = sender.send(webhook(`http://rebind.example.com:${new URL(inside.url).port}/`))
    await expect(sending).rejects.toMatchObject({ code: 'DELIVERY_DEFERRED' })
    expect(asked).toEqual(['rebind.example.com'])
    expect(inside.connections).toBe(0)
    // The next message asks anew, and is refused.
    const next = sender.send(webhook(`http://rebind.example.com:${new URL(inside.url).port}/`))
    await expect(next).rejects.toMatchObject(REFUSED)
    expect(inside.connections).toBe(0)
  })

  it('a refusal does not tell where the name leads', async () => {
    const sender = await openWebhooks({ allowed: [], resolve })
    const failure: unknown = await sender.send(webhook('http://private.example.com/')).catch((error) => error)
    expect(failure).toMatchObject({ message: expect.not.stringContaining('10.0.0.1') })
  })

  it('a name is dialled by its checked address and stays the name of the host', async () => {
    const receiver = await openReceiver()
    const { port } = new URL(receiver.url)
    const sender = await openWebhooks({ allowed: ['127.0.0.0/8'], resolve: async () => ['127.0.0.1'] })
    await sender.send(webhook(`http://hooks.example.com:${port}/`))
    expect(receiver.requests[0]?.headers['host']).toBe(`hooks.example.com:${port}`)
  })

  it('names that this machine alone knows are found where networks inside are allowed, and not else', async () => {
    const receiver = await openReceiver()
    const url = `http://localhost:${new URL(receiver.url).port}/`
    const allowing = await openWebhooks({ allowed: ['127.0.0.0/8', '::1'] })
    expect(await allowing.send(webhook(url))).toBe('sent')
    const strict = await openWebhooks({ allowed: [] })
    await expect(strict.send(webhook(url))).rejects.toThrow()
    expect(receiver.connections).toBe(1)
  })
})
