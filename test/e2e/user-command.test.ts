import { expect } from 'vitest'
import { as, basic, login, type Person } from '../support/client.ts'
import { soundlift } from '../support/program.ts'
import { withServer } from '../support/with-server.ts'

const it = withServer()

it('add, list and passwd work beside the running server', async ({ server, alice }) => {
  const user = (...args: string[]) => soundlift(['user', ...args], { env: server.settings })

  const added = await user('add', 'ops@example.com', '--password', 'first words', '--admin')
  expect({ code: added.code, err: added.err }).toEqual({ code: 0, err: '' })
  expect(added.out).toContain('ops@example.com')
  const token = await login(server.url, 'ops@example.com', 'first words')
  const ops: Person = { url: server.url, id: '', email: 'ops@example.com', password: 'first words', token }
  const validated = await as(ops, '/validate', { method: 'POST' })
  expect(JSON.parse(await validated.text())).toMatchObject({ username: 'ops@example.com', admin: true })

  const listed = await user('list')
  expect(listed.out).toMatch(/admin.*ops@example.com/)
  expect(listed.out).toMatch(new RegExp(`user.*${alice.email}`))
  expect(listed.out).not.toContain('argon2')

  expect((await user('passwd', 'ops@example.com', '--password', 'second words')).code).toBe(0)
  expect(await login(server.url, 'ops@example.com', 'second words')).toMatch(/\./)
  const old = { authorization: basic('ops@example.com', 'first words') }
  expect((await fetch(`${server.url}/login`, { method: 'POST', headers: old })).status).toBe(401)
})

it('says what is wrong, with an exit code', async ({ server, alice }) => {
  const user = (...args: string[]) => soundlift(['user', ...args], { env: server.settings })
  const twice = await user('add', alice.email.toUpperCase(), '--password', 'other words')
  expect(twice.code).toBe(65)
  expect(twice.err).toMatch(/exists/)
  expect((await user('passwd', 'nobody@example.com', '--password', 'other words')).code).toBe(67)
  expect((await user('add', 'not an address', '--password', 'other words')).code).toBe(65)
  const missing = await user('add', 'quiet@example.com')
  expect(missing.code).toBe(64)
  expect(missing.err).toContain('--password')
  const weak = await user('add', 'weak@example.com', '--password', 'abc')
  expect(weak.code).toBe(0)
  expect(weak.err).toMatch(/weak/)
})

it.for(['user list', 'outbox', 'deliveries list', 'conversions list', 'migrate'])(
  '%s --json answers one document, without a secret',
  async (verb, { server, alice }) => {
    const { code, out, err } = await soundlift([...verb.split(' '), '--json'], { env: server.settings })
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const document = JSON.parse(out)
    expect(out).not.toContain('argon2')
    if (verb === 'user list')
      expect(document).toContainEqual(
        expect.objectContaining({ email: alice.email, role: 'user', createdAt: expect.stringMatching(/Z$/) }),
      )
  },
)
