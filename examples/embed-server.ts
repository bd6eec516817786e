/**
 * Puts the recordings of a folder, with their page and API, into an Express application of your own.
 *   node --import ./examples/ts-node.mjs examples/embed-server.ts recordings 3000
 */
import { IsrApp } from '@isr/server'
import express from 'express'

const [directory = 'recordings', port = '3000'] = process.argv.slice(2)
const isr = await IsrApp.open({ directory })
const app = express()
app.get('/', (_, response) => void response.send('<a href="recordings/">What we have recorded</a>'))
app.use('/recordings', isr.router)

const server = app.listen(Number(port), '127.0.0.1', (error) => {
  if (error) return fail(error)
  const address = server.address()
  console.log(`http://127.0.0.1:${typeof address === 'object' ? address?.port : port}/recordings/`)
})
process.once('SIGINT', () => {
  server.close()
  server.closeAllConnections()
  void isr.close()
})

function fail({ message }: Error): void {
  console.error(message)
  process.exitCode = 1
  void isr.close()
}
