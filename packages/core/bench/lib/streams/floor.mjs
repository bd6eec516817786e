// The least that Node can do with the bytes of a station: read the socket into one room, SHA-256, write to one file.
// node floor.mjs URL PATH. Prints the CPU seconds, its own start not counted.
import { createHash } from 'node:crypto'
import { closeSync, openSync, writeSync } from 'node:fs'
import { connect } from 'node:net'

const [, , url, path] = process.argv
const { hostname, port } = new URL(url)
const before = process.cpuUsage()
const file = openSync(path, 'w')
const hash = createHash('sha256')
let receivedBytes = 0
const onread = { buffer: new Uint8Array(256 * 1024), callback: take }
const socket = connect({ host: hostname, port: Number(port), onread })
socket.write('GET / HTTP/1.0\r\n\r\n')
socket.on('close', () => {
  closeSync(file)
  hash.digest()
  const { user, system } = process.cpuUsage(before)
  console.log(JSON.stringify({ cpuSeconds: (user + system) / 1e6, receivedBytes }))
})

function take(length) {
  const bytes = onread.buffer.subarray(0, length)
  receivedBytes += length
  hash.update(bytes)
  for (let done = 0; done < length;) done += writeSync(file, bytes, done)
  return true
}
