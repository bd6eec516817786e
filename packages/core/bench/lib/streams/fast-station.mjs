// A station in a process of its own that sends so many bytes of a loop of MP3 to whoever connects, as fast as they are taken, and ends.
// Argument: JSON. Prints its port.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'

const { path, totalBytes } = JSON.parse(process.argv[2])
const loop = readFileSync(path)

const server = createServer((socket) => {
  socket.on('error', () => {})
  socket.once('data', () => {
    socket.write('HTTP/1.0 200 OK\r\ncontent-type: audio/mpeg\r\n\r\n')
    let left = totalBytes
    const send = () => {
      while (left > 0 && !socket.destroyed) {
        const part = loop.subarray(0, left)
        left -= part.length
        if (!socket.write(part)) return socket.once('drain', send)
      }
      socket.end()
    }
    send()
  })
})
server.listen(0, '127.0.0.1', () => console.log(server.address().port))
