/** True when a gateway says that it is ready, else undefined: for `until`. */
export async function isReady(url: string): Promise<true | undefined> {
  const answer = await fetch(`${url}/readyz`).catch(() => undefined)
  await answer?.body?.cancel()
  return answer?.ok || undefined
}
