import { existsSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { configOrThrow, parseConfig, Station } from '@isr/core'
import { IsrServer } from '@isr/server'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { wavOf } from '../support/wav.js'
import { describeWithTools } from './rig/require-tool.js'
import { tempDir } from './rig/temp-dir.js'
import { launchChromium } from './support/browser.js'

const DAYS = 40

describeWithTools(['chromium'], 'faults of the program before, in Chromium', () => {
  const directory = tempDir('isr-ancestor-')
  let station: Station
  let server: IsrServer
  let browser: Browser
  let page: Page
  const asked: string[] = []

  beforeAll(async () => {
    const wav = wavOf(Int16Array.from({ length: 8000 }, (_, at) => ((at % 80) - 40) * 300))
    for (let day = 0; day < DAYS; day++) {
      const date = new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10).replaceAll('-', '')
      const path = join(directory, `garden_${date}_060000.wav`)
      writeFileSync(path, wav)
      utimesSync(path, 1e9, 1e9)
    }
    const text = `[general]\noutput_directory = ${directory}\n[tone]\ntype = signal\nformat = flac\n`
    station = new Station({ config: configOrThrow(parseConfig(text)) })
    server = await IsrServer.start({ directory, station, port: 0 })
    station.start()
    browser = await launchChromium()
    page = await browser.newPage()
    page.on('request', (request) => asked.push(new URL(request.url()).pathname))
    await page.goto(server.url)
    await page.waitForSelector('.recordings > li .rec')
  })
  afterAll(async () => {
    await browser.close()
    await server.close()
    await station.stop()
  })

  it('a page full of closed days analyses none of them by itself', async () => {
    await page.evaluate('scrollTo(0, document.body.scrollHeight)')
    await page.waitForLoadState('load')
    // as long as it takes the page to ask again for what it shows
    await page.waitForTimeout(3000)
    expect(asked).toContain('/api/files')
    expect(asked.filter((path) => path === '/api/analyze')).toEqual([])
    const analyses = join(directory, 'analyses')
    expect(existsSync(analyses) ? readdirSync(analyses).filter((name) => name.startsWith('garden')) : []).toEqual([])
  })

  it('keys with Ctrl, Alt or Meta stay those of the browser', async () => {
    const taken = await page.evaluate(`(() => {
      const keys = ['j', 'k', 'u', 'i', 'l', 'f', 's', 'd', 'n', 'r', ' ', '/', '?', 'ArrowLeft', 'ArrowRight', 'Escape']
      const held = [{ ctrlKey: true }, { metaKey: true }, { altKey: true }, { ctrlKey: true, shiftKey: true }]
      const targets = [document.body, ...document.querySelectorAll('button, input, select')].slice(0, 40)
      return targets.flatMap((target) => keys.flatMap((key) => held.flatMap((modifiers) => {
        const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...modifiers })
        target.dispatchEvent(event)
        return event.defaultPrevented ? [target.tagName + ' ' + JSON.stringify({ key, ...modifiers })] : []
      })))
    })()`)
    expect(taken).toEqual([])
  })

  it('a growing file that is opened again has its new length', async () => {
    const play = page.locator('.recordings > li:has(.rec)').getByText('Play', { exact: true })
    const lengthOf = () =>
      page.evaluate<number>(
        `(() => { const one = document.querySelector('audio'); return one?.readyState > 0 ? one.duration : 0 })()`,
      )
    await play.click()
    await expect.poll(lengthOf, { timeout: 20_000 }).toBeGreaterThan(0)
    const first = await lengthOf()
    expect(first).toBeLessThan(3600)
    await expect
      .poll(
        async () => {
          await play.click()
          await page.waitForTimeout(1000)
          return lengthOf()
        },
        { timeout: 40_000 },
      )
      .toBeGreaterThan(first + 2)
  })
})
