import { setTimeout as delay } from 'node:timers/promises'

import { concatBytes } from '../../../src/bytes/concat.js'
import type { SourceError } from '../../../src/errors.js'
import type { Chunk, StreamMetadata } from '../../../src/model.js'
import { HttpSource } from '../../../src/sources/http/http-source.js'
import type { HttpSourceOptions } from '../../../src/sources/http/http-source.js'
import type { Connection } from '../../../src/sources/source.js'
import { systemClock } from '../../../src/time/clock.js'
import type { Clock } from '../../../src/time/clock.js'

/** Everything a connection gave. */
export interface Drained {
  readonly bytes: Uint8Array
  readonly chunks: readonly Chunk[]
  /** Each metadata with the offset of its chunk in `bytes`. */
  readonly titles: readonly (StreamMetadata & { readonly offset: number })[]
  /** What ended it, when it did not end cleanly. */
  readonly error?: SourceError
}

/** Audio-like bytes: binary, every offset recognisable. */
export function payload(length: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(length)
  let state = seed * 2_654_435_761
  for (let at = 0; at < length; at++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    bytes[at] = state >>> 24
  }
  if (length > 3) bytes.set([0xff, 0xfb, 0x90, 0x00])
  return bytes
}

/** Connects with options that tests share. */
export function open(
  options: HttpSourceOptions,
  signal?: AbortSignal,
  clock: Clock = systemClock,
): Promise<Connection> {
  return new HttpSource({ name: 'test', ...options }).connect({ signal: signal ?? new AbortController().signal, clock })
}

/** The error of connecting; fails when it connects. */
export async function refused(options: HttpSourceOptions, signal?: AbortSignal, clock?: Clock): Promise<SourceError> {
  try {
    await using connection = await open(options, signal, clock)
    throw new Error(`connected: ${JSON.stringify(connection.facts)}`)
  } catch (error) {
    return error as SourceError
  }
}

let isDelivered = false

/** From now on {@link drain} has connections deliver what they get, instead of iterating them. */
export function haveDelivered(): void {
  isDelivered = true
}

function deliver(connection: Connection, take: (chunk: Chunk) => unknown): Promise<void> {
  if (!connection.deliver) throw new Error('this connection cannot deliver')
  return connection.deliver((chunk) => {
    const room = take(chunk)
    return room instanceof Promise ? room : undefined
  })
}

/** Reads to the end and disposes. */
export async function drain(connection: Connection, onChunk?: (soFar: number) => unknown): Promise<Drained> {
  const chunks: Chunk[] = []
  const titles: (StreamMetadata & { offset: number })[] = []
  let length = 0
  let error: SourceError | undefined
  await using held = connection
  const take = (chunk: Chunk) => {
    if (chunk.metadata) titles.push({ ...chunk.metadata, offset: length } as never)
    chunks.push(chunk)
    length += chunk.bytes.length
    return onChunk?.(length)
  }
  try {
    if (isDelivered) await deliver(held, take)
    else for await (const chunk of held) await take(chunk)
  } catch (caught) {
    error = caught as SourceError
  }
  return { bytes: concatBytes(chunks.map((chunk) => chunk.bytes)), chunks, titles, ...(error ? { error } : {}) }
}

/** Waits for something that happens on real sockets; fails after 5 s. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  for (let round = 0; !condition(); round++) {
    if (round > 6000) throw new Error(`never: ${what}`)
    await delay(5)
  }
}

/** Equality of long byte strings without a long message. */
export function sameBytes(actual: Uint8Array, expected: Uint8Array): string {
  if (Buffer.compare(actual, expected) === 0) return 'same'
  let at = 0
  while (at < actual.length && at < expected.length && actual[at] === expected[at]) at++
  return `${actual.length} and ${expected.length} bytes, first difference at ${at}`
}
