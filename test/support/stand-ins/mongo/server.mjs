import { workerData } from 'node:worker_threads'
import { MongoClient } from 'mongodb'

const { port, signal, url } = workerData
const client = new MongoClient(url, { directConnection: true, serverSelectionTimeoutMS: 5_000 })
port.on('message', async (command) => {
  const said = await client
    .db('admin')
    .command(command)
    .then(
      (answer) => ({ answer: JSON.parse(JSON.stringify(answer)) }),
      ({ message, code, codeName }) => ({ error: { message, code, codeName } }),
    )
  port.postMessage(said)
  Atomics.store(signal, 0, 1)
  Atomics.notify(signal, 0)
})
