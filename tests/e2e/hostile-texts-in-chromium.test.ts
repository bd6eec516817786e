import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { IsrServer } from '@isr/server'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWithTools } from './rig/require-tool.js'
import { tempDir } from './rig/temp-dir.js'

/** What stations and people may send as names; each runs `alert` where it is taken for more than text. */
const HOSTILE: readonly string[] = [
  '<script>alert(1)</script>',
  '</script><script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '"><img src=x onerror=alert(1)>',
  "'><svg onload=alert(1)>",
  '<svg><script>alert(1)</script></svg>',
  '<svg/onload=alert(1)//',
  '<iframe srcdoc="<script>alert(1)</script>">',
  '<iframe src=javascript:alert(1)>',
  '<a href=javascript:alert(1)>x</a>',
  'javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  '" onmouseover="alert(1)',
  "' onfocus='alert(1)' autofocus='",
  '` onclick=alert(1) `',
  '<details open ontoggle=alert(1)>',
  '<video><source onerror=alert(1)>',
  '<body onload=alert(1)>',
  '<style>@import "javascript:alert(1)"</style>',
  '<link rel=stylesheet href=data:,*{x:expression(alert(1))}>',
  '<meta http-equiv=refresh content="0;url=javascript:alert(1)">',
  '<base href=//evil.example/>',
  '<form action=javascript:alert(1)><input type=submit autofocus>',
  '<math><mtext></form><form><mglyph><svg><mtext><style><path id="</style><img onerror=alert(1) src>">',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '&#60;img src=x onerror=alert(1)&#62;',
  '{{constructor.constructor("alert(1)")()}}',
  '${alert(1)}',
  '\u202e<gpj.tpircs>(1)trela',
  '<\u200bscript>alert(1)</script>',
  '\ufeff<script\u2028>alert(1)</script\u2029>',
  '<!--><script>alert(1)</script>-->',
  ']]><script>alert(1)</script>',
  "\\';alert(1);//",
  'x\r\nContent-Type: text/html\r\n\r\n<script>alert(1)</script>',
]

/** No file name has these. */
// eslint-disable-next-line no-control-regex -- they are what must go
const asFileName = (text: string, at: number) => `${at}${text.replace(/[\u0000-\u001f\\/]/g, '_')}.wav`

function fill(folder: string): string[] {
  const start = Date.parse('2026-11-21T05:00:00.000Z')
  const facts = {
    v: 1,
    type: 'recording',
    run: '00000000-0000-4000-8000-000000000000',
    utcOffset: '+00:00',
    format: 'wav',
  }
  const audio = {
    codec: 'pcm',
    sampleRate: 8000,
    channels: 1,
    samples: 80_000,
    durationSeconds: 10,
    bytes: 44,
    headerBytes: 44,
  }
  const sums = { receivedBytes: 0, sha256: '', frames: 0, prerollFrames: 0, prerollSamples: 0, closedBy: 'boundary' }
  const names = HOSTILE.map(asFileName)
  const lines = HOSTILE.map((text, seq) => {
    const startedAt = new Date(start + seq * 10_000).toISOString()
    const titles = [{ at: startedAt, sample: 0, title: text }]
    return JSON.stringify({ ...facts, ...audio, ...sums, source: text, name: names[seq], startedAt, seq, titles })
  })
  mkdirSync(join(folder, '.isr'))
  writeFileSync(join(folder, '.isr/ledger.jsonl'), lines.map((line) => `${line}\n`).join(''))
  for (const name of names) {
    writeFileSync(join(folder, name), 'RIFF')
    utimesSync(join(folder, name), start / 1000, start / 1000)
  }
  return names
}

describeWithTools(['chromium'], 'hostile names of files and sources, and titles, in Chromium', () => {
  const folder = tempDir('isr-texts-')
  const complaints: string[] = []
  let names: readonly string[]
  let server: IsrServer
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    names = fill(folder)
    server = await IsrServer.start({ directory: folder, port: 0 })
    const args = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking']
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args })
    page = await browser.newPage()
    page.on('dialog', (dialog) => {
      complaints.push(`ran: ${dialog.message()}`)
      void dialog.dismiss()
    })
    page.on('pageerror', (error) => complaints.push(String(error)))
    page.on('console', (message) => {
      if (/Content Security Policy|Refused to/.test(message.text())) complaints.push(message.text())
    })
    page.on('request', (request) => {
      if (!request.url().startsWith(server.url)) complaints.push(`asked for ${request.url()}`)
    })
  })
  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })

  it('are text in the list, in the filter and in the player', async () => {
    await page.goto(server.url)
    await page.waitForSelector('.recordings > li')
    const shown = await page.locator('.recordings strong bdi').allTextContents()
    expect(shown.sort()).toEqual([...HOSTILE].sort())
    for (const [at, text] of HOSTILE.entries()) {
      await page.locator(`[data-name=${JSON.stringify(names[at]).replace(/[\u2028\u2029]/g, '\\$&')}]`).click()
      expect(await page.locator('#player-title bdi').textContent()).toBe(text)
    }
    for (const text of HOSTILE) {
      const data = { kind: 'note', text, file: names[names.length - 1] }
      expect((await page.request.post(new URL('api/notes', server.url).href, { data })).status()).toBe(201)
    }
    await expect.poll(() => page.locator('#notes > li').count()).toBe(HOSTILE.length)
    expect((await page.locator('#notes bdi').allTextContents()).sort()).toEqual([...HOSTILE].sort())
    await page.getByLabel('Find').fill('<script>')
    await expect.poll(() => page.locator('.recordings > li').count()).toBeLessThan(HOSTILE.length)
    expect(complaints).toEqual([])
  })

  it('run nothing where answers are looked at as pages', async () => {
    for (const path of [
      'api/files',
      'api/days',
      'api/status',
      `api/files?q=${encodeURIComponent(HOSTILE[0])}`,
      encodeURIComponent(HOSTILE[0]),
      'metrics',
    ])
      await page.goto(`${server.url}/${path}`)
    for (const path of [`api/${encodeURIComponent(HOSTILE[2])}`, `stream/${encodeURIComponent(HOSTILE[0])}`])
      await page.goto(`${server.url}/${path}`)
    expect(await page.locator('script, img, svg, iframe').count()).toBe(0)
    expect(complaints).toEqual([])
  })
})
