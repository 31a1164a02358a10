import { expect, it } from 'vitest'
import { uploadFamily } from './told-apart.ts'

const multipart = { 'content-type': 'Multipart/Form-Data; boundary=x', 'content-length': '10' }

it('a form is always of the MP3 family', () => {
  expect(uploadFamily(multipart, undefined)).toBe('mp3')
  expect(uploadFamily(multipart, 'name.mkv')).toBe('mp3')
  expect(uploadFamily({ 'content-type': 'multipart/mixed' }, 'a')).toBe('mp3')
})

it('a raw body or a name is of the file family', () => {
  expect(uploadFamily({ 'content-length': '10' }, undefined)).toBe('file')
  expect(uploadFamily({ 'transfer-encoding': 'chunked' }, undefined)).toBe('file')
  expect(uploadFamily({}, 'name.pdf')).toBe('file')
  expect(uploadFamily({ 'content-type': 'application/json', 'content-length': '2' }, 'a')).toBe('file')
})

it('neither is of the MP3 family', () => {
  expect(uploadFamily({}, undefined)).toBe('mp3')
  expect(uploadFamily({ 'content-length': '0' }, '')).toBe('mp3')
  expect(uploadFamily({ 'content-type': 'text/plain' }, undefined)).toBe('mp3')
})
