import { beforeEach, describe } from 'vitest'
import type { Library } from '../../src/ports/library.ts'
import { openings } from '../support/openings.ts'
import { claims } from './library/claims.ts'
import { counting } from './library/counting.ts'
import { ends } from './library/ends.ts'
import { fairness } from './library/fairness.ts'
import { files } from './library/files.ts'
import type { Opened } from './library/make.ts'
import { quotas } from './library/quotas.ts'
import { steering } from './library/steering.ts'
import { upkeep } from './library/upkeep.ts'
import { watching } from './library/watching.ts'

/** What every library does. `place` makes an empty place; what it returns opens the library there, again and again. */
export function libraryContract(name: string, place: () => Promise<() => Promise<Library>>): void {
  describe(`library: ${name}`, () => {
    const open = openings(place)
    let library: Library
    beforeEach(async () => {
      library = await open()
    })
    const opened: Opened = {
      get library() {
        return library
      },
      open,
    }
    describe('files', () => files(opened))
    describe('claims', () => claims(opened))
    describe('fairness', () => fairness(opened))
    describe('ends', () => ends(opened))
    describe('quotas', () => quotas(opened))
    describe('steering', () => steering(opened))
    describe('upkeep', () => upkeep(opened))
    describe('counting', () => counting(opened))
    describe('watching', () => watching(opened))
  })
}
