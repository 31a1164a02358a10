/**
 * Bounds of every database server: connections at once for each store, and milliseconds. A process has up to three
 * stores on a server, and no statement of ours lasts: five keep hundreds of callers going.
 */
export const BOUNDS = { connections: 5, connect: 5_000, query: 30_000 } as const
