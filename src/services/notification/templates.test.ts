import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { SAMPLES } from './template-samples.ts'
import { openTemplates } from './templates.ts'

/** A folder with these files. */
async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'soundlift-templates-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  return folder
}

describe('templates of mails', () => {
  it('of one’s own stand in the place of ours; what is missing is ours', async () => {
    const templates = await openTemplates(await folderOf({ 'address-code.txt': 'Kode {{ code }}\n' }))
    const { text, html } = templates.render('address-code', SAMPLES['address-code'])
    expect(text).toBe('Kode 123456\n')
    expect(html).toContain('<strong>123456</strong>')
  })

  it('lay their pages into a page of one’s own, and take whole ones', async () => {
    const files = {
      'page.html': '<h1>Ours</h1>{% block %}{% endblock %}',
      'password-reset.html': '<p>whole</p>',
    }
    const templates = await openTemplates(await folderOf(files))
    const { html } = templates.render('address-code', { ...SAMPLES['address-code'], code: '<1>' })
    expect(html).toMatch(/^<h1>Ours<\/h1>\s+<p>Your code: <strong>&lt;1&gt;<\/strong>/)
    expect(templates.render('password-reset', SAMPLES['password-reset']).html).toBe('<p>whole</p>')
  })

  it.each([
    [
      'a variable we do not have',
      { 'address-code.txt': '{{ cod }}' },
      /address-code\.txt: undefined variable: cod/,
    ],
    ['a filter there is not', { 'address-code.html': '{{ code | evil }}' }, /undefined filter: evil/],
    [
      'a tag that is not closed',
      { 'conversion-failed.txt': '{% if code %}' },
      /conversion-failed\.txt: .*not closed/,
    ],
    ['a page that is not closed', { 'page.html': '{% block %}' }, /page\.html: .*not closed/],
    ['a file to lay a page into', { 'address-code.html': "{% layout '/etc/passwd' %}" }, /ENOENT/],
    ['a file to include', { 'address-code.txt': "{% include '/etc/passwd' %}" }, /ENOENT/],
    [
      'a loop without end',
      { 'address-code.txt': '{% for i in (1..100000000) %}x{% endfor %}' },
      /limit exceeded/,
    ],
    ['no sentence that programs look for', { 'conversion-done.txt': '{{ link }}' }, /lacks the sentence/],
  ])('with %s are refused when they are opened, by name', async (_, files, why) => {
    const opening = openTemplates(await folderOf(files))
    await expect(opening).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(/^MAIL_TEMPLATES: /),
    })
    await expect(openTemplates(await folderOf(files))).rejects.toThrow(why)
  })

  it('can not be a folder that is none', async () => {
    const file = join(await folderOf({ file: '' }), 'file')
    await expect(openTemplates(file)).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  })
})
