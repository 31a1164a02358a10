import { Writable } from 'node:stream'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { logging, reasonOf } from './logger.ts'

function logged(entry: object, message: string) {
  const lines: string[] = []
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk))
      done()
    },
  })
  pino(logging('info'), stream).info(entry, message)
  return lines.join('')
}

it('an e-mail address that a server repeats does not reach the log, and the line stays JSON', () => {
  const err = new Error('550 5.1.1 <me@example.com>: Recipient "me.too+x@mail.example.co.uk" refused')
  const line = logged(
    { err, to: 'me@example.com', list: ['a@b.de', 'é@b.de', 'a@bücher.de'] },
    'to\nme@example.com\n"x"',
  )
  expect(line).not.toMatch(/me@|me\.too|a@b|é@/)
  expect(JSON.parse(line)).toMatchObject({ msg: 'to\n[e-mail]\n"x"', to: '[e-mail]' })
})

it('a secret does not reach the log; an id and a path with an @ do', () => {
  const line = logged(
    { token: 'hush', body: { password: 'hush' } },
    'in node_modules/@ffmpeg/core, id 6b01d6fa',
  )
  expect(line).not.toContain('hush')
  expect(line).toContain('node_modules/@ffmpeg/core, id 6b01d6fa')
})

it('what was foreseen is told by its sentence, the rest with its stack', () => {
  const foreseen = new Error('The file is empty.')
  expect(reasonOf(foreseen)).toEqual({ reason: 'The file is empty.' })
  const other = new Error('It broke off.', { cause: new Error('EPIPE') })
  expect(reasonOf(other)).toEqual({ err: other })
})
