// Instead of the sockets of node:net some that no kernel knows: they answer any request with an endless body, and give what has arrived
// when they are told to. To be imported before what is to use them.
import { EventEmitter } from 'node:events'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'
import { setImmediate } from 'node:timers'

/** Those that are open. */
export const sockets = new Set()

let answer

/**
 * What every socket answers from now on.
 * @param {{ contentType: string, loop: Uint8Array, startOf: (index: number) => number }} options the body, again and again from some byte on
 */
export function answerWith(options) {
  answer = options
}

class FakeSocket extends EventEmitter {
  #onread
  #flowing = true
  #pending = 0
  #head
  #at

  constructor({ onread }) {
    super()
    this.#onread = onread
    this.#at = answer.startOf(sockets.size)
    sockets.add(this)
    setImmediate(() => this.emit('connect'))
  }

  write() {
    this.#head = Buffer.from(`HTTP/1.0 200 OK\r\ncontent-type: ${answer.contentType}\r\n\r\n`)
  }

  /** Bytes of the body arrive; they are read when the socket is. */
  arrive(bytes) {
    this.#pending += bytes
    this.read()
  }

  /** What a poll of the kernel would bring. */
  read() {
    const { buffer, callback } = this.#onread
    while (this.#flowing && this.#head) {
      buffer.set(this.#head)
      const { length } = this.#head
      this.#head = undefined
      this.#flowing = callback(length, buffer) !== false
    }
    while (this.#flowing && this.#pending > 0) {
      const length = Math.min(this.#pending, buffer.length)
      this.#pending -= length
      for (let done = 0; done < length;) {
        const part = answer.loop.subarray(this.#at, this.#at + length - done)
        buffer.set(part, done)
        done += part.length
        this.#at = (this.#at + part.length) % answer.loop.length
      }
      this.#flowing = callback(length, buffer) !== false
    }
  }

  resume() {
    this.#flowing = true
  }

  pause() {
    this.#flowing = false
  }

  destroy() {
    if (sockets.delete(this)) setImmediate(() => this.emit('close'))
  }
}

net.connect = (options) => new FakeSocket(options)
syncBuiltinESMExports()
