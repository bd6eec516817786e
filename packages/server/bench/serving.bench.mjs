// What it costs to serve recordings: CPU seconds of the server alone, a process of its own. Peer: express with express.static, and
// for lists readdir and stat of every file, as a plain server does.
import { copyFileSync, mkdtempSync, rmSync, utimesSync } from 'node:fs'
import { Agent } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { fixture } from '../../core/bench/lib/fixtures.mjs'
import { printTable } from '../../core/bench/lib/table.mjs'
import { folderOf, folderWithFile } from './lib/folders.mjs'
import { compareServed, startServed } from './lib/server-process.mjs'

const BIG_BYTES = 256 * 1024 * 1024
const RANGES = 2000
const PLAYERS = 4
const PAGES = 200
const MOST_START_SECONDS = 5
const MOST_PAGE_MS = 3
const MOST_P99_MS = 100

const faults = []
const folders = []
const rows = []
try {
  await files()
  for (const [count, runs] of [
    [10_000, 20],
    [100_000, 5],
  ])
    await lists(count, runs)
  await busy()
} finally {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
}
printTable('Serving: CPU seconds of the server; peer: express.static, readdir and stat', rows)
if (faults.length > 0) {
  console.log(`\n${faults.join('\n')}`)
  process.exitCode = 1
}

async function files() {
  const folder = folderWithFile(BIG_BYTES)
  folders.push(folder)
  const servers = [await startServed('ours', folder), await startServed('express', folder)]
  const expect = (bytes, wanted) => {
    if (bytes !== wanted) throw new Error(`${bytes} bytes instead of ${wanted}`)
  }
  const part = async (served, turn) => {
    const start = (turn * 1_000_003) % (BIG_BYTES - 4096)
    expect((await served.ask('/stream/big.mp3', { range: `bytes=${start}-${start + 4095}` })).bytes, 4096)
  }
  const ranges = (players) => (served) => {
    const play = async (player) => {
      for (let turn = player; turn < RANGES; turn += players) await part(served, turn)
    }
    return Promise.all(Array.from({ length: players }, (_, player) => play(player)))
  }
  const whole = async (served) => expect((await served.ask('/stream/big.mp3')).bytes, BIG_BYTES)
  const compared = async (work, asked, bar) => {
    const [ours, peer] = await compareServed(servers, asked)
    rows.push({ work, ours, peer, bar })
  }
  await compared(`${RANGES} ranges of 4 KB, ${PLAYERS} players`, ranges(PLAYERS), 0.1)
  await compared('the same, one after another', ranges(1))
  await compared('a file of 256 MB', whole, 0.5)
  for (const served of servers) await served.stop()
}

async function lists(count, runs) {
  const folder = folderOf(count)
  folders.push(folder)
  const ours = await startServed('ours', folder)
  console.log(`start with ${count} recordings: ${ours.startSeconds.toFixed(2)} s`)
  if (ours.startSeconds > MOST_START_SECONDS) faults.push(`start with ${count}: ${ours.startSeconds} s`)
  const many = async () => {
    for (let turn = 0; turn < runs; turn++) {
      const { status, bytes } = await ours.ask(`/api/files?limit=${count}`)
      if (status !== 200 || bytes < 100 * count) throw new Error(`list: ${status}, ${bytes} bytes`)
    }
  }
  const list = (await ours.cpuSeconds(many, { runs: 3 })) / runs
  // a place of its own each time: nothing is sent from what was kept
  let offset = 0
  const page = await ours.cpuSeconds(async () => {
    for (let turn = 0; turn < PAGES; turn++)
      await ours.ask(`/api/files?limit=100&offset=${(offset += 7) % (count - 100)}`)
  })
  const pageMs = (1000 * page) / PAGES
  console.log(`a page of 100 out of ${count}: ${pageMs.toFixed(2)} ms of CPU`)
  if (pageMs > MOST_PAGE_MS) faults.push(`a page of 100 out of ${count}: ${pageMs} ms`)
  await ours.stop()
  const express = await startServed('express', folder)
  const peer = await express.cpuSeconds(() => express.ask('/list'), { runs: 3 })
  await express.stop()
  rows.push({ work: `list of ${count}`, ours: list, peer, bar: 0.02 })
}

/** What others wait for while the machine works. */
async function busy() {
  const folder = mkdtempSync(join(tmpdir(), 'isr-bench-serving-'))
  folders.push(folder)
  const wav = fixture('wav', 600)
  const names = Array.from({ length: 4 }, (_, index) => `garden_2026-11-0${index + 1}_06-00-00.wav`)
  for (const name of names) {
    copyFileSync(wav, join(folder, name))
    // one that has just changed might still grow
    utimesSync(join(folder, name), 1e9, 1e9)
  }
  const served = await startServed('ours', folder)
  let working = true
  const work = Promise.all([
    ...names.map((file) => served.ask(`/api/analyze?file=${file}&threshold=0.05&min_gap=2`)),
    ...Array.from({ length: 8 }, (_, index) =>
      served.ask(`/api/cut?file=${names[index % 4]}&start=${10 + index}&end=${400 + index}`),
    ),
  ]).then((answers) => {
    working = false
    for (const { status } of answers) if (status !== 200) faults.push(`work was answered with ${status}`)
  })
  const waits = []
  // the work fills the connections of the others
  const agent = new Agent({ keepAlive: true })
  while (working) {
    const before = performance.now()
    await served.ask('/api/status', {}, agent)
    waits.push(performance.now() - before)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  await work
  await served.stop()
  agent.destroy()
  const p99 = waits.sort((a, b) => a - b)[Math.floor(waits.length * 0.99)]
  console.log(`GET /api/status during 8 cuts and 4 analyses: ${waits.length} asked, 99 % within ${p99.toFixed(1)} ms`)
  if (p99 > MOST_P99_MS) faults.push(`p99 ${p99} ms`)
}
