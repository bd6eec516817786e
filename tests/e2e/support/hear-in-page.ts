import type { Page } from 'playwright-core'

/** What a browser made of a file that grows. */
export interface GrowingHeard {
  /** Length of what could be decoded right before it was opened, in seconds. */
  readonly before: number
  /** The same right after. */
  readonly after: number
  /** Length that the player showed. */
  readonly shown: number
  /** Where it was when it was heard. */
  readonly at: number
  /** The loudest frequency there. */
  readonly hz: number
}

/**
 * Opens a growing file in a player of its own, goes to a part of its length and listens there.
 * @param longerThan - waits until so many seconds are there
 */
export function openGrowing(page: Page, url: string, part: number, longerThan = 0): Promise<GrowingHeard> {
  return page.evaluate(`(async () => {
    ${HEAR}
    const decoded = async () => {
      const bytes = await (await fetch(${JSON.stringify(url)})).arrayBuffer()
      return (await new OfflineAudioContext(1, 1, 44100).decodeAudioData(bytes)).duration
    }
    let before = 0
    for (let turn = 0; turn < 50 && before <= ${longerThan}; turn++) before = await decoded()
    const audio = new Audio()
    const event = (name) => new Promise((resolve, reject) => {
      audio.addEventListener(name, resolve, { once: true })
      audio.addEventListener('error', () => reject(new Error(audio.error.message)), { once: true })
    })
    const loaded = event('loadedmetadata')
    audio.src = ${JSON.stringify(url)}
    await loaded
    const shown = audio.duration
    const after = await decoded()
    const seeked = event('seeked')
    audio.currentTime = shown * ${part}
    await seeked
    const { hz, at } = await hear(audio)
    audio.removeAttribute('src')
    audio.load()
    return { before, after, shown, at, hz }
  })()`)
}

/** The loudest frequency of what an element plays now. */
export async function heardHz(page: Page, selector: string): Promise<number> {
  const script = `(async () => { ${HEAR}; return (await hear(document.querySelector('${selector}'))).hz })()`
  return page.evaluate(script)
}

/** Runs in the browser: plays an element, tells what sounds and where it was then. */
const HEAR = `
  const hear = async (audio) => {
    globalThis.hearing ??= { context: new AudioContext(), nodes: new Map() }
    const { context, nodes } = globalThis.hearing
    if (!nodes.has(audio)) {
      const analyser = new AnalyserNode(context, { fftSize: 8192, smoothingTimeConstant: 0 })
      context.createMediaElementSource(audio).connect(analyser)
      analyser.connect(context.destination)
      nodes.set(audio, analyser)
    }
    const analyser = nodes.get(audio)
    await audio.play()
    const bins = new Float32Array(analyser.frequencyBinCount)
    const deadline = performance.now() + 15000
    for (let full = 0; performance.now() < deadline; ) {
      await new Promise((resolve) => setTimeout(resolve, 50))
      analyser.getFloatFrequencyData(bins)
      const loudest = bins.reduce((best, db, bin) => (db > bins[best] ? bin : best), 0)
      if (bins[loudest] < -40) continue
      // a window that is full of it
      if (++full === 6) {
        const hz = (loudest * context.sampleRate) / analyser.fftSize
        const at = audio.currentTime
        audio.pause()
        return { hz, at }
      }
    }
    throw new Error('nothing is heard')
  }`
