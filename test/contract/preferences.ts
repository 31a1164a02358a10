import { describe, expect, it } from 'vitest'
import type { PreferenceStore } from '../../src/ports/notifications.ts'

/** What every way to the preferences keeps. `open` makes an empty place and registers its own closing. */
export function preferencesContract(name: string, open: () => Promise<PreferenceStore>): void {
  describe(`preferences: ${name}`, () => {
    it('are on until they are set, each person’s own', async () => {
      const store = await open()
      expect(await store.preferences('alice')).toEqual({ email: { enabled: true } })
      await store.setPreferences('alice', { email: { enabled: false } })
      expect(await store.preferences('alice')).toEqual({ email: { enabled: false } })
      expect(await store.preferences('bob@example.com/../x?y')).toEqual({ email: { enabled: true } })
    })
  })
}
