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

  it('is accessible', async () => {
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
    await page.emulateMedia({ colorScheme: 'dark' })
    const dark = await new AxeBuilder({ page }).analyze()
    expect(dark.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
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
