import { buffer } from 'node:stream/consumers'
import { type FileKind, safeName } from '../../../domain/file.ts'
import { DEFAULT_FORMAT, FORMATS, type FormatName, formatOf } from '../../../domain/format.ts'
import { SNIFFED_BYTES, sniff } from '../../../domain/sniff.ts'
import type { ForeignFile } from '../../../ports/foreign-files.ts'
import { ANY_TYPE, contentTypeOf } from '../upload/content-type.ts'

/** What a file row says of what a file is. */
export interface Described {
  readonly name: string
  readonly contentType: string
  readonly format: FormatName | null
}

/** Name, type and format of a foreign file, by what its store says of it, else by its first bytes. */
export async function describe(file: ForeignFile, kind: FileKind): Promise<Described> {
  const sniffed = sniff(await buffer(file.read(Math.min(file.size, SNIFFED_BYTES))))
  if (kind === 'source') {
    const told = contentTypeOf(file.contentType ?? undefined)
    const contentType = told === ANY_TYPE ? (sniffed?.contentType ?? ANY_TYPE) : told
    return { name: nameOf(file, sniffed?.extension), contentType, format: null }
  }
  const format = sniffed?.format ?? formatNamedBy(file.name) ?? DEFAULT_FORMAT
  const { extension, contentType } = formatOf(format)
  return { name: nameOf(file, extension), contentType, format }
}

/** Its own name, else its id and the extension of what it is. */
function nameOf({ id, name }: ForeignFile, extension: string | undefined): string {
  if (name) return safeName(name)
  return extension === undefined ? id : `${id}.${extension}`
}

function formatNamedBy(name: string | null): FormatName | undefined {
  const extension = name?.toLowerCase().split('.').at(-1)
  return FORMATS.find((format) => format.extension === extension)?.name
}
