import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename } from 'node:path'
import { startBackground } from '../rig/background.js'
import { tempDir } from '../rig/temp-dir.js'

/** What Chromium makes of an audio file. */
export interface Heard {
  /** Sample frames that `decodeAudioData` gives at the file's own rate; 0 when it refuses the file. */
  readonly samples: number
  /** What a player shows, in seconds; 0 when it refuses the file. */
  readonly durationSeconds: number
  /** What it said against the file. */
  readonly complaint: string
  /** What `decodeAudioData` gives, channels interleaved; only when asked for. */
  readonly sound?: Float32Array
}

/** What is wanted of the browser. */
export interface HearingOptions {
  /** The browser is ended after this. Default 60000. */
  readonly timeoutMs?: number
  /** Whether {@link Heard.sound} is wanted. Default false. */
  readonly sound?: boolean
}

/** Files that a browser hears, each with its own rate in Hz. */
export type HearingList = readonly { readonly path: string; readonly rateHz: number }[]

const FLAGS = [
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking',
  '--disable-component-update --disable-sync --autoplay-policy=no-user-gesture-required',
]

/** Decodes files in a real Chromium, one after another. */
export async function hearInChromium(files: HearingList, options: HearingOptions = {}): Promise<Heard[]> {
  let done: (heard: Heard[]) => void = () => {}
  const heard = new Promise<Heard[]>((resolve) => (done = resolve))
  const hearing: Hearing = { files, wantsSound: options.sound ?? false, sounds: new Map(), done }
  const server = createServer((request, response) => void answer(request, response, hearing))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const flags = [...FLAGS.join(' ').split(' '), `--user-data-dir=${tempDir('isr-chromium-')}`]
  const chromium = await startBackground('chromium', [...flags, `http://127.0.0.1:${port}/`])
  const timer = setTimeout(() => void chromium.stop('SIGKILL'), options.timeoutMs ?? 60_000)
  const ended = chromium.ended.then(() => {
    throw new Error(`chromium gave no answer: ${chromium.output().slice(-500)}`)
  })
  try {
    return await Promise.race([heard, ended])
  } finally {
    clearTimeout(timer)
    ended.catch(() => {})
    await chromium.stop('SIGKILL')
    server.closeAllConnections()
    server.close()
  }
}

interface Hearing {
  readonly files: HearingList
  readonly wantsSound: boolean
  /** By index of the file. */
  readonly sounds: Map<number, Float32Array>
  readonly done: (heard: Heard[]) => void
}

async function answer(request: IncomingMessage, response: ServerResponse, hearing: Hearing): Promise<void> {
  const { files, wantsSound, sounds, done } = hearing
  if (request.url === '/') {
    response.setHeader('content-type', 'text/html')
    const list = JSON.stringify(files.map(({ path, rateHz }) => [basename(path), rateHz]))
    response.end(`<script>(${page.toString()})(${list}, ${wantsSound})</script>`)
  } else if (request.method === 'POST') {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    response.end()
    const body = Buffer.concat(parts)
    const sound = /^\/sound\/(\d+)$/.exec(request.url ?? '')
    if (sound) sounds.set(Number(sound[1]), new Float32Array(Uint8Array.from(body).buffer))
    else done((JSON.parse(body.toString('utf8')) as Heard[]).map((one, at) => ({ ...one, sound: sounds.get(at) })))
  } else sendFile(request, response, files)
}

/** With ranges, which a media element wants. */
function sendFile(request: IncomingMessage, response: ServerResponse, files: HearingList): void {
  const file = files[Number(request.url?.split('/')[1])]
  if (!file) return void response.writeHead(404).end()
  const bytes = readFileSync(file.path)
  const range = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? '')
  const from = range ? Number(range[1]) : 0
  const to = range?.[2] ? Math.min(Number(range[2]), bytes.length - 1) : bytes.length - 1
  if (from >= bytes.length) return void response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end()
  response.writeHead(range ? 206 : 200, {
    'content-type': 'application/octet-stream',
    'accept-ranges': 'bytes',
    'content-length': to - from + 1,
    ...(range && { 'content-range': `bytes ${from}-${to}/${bytes.length}` }),
  })
  response.end(bytes.subarray(from, to + 1))
}

/** Runs in the browser. */
/* eslint-disable -- names of the browser, in plain JavaScript */
function page(list: [string, number][], wantsSound: boolean): void {
  const scope: any = globalThis
  const shown = (url: string) =>
    new Promise<number>((resolve) => {
      const audio = new scope.Audio()
      audio.preload = 'metadata'
      audio.onloadedmetadata = () => resolve(audio.duration)
      audio.onerror = () => resolve(0)
      audio.src = url
    })
  const interleaved = (decoded: any) => {
    const { length, numberOfChannels } = decoded
    const samples = new Float32Array(length * numberOfChannels)
    for (let channel = 0; channel < numberOfChannels; channel++) {
      const data = decoded.getChannelData(channel)
      for (let at = 0; at < length; at++) samples[at * numberOfChannels + channel] = data[at]
    }
    return samples
  }
  const hear = async ([name, rateHz]: [string, number], index: number) => {
    const url = `/${index}/${encodeURIComponent(name)}`
    const durationSeconds = await shown(url)
    try {
      const bytes = await (await fetch(url)).arrayBuffer()
      const context = new scope.OfflineAudioContext(2, 1, rateHz)
      const decoded = await context.decodeAudioData(bytes)
      if (wantsSound) await fetch(`/sound/${index}`, { method: 'POST', body: interleaved(decoded) })
      return { samples: decoded.length, durationSeconds, complaint: '' }
    } catch (error) {
      return { samples: 0, durationSeconds, complaint: String(error) }
    }
  }
  const run = async () => {
    const heard = []
    for (const [index, file] of list.entries()) heard.push(await hear(file, index))
    await fetch('/heard', { method: 'POST', body: JSON.stringify(heard) })
  }
  void run()
}
