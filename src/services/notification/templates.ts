import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Liquid, type Template } from 'liquidjs'
import { AppError, isErrno } from '../../domain/errors.ts'
import { SAMPLES, type TemplateName, type Variables, type VariablesOf } from './template-samples.ts'

export interface Templates {
  render<Name extends TemplateName>(name: Name, variables: VariablesOf<Name>): { text: string; html: string }
}

type Render = (variables: Variables) => string

const OURS = fileURLToPath(new URL('./templates/', import.meta.url))
/** What every page is laid into. */
const PAGE = 'page.html'
/** A template names our variables and no file but the page; what it may cost is bounded (milliseconds, bytes). */
const SAFE = {
  strictVariables: true,
  strictFilters: true,
  ownPropertyOnly: true,
  renderLimit: 1_000,
  memoryLimit: 1_000_000,
} as const
type Engines = Readonly<Record<'txt' | 'html', Liquid>>
/** Programs look for it in the text of every mail that tells a success. */
const SENTENCE = `mp3 file_id: ${SAMPLES['conversion-done'].id} is now ready!`

/**
 * The templates of mails: NAME.txt and NAME.html of `folder` (MAIL_TEMPLATES), and the page.html these may be laid into;
 * ours where it has none. Each is tried once: CONFIG_INVALID names the one that is broken.
 */
export async function openTemplates(folder: string | null): Promise<Templates> {
  const engines = await openEngines(folder)
  const opened = new Map<string, Render>()
  for (const [name, sample] of Object.entries(SAMPLES)) {
    for (const kind of ['txt', 'html'] as const) {
      const file = `${name}.${kind}`
      opened.set(file, await open(folder, file, engines[kind], sample))
    }
  }
  const rendered = (file: string, variables: Variables) => opened.get(file)?.(variables) ?? ''
  return {
    render: (name, variables) => ({
      text: rendered(`${name}.txt`, variables),
      html: rendered(`${name}.html`, variables),
    }),
  }
}

async function openEngines(folder: string | null): Promise<Engines> {
  const page = await read(folder, PAGE)
  const html = new Liquid({ ...SAFE, templates: { [PAGE]: page }, outputEscape: 'escape' })
  tell(folder, PAGE, () => html.parse(page))
  return { txt: new Liquid({ ...SAFE, templates: {} }), html }
}

async function open(folder: string | null, file: string, engine: Liquid, sample: Variables): Promise<Render> {
  const render = await parse(folder, file, engine)
  const text = tell(folder, file, () => render(sample))
  if (file === 'conversion-done.txt' && !text.includes(SENTENCE)) {
    throw broken(folder, file, 'lacks the sentence `mp3 file_id: {{ id }} is now ready!`')
  }
  return render
}

async function parse(folder: string | null, file: string, engine: Liquid): Promise<Render> {
  const source = await read(folder, file)
  const template: Template[] = tell(folder, file, () => engine.parse(source))
  return (variables) => String(engine.renderSync(template, variables))
}

async function read(folder: string | null, file: string): Promise<string> {
  try {
    return await readFile(join(folder ?? OURS, file), 'utf8')
  } catch (cause) {
    if (folder !== null && isErrno(cause, 'ENOENT')) return read(null, file)
    throw broken(folder, file, 'can not be read', cause)
  }
}

/** What the engine says of a template is for the operator. */
function tell<T>(folder: string | null, file: string, deed: () => T): T {
  try {
    return deed()
  } catch (cause) {
    throw broken(folder, file, cause instanceof Error ? cause.message : String(cause), cause)
  }
}

const broken = (folder: string | null, file: string, why: string, cause?: unknown) =>
  new AppError('CONFIG_INVALID', `MAIL_TEMPLATES: ${join(folder ?? OURS, file)}: ${why}`, { cause })
