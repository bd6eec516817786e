import { connect } from 'node:net'

/** What came back on a connection before it was closed. */
export interface RawTalk {
  /** Everything, as it came. */
  readonly text: string
  /** Status lines, in order. */
  readonly statuses: readonly number[]
  /** How long the connection was open. */
  readonly milliseconds: number
}

/** How bytes are sent. */
export interface RawOptions {
  /** Between the pieces. @defaultValue 0 */
  readonly pauseMs?: number
  /** Ends our half when all is sent: for the server we have left then. @defaultValue false */
  readonly end?: boolean
  /** Whoever has not closed by then hangs. @defaultValue 20000 */
  readonly patienceMs?: number
}

/** Sends bytes as they are and hears until the other side closes. Rejects when it does not. */
export function talk(port: number, pieces: string | readonly string[], options: RawOptions = {}): Promise<RawTalk> {
  const { pauseMs = 0, end = false, patienceMs = 20_000 } = options
  return new Promise((resolve, reject) => {
    const began = Date.now()
    const heard: Buffer[] = []
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    const text = () => Buffer.concat(heard).toString('latin1')
    const timer = setTimeout(() => {
      socket.destroy()
      reject(new Error(`it hangs: ${JSON.stringify(pieces).slice(0, 200)}, heard ${JSON.stringify(text())}`))
    }, patienceMs)
    socket.on('data', (part) => heard.push(part))
    socket.on('error', () => {}) // a reset is an end as well
    socket.on('end', () => socket.destroy())
    socket.on('close', () => {
      clearTimeout(timer)
      const statuses = [...text().matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => Number(match[1]))
      resolve({ text: text(), statuses, milliseconds: Date.now() - began })
    })
    void (async () => {
      for (const piece of [pieces].flat()) {
        if (socket.destroyed) return
        socket.write(piece, 'latin1')
        if (pauseMs > 0) await new Promise((again) => setTimeout(again, pauseMs))
      }
      if (end) socket.end()
    })()
  })
}

/** A whole request that ends its connection. */
export function rawRequest(line: string, headers: readonly string[] = [], body = ''): string {
  return [`${line} HTTP/1.1`, 'Host: 127.0.0.1', 'Connection: close', ...headers, '', body].join('\r\n')
}
