/** Bounds of every database server: connections at once, and milliseconds. */
export const BOUNDS = { connections: 10, connect: 5_000, query: 30_000 } as const
