import type { Core } from './core.ts'

/** The doings of a file that has no contents of its own. */
export interface VirtualFile {
  size(): number
  /** Fills `target` from `position` on and returns how many bytes it put; 0 is the end. */
  read?(target: Uint8Array, position: number): number
  write?(bytes: Uint8Array, position: number): void
}

interface OpenStream {
  position: number
}

const SEEK_CURRENT = 1
const SEEK_END = 2

/** Puts a file into the engine's file system whose reads and writes call ours, so that nothing is kept in memory. */
export function addVirtualFile(core: Core, name: string, file: VirtualFile): void {
  const node = core.FS.createFile('/', name, {}, file.read !== undefined, file.write !== undefined)
  node.contents = null
  node.node_ops = {
    ...node.node_ops,
    setattr() {},
    getattr: () => ({ ...NO_TIMES, ino: node.id, mode: node.mode, size: file.size() }),
  }
  node.stream_ops = {
    open() {},
    close() {},
    llseek(stream: OpenStream, offset: number, whence: number) {
      if (whence === SEEK_CURRENT) return stream.position + offset
      return whence === SEEK_END ? file.size() + offset : offset
    },
    read(_stream: OpenStream, heap: Int8Array, at: number, length: number, position: number) {
      return file.read?.(bytesOf(heap, at, length), position) ?? 0
    },
    write(_stream: OpenStream, heap: Int8Array, at: number, length: number, position: number) {
      file.write?.(bytesOf(heap, at, length), position)
      return length
    },
  }
}

/** The engine hands over its memory as signed bytes. */
const bytesOf = ({ buffer, byteOffset }: Int8Array, at: number, length: number) =>
  new Uint8Array(buffer, byteOffset + at, length)

const EPOCH = new Date(0)
const NO_TIMES = {
  dev: 1,
  nlink: 1,
  uid: 0,
  gid: 0,
  rdev: 0,
  atime: EPOCH,
  mtime: EPOCH,
  ctime: EPOCH,
  blksize: 4096,
  blocks: 1,
}
