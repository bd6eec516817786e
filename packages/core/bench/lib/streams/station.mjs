// A station in a process of its own: sends one loop of MP3 (128 kb/s) to everybody who connects, in segments of 1400 bytes as they
// become due, or a page a second. Argument: JSON. Prints its port.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { performance } from 'node:perf_hooks'

const { path, type, bytesPerSecond, segmentBytes, burstBytes, tls } = JSON.parse(process.argv[2])
const loop = readFileSync(path)
const segmentMs = (segmentBytes / bytesPerSecond) * 1000
/** Listeners come in turn, so that the load is even. */
const SLOTS = 16
const slots = Array.from({ length: SLOTS }, () => new Set())
let joined = 0

const answer = (request, response) => {
  response.writeHead(200, { 'content-type': type, connection: 'close' })
  const listener = { response, at: 0 }
  const slot = slots[joined++ % SLOTS]
  send(listener, burstBytes)
  slot.add(listener)
  response.on('close', () => slot.delete(listener))
}

function send(listener, length) {
  for (let left = length; left > 0;) {
    const part = loop.subarray(listener.at, listener.at + left)
    listener.response.write(part)
    listener.at = (listener.at + part.length) % loop.length
    left -= part.length
  }
}

let turn = 0
const beganMs = performance.now()
setInterval(
  () => {
    const due = Math.floor((performance.now() - beganMs) / (segmentMs / SLOTS))
    for (; turn < due; turn++) for (const listener of slots[turn % SLOTS]) send(listener, segmentBytes)
  },
  Math.max(1, segmentMs / SLOTS),
)

// without chunks, as stations send
const withoutChunks = (request, response) => {
  response.useChunkedEncodingByDefault = false
  response.shouldKeepAlive = false
  answer(request, response)
}
const server = tls ? createTlsServer(tls, withoutChunks) : createServer(withoutChunks)
server.listen(0, '127.0.0.1', 2048, () => console.log(server.address().port))
