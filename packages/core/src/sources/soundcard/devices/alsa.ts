import type { CaptureDevice } from './capture-device.js'

const CARD = /^card (\d+): (\S+) \[(.*?)\], device (\d+): (.*?) \[(.*?)\]$/gm

/** PCMs that every installation names and that are no device of their own. @source alsa-plugins, alsa.conf.d */
const CONVERTERS = new Set(['null', 'lavrate', 'samplerate', 'speexrate', 'speex', 'upmix', 'vdownmix', 'jack', 'oss'])

/**
 * Soundcards, of what `arecord -l` says.
 * @source alsa-utils aplay.c, device_list
 */
export function parseCards(text: string): CaptureDevice[] {
  return [...text.matchAll(CARD)].map(([, index, id, card, device, , pcm]) => ({
    id: `hw:CARD=${id},DEV=${device}`,
    name: pcm === '' || card.includes(pcm) ? card : `${card}, ${pcm}`,
    kind: 'card',
    aliases: [`hw:${index},${device}`, id],
    isMonitor: false,
    program: 'arecord',
  }))
}

/**
 * Names of the ALSA configuration, of what `arecord -L` says: each at the start of a line, what it is below it.
 * Those that lead to soundcards are left out, and plug-ins that only convert.
 */
export function parsePcms(text: string): CaptureDevice[] {
  const devices: CaptureDevice[] = []
  for (const block of text.split(/\n(?=\S)/)) {
    const [id, ...words] = block.split('\n').map((line) => line.trim())
    if (id === '' || id.includes('CARD=') || CONVERTERS.has(id)) continue
    const name = words.filter((line) => line !== '').join(', ')
    devices.push({ id, name: name === '' ? id : name, kind: 'pcm', aliases: [], isMonitor: false, program: 'arecord' })
  }
  return devices
}
