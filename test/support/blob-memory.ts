import { text } from 'node:stream/consumers'
import { runModule, sourceUrl } from './run-module.ts'

/**
 * Writes a blob of 300 MB to a store and reads it back, in a process of its own; returns by how many MB that process
 * grew. `open` is the function of the module at `path` (below src/) that opens the store.
 */
export async function memoryFor(path: string, open: string, settings: object): Promise<number> {
  const child = runModule(`
    import { ${open} } from '${sourceUrl(path)}'
    import { newId } from '${sourceUrl('kit/ids.ts')}'
    import { silentLogger } from '${sourceUrl('kit/logger.ts')}'
    const blobs = await ${open}({ ...${JSON.stringify(settings)}, logger: silentLogger() })
    const part = Buffer.alloc(512 * 1024, 7)
    const put = async (key, parts) => {
      const writer = await blobs.create(key, { fileId: newId(), fileName: 'x', contentType: 'video/mp4' })
      for (let count = 0; count < parts; count++) await writer.write(part)
      await writer.commit()
    }
    await put('small', 2)
    const before = process.memoryUsage().rss
    let most = before
    setInterval(() => { most = Math.max(most, process.memoryUsage().rss) }, 10).unref()
    await put('large', 600)
    let size = 0
    for await (const chunk of await blobs.read('large')) size += chunk.length
    await blobs.close()
    console.log(size === 600 * part.length ? (most - before) / 1024 / 1024 : 'not whole')
  `)
  if (!child.stdout) throw new Error('the child has no stdout')
  return Number(await text(child.stdout))
}
