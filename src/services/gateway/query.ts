import type { FastifyRequest } from 'fastify'

/** A parameter of a classic query as text; the first where it is given twice. */
export function queryText(request: FastifyRequest, name: string): string | undefined {
  const { query } = request
  const value: unknown = typeof query === 'object' && query !== null ? Reflect.get(query, name) : undefined
  const first: unknown = Array.isArray(value) ? value[0] : value
  return typeof first === 'string' ? first : undefined
}

/** A preValidation hook: a parameter that is there and empty, as in `?cursor=&state=`, counts as absent. */
export async function dropEmptyQuery({ query }: FastifyRequest): Promise<void> {
  if (typeof query !== 'object' || query === null) return
  for (const [name, value] of Object.entries(query)) if (value === '') Reflect.deleteProperty(query, name)
}
