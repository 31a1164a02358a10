#!/usr/bin/env node
// As much of mongosh as our files use: `mongosh --quiet --eval CODE` against the server of this machine. Calls wait for
// their answer, as in mongosh: the driver lives in a thread of its own.
import { inspect, parseArgs } from 'node:util'
import vm from 'node:vm'
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads'

const options = { quiet: { type: 'boolean' }, eval: { type: 'string' } }
const { values, positionals } = parseArgs({ options, allowPositionals: true })
const { port1, port2 } = new MessageChannel()
const signal = new Int32Array(new SharedArrayBuffer(4))
const url = positionals[0] ?? 'mongodb://127.0.0.1:27017'
const workerData = { port: port2, signal, url }
new Worker(new URL('./server.mjs', import.meta.url), { workerData, transferList: [port2] })

function adminCommand(command) {
  Atomics.store(signal, 0, 0)
  port1.postMessage(command)
  Atomics.wait(signal, 0, 0)
  const { answer, error } = receiveMessageOnPort(port1).message
  if (error) throw Object.assign(new Error(error.message), error)
  return answer
}

const globals = {
  db: { adminCommand, hello: () => adminCommand({ hello: 1 }) },
  rs: {
    status: () => adminCommand({ replSetGetStatus: 1 }),
    initiate: (set) => adminCommand({ replSetInitiate: set ?? {} }),
  },
  print: (text) => console.log(text),
  quit: (code) => process.exit(code),
}
try {
  const result = vm.runInNewContext(values.eval, globals)
  if (result !== undefined) console.log(inspect(result, { depth: 5 }))
  process.exit(0)
} catch (error) {
  console.error(`${error.codeName ?? error.name}: ${error.message}`)
  process.exit(1)
}
