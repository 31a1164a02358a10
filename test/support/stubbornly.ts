/**
 * Tries three times what is no part of the product: a mirror or a server of the tests that has a bad minute says nothing
 * about it.
 */
export async function stubbornly<T>(deed: () => Promise<T>, times = 3): Promise<T> {
  return deed().catch((error: unknown) => {
    if (times === 1) throw error
    console.warn(`tried again: ${error}`)
    return stubbornly(deed, times - 1)
  })
}
