import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { standingIn } from '../config.ts'
import { AppError } from '../domain/errors.ts'
import { readCover, type WishInput } from '../domain/wish/wish.ts'
import { MAX_PICTURE, MAX_SIDE, type Picture, readPicture } from '../media/cover/picture.ts'

/** What `--cover` names: a word or a time belongs to the wish, everything else is a file. */
export async function takeCoverFile({
  cover,
  ...wish
}: WishInput): Promise<{ wish: WishInput; cover?: Picture }> {
  if (cover === undefined || cover === '') return { wish }
  return readCover(cover) === undefined
    ? { wish, cover: await readFrom(String(cover)) }
    : { wish: { ...wish, cover } }
}

async function readFrom(path: string): Promise<Picture> {
  const bytes = await readFile(resolve(standingIn(), path)).catch((cause: unknown) => {
    const text = `--cover ${path} is neither keep nor drop nor a time such as 0:42, and as a file it can not be read`
    throw new AppError('INPUT_NOT_FOUND', text, { cause })
  })
  const picture = readPicture(bytes)
  if (picture) return picture
  const most = `${MAX_PICTURE / 1024 ** 2} MB and ${MAX_SIDE} pixels a side`
  throw new AppError('WISH_INVALID', `the cover ${path} is no JPEG or PNG of at most ${most}`)
}
