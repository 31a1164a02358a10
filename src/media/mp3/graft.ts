import { longer, readNumber, rebuilt, SECTION, sectionsOf, sized, writeNumber } from '../wasm-binary.ts'

/** Instructions of a function that give way to others; places are those of bytes in the module, one change behind the other. */
export interface Change {
  readonly function: number
  readonly from: number
  readonly to: number
  /** Bytes in hexadecimal, or the call of a function of the scion. */
  readonly by: readonly (string | { readonly call: string })[]
}

export interface Graft {
  /** Functions of the stock, by number, that are replaced by a function of the scion. */
  readonly replaced: Readonly<Record<number, string>>
  /** Functions of the scion that come besides: called where something is changed, or, by their names, from outside. */
  readonly added: readonly string[]
  readonly changes: readonly Change[]
}

/** What lies in the module at this place. */
interface Entry {
  readonly at: number
  readonly bytes: Buffer
}

/**
 * A module with functions of another, the scion, in place of its own. These must use nothing but their locals, the memory
 * and the first global, which both have in common, and call nothing: so their code means the same in either.
 * `imported`: how many functions the stock imports; they are numbered before its own.
 */
export function graft(
  stock: Buffer,
  scion: Buffer,
  imported: number,
  { replaced, added, changes }: Graft,
): Buffer<ArrayBuffer> {
  const ours = functionsOf(scion)
  const take = (name: string) => {
    const found = ours.get(name)
    if (!found) throw new Error(`the scion has no function ${name}`)
    return found
  }
  const codes = codesOf(stock)
  const numberOf = (name: string) => writeNumber(imported + codes.length + added.indexOf(name))
  const bytesOf = (part: Change['by'][number]) =>
    typeof part === 'string'
      ? Buffer.from(part.replaceAll(' ', ''), 'hex')
      : Buffer.concat([CALL, numberOf(part.call)])
  const changed = (number: number, code: Entry) => {
    const own = changes.filter((change) => change.function === number)
    return own.reduceRight((bytes, { from, to, by }) => {
      const parts = [bytes.subarray(0, from - code.at), ...by.map(bytesOf), bytes.subarray(to - code.at)]
      return Buffer.concat(parts)
    }, code.bytes)
  }
  const bodies = codes.map((code, index) => {
    const whole = replaced[imported + index]
    return whole === undefined ? changed(imported + index, code) : take(whole).code
  })
  const types = contentOf(stock, SECTION.type).count
  const more: Readonly<Record<number, readonly Buffer[]>> = {
    [SECTION.type]: added.map((name) => take(name).type),
    [SECTION.function]: added.map((_, index) => writeNumber(types + index)),
    [SECTION.export]: added.map((name) =>
      Buffer.concat([sized(Buffer.from(name)), Buffer.of(FUNCTION), numberOf(name)]),
    ),
  }
  return rebuilt(stock, (id, content) =>
    id === SECTION.code
      ? listed([...bodies, ...added.map((name) => take(name).code)].map(sized))
      : longer(content, more[id] ?? []),
  )
}

const CALL = Buffer.of(0x10)
/** Among the kinds of what is exported. */
const FUNCTION = 0

const listed = (entries: readonly Buffer[]) => Buffer.concat([writeNumber(entries.length), ...entries])

function contentOf(binary: Buffer, id: number): { readonly count: number; readonly at: number } {
  const found = sectionsOf(binary).find((each) => each.id === id)
  if (!found) throw new Error(`the module has no section ${id}`)
  const { value, end } = readNumber(binary, found.start)
  return { count: value, at: end }
}

/** The entries of a section's list; `endOf` tells where the one that begins there ends. */
function entriesOf(binary: Buffer, id: number, endOf: (start: number) => number): Entry[] {
  const { count, at } = contentOf(binary, id)
  let start = at
  return Array.from({ length: count }, () => {
    const entry = { at: start, bytes: binary.subarray(start, endOf(start)) }
    start += entry.bytes.length
    return entry
  })
}

/** Code of each function, without its length. */
function codesOf(binary: Buffer): Entry[] {
  const sizes = entriesOf(binary, SECTION.code, (start) => {
    const { value, end } = readNumber(binary, start)
    return end + value
  })
  return sizes.map(({ at, bytes }) => {
    const { end } = readNumber(binary, at)
    return { at: end, bytes: bytes.subarray(end - at) }
  })
}

/** Exported functions of a module that imports none, by name. */
function functionsOf(binary: Buffer): Map<string, { readonly type: Buffer; readonly code: Buffer }> {
  const types = entriesOf(binary, SECTION.type, (start) => {
    const parameters = readNumber(binary, start + 1)
    const results = readNumber(binary, parameters.end + parameters.value)
    return results.end + results.value
  })
  const numbers = entriesOf(binary, SECTION.function, (start) => readNumber(binary, start).end)
  const codes = codesOf(binary)
  const exported = entriesOf(binary, SECTION.export, (start) => {
    const name = readNumber(binary, start)
    return readNumber(binary, name.end + name.value + 1).end
  })
  return new Map(
    exported.flatMap(({ bytes }) => {
      const name = readNumber(bytes, 0)
      const kind = name.end + name.value
      const { value: number } = readNumber(bytes, kind + 1)
      const [type, code] = [numbers[number], codes[number]]
      if (bytes[kind] !== FUNCTION || !type || !code) return []
      const { bytes: signature = Buffer.of() } = types[readNumber(type.bytes, 0).value] ?? {}
      return [[bytes.toString('utf8', name.end, kind), { type: signature, code: code.bytes }]]
    }),
  )
}
