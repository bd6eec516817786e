import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { configOrThrow, parseConfig, Station } from '@isr/core'
import { IsrServer } from '@isr/server'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWithTools } from './rig/require-tool.js'
import { tempDir } from './rig/temp-dir.js'
import { waitUntil } from './rig/wait-until.js'

const FLAGS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync', '--autoplay-policy=no-user-gesture-required'],
]
/** Markup in every name that comes from outside. */
const HOSTILE = `<img src=x onerror=alert(1)>"'&`

/** What of the canvas the page needs here: there are no types of browsers in tests. */
interface Canvas {
  readonly width: number
  readonly height: number
  getContext(kind: '2d'): { getImageData(...box: number[]): { data: Uint8ClampedArray } }
}

/** Pixels of the waveform that are not empty. */
function drawnPixels(page: Page): Promise<number> {
  return page.locator('#wave').evaluate((canvas: Canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
    return data.filter((value, at) => at % 4 === 3 && value > 0).length
  })
}

describeWithTools(['chromium'], 'the page, in Chromium', () => {
  const directory = tempDir('isr-page-')
  let station: Station
  let server: IsrServer
  let browser: Browser
  let page: Page
  const complaints: string[] = []

  beforeAll(async () => {
    const general = `[general]\noutput_directory = ${directory}\nsplit_minutes = 0.1\nfilename_pattern = %Y/rec_%H%M%S\n`
    station = new Station({
      config: configOrThrow(parseConfig(`${general}[${HOSTILE}]\ntype = signal\nformat = flac\n`)),
    })
    server = await IsrServer.start({ directory, station, port: 0 })
    station.start()
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS })
    page = await (await browser.newContext({ acceptDownloads: true })).newPage()
    page.on('pageerror', (error) => complaints.push(String(error)))
    page.on('dialog', (dialog) => {
      complaints.push(`dialog: ${dialog.message()}`)
      void dialog.dismiss()
    })
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    await waitUntil(
      'two closed files',
      () => server.app.library.entries.filter((one) => !one.active).length >= 2,
      40_000,
    )
    await page.goto(server.url)
  })
  afterAll(async () => {
    await browser.close()
    await server.close()
    await station.stop()
  })

  it('shows what is recorded, follows it, and runs nothing of its names', async () => {
    await page.waitForSelector('.recordings > li')
    expect(await page.locator('#recorder').textContent()).toBe('REC 1')
    expect(await page.locator('.recordings .rec').count()).toBe(1)
    expect(await page.locator('.recordings strong bdi').first().textContent()).toBe(HOSTILE)
    expect(await page.locator('.recordings > li:has(.rec)').getByText('Delete').isDisabled()).toBe(true)
    const before = await page.locator('.recordings > li').count()
    await expect.poll(() => page.locator('.recordings > li').count(), { timeout: 15_000 }).toBeGreaterThan(before)
  })

  it('plays, shows what is loud, and cuts', async () => {
    // the first of all may be a fraction of a second: it began anywhere between two cuts of the clock
    await page.locator('.recordings > li').nth(-2).getByText('Play').click()
    await expect.poll(() => page.locator('#sections').textContent(), { timeout: 15_000 }).toMatch(/highlight/)
    await expect.poll(() => drawnPixels(page), { timeout: 15_000 }).toBeGreaterThan(500)
    const audio = page.locator('#audio')
    await expect.poll(() => audio.evaluate((one: { duration: number }) => one.duration)).toBeGreaterThan(0)
    await page.getByLabel('From').fill('0:00.5')
    await page.getByLabel('to', { exact: true }).fill('1')
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByText('Cut and download').click()])
    expect(download.suggestedFilename()).toMatch(/_\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d\.flac$/)
    expect(readFileSync(await download.path()).toString('latin1', 0, 4)).toBe('fLaC')
    await page.getByLabel('to', { exact: true }).fill('9:00')
    await page.getByText('Cut and download').click()
    await expect.poll(() => page.locator('body').textContent()).toContain('write an end within it')
  })

  it('shows frequencies in the place of levels, by keyboard', async () => {
    const [answer] = await Promise.all([
      page.waitForResponse((one) => one.url().includes('/api/spectrogram?')),
      page.getByRole('button', { name: 'Spectrogram' }).press('Enter'),
    ])
    expect([answer.status(), answer.headers()['content-type']]).toEqual([200, 'image/png'])
    // a picture fills nearly all of it
    const size = await page
      .locator('#wave')
      .evaluate((one: { width: number; height: number }) => one.width * one.height)
    await expect.poll(() => drawnPixels(page), { timeout: 15_000 }).toBeGreaterThan(size * 0.9)
    expect(await page.getByRole('button', { name: 'Spectrogram' }).getAttribute('aria-pressed')).toBe('true')
    await page.getByRole('button', { name: 'Spectrogram' }).press('Enter')
    await expect.poll(() => drawnPixels(page)).toBeLessThan(size * 0.9)
  })

  it('keeps notes, bookmarks and protection, by keyboard, as text and nothing else', async () => {
    const notes = page.locator('#notes > li')
    await page.locator('#note input').fill(HOSTILE)
    await page.keyboard.press('Enter')
    await expect.poll(() => notes.count()).toBe(1)
    expect(await notes.locator('bdi').textContent()).toBe(HOSTILE)
    await page.getByRole('button', { name: 'Bookmark', exact: true }).press('Enter')
    await expect.poll(() => notes.count()).toBe(2)
    await page.getByRole('button', { name: /^Remove bookmark/ }).press('Enter')
    await expect.poll(() => notes.count()).toBe(1)
    const protect = page.getByRole('button', { name: 'Protected' })
    await protect.press('Enter')
    await expect.poll(() => protect.getAttribute('aria-pressed')).toBe('true')
    expect(JSON.parse(readFileSync(join(directory, '.isr/protected.json'), 'utf8'))).toHaveLength(1)
    await protect.press('Enter')
    await expect.poll(() => protect.getAttribute('aria-pressed')).toBe('false')
    // what somebody else writes comes by itself
    const name = await page.locator('[aria-current=true]').getAttribute('data-name')
    const body = JSON.stringify({ kind: 'note', text: 'of somebody else', file: name, start: 0 })
    const headers = { 'content-type': 'application/json' }
    expect((await fetch(new URL('api/notes', server.url), { method: 'POST', headers, body })).status).toBe(201)
    await expect.poll(() => notes.count()).toBe(2)
  })

  it('is accessible', async () => {
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
    await page.emulateMedia({ colorScheme: 'dark' })
    const dark = await new AxeBuilder({ page }).analyze()
    expect(dark.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
  })

  it('draws the waveform of a recording that grows, and each day', async () => {
    expect(await page.locator('.strip').count()).toBeGreaterThan(0)
    await page.locator('.recordings > li:has(.rec)').getByText('Play').click()
    await expect.poll(() => drawnPixels(page), { timeout: 15_000 }).toBeGreaterThan(500)
  })

  it('deletes, and takes it back', async () => {
    const row = page.locator('.recordings > li').last()
    const name = await row.getByText('Play').getAttribute('data-name')
    expect(existsSync(join(directory, String(name)))).toBe(true)
    await row.getByText('Delete').click()
    await page.locator('#undo').getByText('Undo').waitFor()
    expect(existsSync(join(directory, String(name)))).toBe(false)
    await page.locator('#undo').getByText('Undo').click()
    await expect.poll(() => existsSync(join(directory, String(name)))).toBe(true)
    await expect
      .poll(() => page.locator('.recordings > li').last().getByText('Play').getAttribute('data-name'))
      .toBe(name)
  })

  it('finds by text and source, all by keyboard', async () => {
    await page.getByLabel('Find').focus()
    await page.keyboard.type('no such recording')
    await expect.poll(() => page.locator('#list').textContent()).toContain('No recording matches.')
    await page.getByLabel('Find').fill('')
    await expect.poll(() => page.locator('.recordings > li').count()).toBeGreaterThan(1)
    expect(complaints).toEqual([])
  })
})
