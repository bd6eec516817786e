// A server in a process of its own: prints its port, then for each line on stdin one line of JSON: CPU seconds so far and the largest delay.
// node served.mjs ours|express FOLDER
import { createServer } from 'node:http'
import { createInterface } from 'node:readline'
import { performance } from 'node:perf_hooks'

const [kind, directory] = process.argv.slice(2)
const startedAt = performance.now()
let port
if (kind === 'ours') {
  const { IsrServer } = await import('@isr/server')
  const server = await IsrServer.start({ directory, port: 0 })
  port = new URL(server.url).port
} else {
  const { default: express } = await import('express')
  const { readdir, stat } = await import('node:fs/promises')
  const { join } = await import('node:path')
  const app = express()
  app.use('/stream', express.static(directory))
  // what a plain server does for a list: looks at every file, each time
  app.get('/list', async (request, response) => {
    const files = []
    for (const name of await readdir(directory)) {
      const { size, mtimeMs } = await stat(join(directory, name))
      files.push({ name, size, mtimeMs })
    }
    response.json({ files, total: files.length })
  })
  const server = createServer(app).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  port = server.address().port
}
const startSeconds = (performance.now() - startedAt) / 1000
console.log(JSON.stringify({ port: Number(port), startSeconds }))
for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'end') process.exit(0)
  const { user, system } = process.cpuUsage()
  console.log(JSON.stringify({ cpuSeconds: (user + system) / 1e6 }))
}
