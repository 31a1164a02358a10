// Ends well when the service of this container answers: `healthcheck.mjs` asks whether it is alive, `healthcheck.mjs
// readyz` whether what it needs is there too. Which service that is need not be said: one of their ports is open.
const ports = process.env.PORT ? [process.env.PORT] : [8080, 5000, 8081, 8082]
const path = process.argv[2] ?? 'healthz'

const answers = ports.map(async (port) => {
  const { status } = await fetch(`http://127.0.0.1:${port}/${path}`, { signal: AbortSignal.timeout(4_000) })
  if (status !== 200) throw new Error(`${path} on port ${port}: ${status}`)
})
await Promise.any(answers).catch(({ errors }) => {
  console.error(errors.map(({ message }) => message).join('\n'))
  process.exit(1)
})
