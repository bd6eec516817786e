import { createWriteStream, fstatSync } from 'node:fs'
import type { Writable } from 'node:stream'
import { isVolumeHanging, systemClock } from '@isr/core'
import type { Interruptions, Io, StopSignal } from './io.js'
import { SteadyOutput } from './output/steady-output.js'

interface StandardStream extends Writable {
  readonly fd: number
  readonly isTTY?: boolean
  readonly columns?: number
  readonly rows?: number
}

/** The world of a real process. */
export function processIo(): Io {
  const stdout = outputOf(process.stdout)
  const stderr = outputOf(process.stderr)
  const hasTerminal = stdout.isTerminal || stderr.isTerminal
  return {
    stdout,
    stderr,
    env: process.env,
    clock: systemClock,
    listen: (interruptions) => listen(interruptions, hasTerminal),
    exit,
  }
}

function outputOf(stream: StandardStream): SteadyOutput {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env
  const isTerminal = stream.isTTY === true && TERM !== 'dumb'
  return new SteadyOutput({
    stream: steadyStream(stream),
    clock: systemClock,
    isTerminal,
    hasColors: !NO_COLOR && (isTerminal || (FORCE_COLOR !== undefined && FORCE_COLOR !== '0')),
    size: () => ({ columns: stream.columns ?? 80, rows: stream.rows ?? 24 }),
  })
}

/**
 * Node.js writes to terminals and files synchronously: Ctrl+S, or a hung disk, would stop the whole program, and with it the
 * recording. Through the thread pool only the output waits. Pipes and sockets are asynchronous already.
 */
function steadyStream(stream: StandardStream): Writable {
  const facts = fstatSync(stream.fd)
  if (facts.isFIFO() || facts.isSocket()) return stream
  return createWriteStream('', { fd: stream.fd, autoClose: false })
}

let hungUp = false

function exit(code: number): void {
  if (hungUp) {
    // Node.js 20 aborts when it exits after its terminal is gone (node::ResetStdio): end by the signal itself, as others do.
    process.removeAllListeners('SIGHUP')
    process.kill(process.pid, 'SIGHUP')
  } else if (isVolumeHanging()) {
    // Node.js would wait for the thread of that volume for ever
    process.kill(process.pid, 'SIGKILL')
  } else {
    process.exit(code)
  }
}

function listen({ onSignal, onFatal }: Interruptions, hasTerminal: boolean): () => void {
  const handlers: [StopSignal, () => void][] = [
    ['SIGINT', () => onSignal('SIGINT')],
    ['SIGTERM', () => onSignal('SIGTERM')],
    // A terminal that is closed ends what runs in it; a program without one (nohup, a service) goes on, as the ignored
    // signal of nohup asks: Node.js resets it.
    [
      'SIGHUP',
      () => {
        if (!hasTerminal) return
        hungUp = true
        onSignal('SIGHUP')
      },
    ],
  ]
  for (const [signal, handler] of handlers) process.on(signal, handler)
  process.on('uncaughtException', onFatal)
  process.on('unhandledRejection', onFatal)
  return () => {
    for (const [signal, handler] of handlers) process.off(signal, handler)
    process.off('uncaughtException', onFatal)
    process.off('unhandledRejection', onFatal)
  }
}
