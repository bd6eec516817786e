import { execFileSync } from 'node:child_process'
import { oneOf, RATE_HZ, type Random } from './sound.js'

/** Voice and speed of espeak-ng, and what it says. */
const utterances: readonly (readonly [voice: string, wordsPerMinute: number, text: string])[] = [
  ['en', 160, 'Good morning, is anybody at home?'],
  ['en+f3', 150, 'Look at that, it is raining again. Shall we go inside?'],
  ['en+m4', 130, 'Hello. Yes, I will be back at eight, or a little later, depends on the train.'],
  ['de', 150, 'Guten Abend. Haben Sie den Hund gesehen?'],
  ['de+f2', 170, 'Komm jetzt bitte rein, das Essen wird kalt!'],
  ['fr', 160, 'Attention, il y a une voiture qui arrive.'],
  ['es+f4', 180, 'Buenos días, vengo por el paquete.'],
  ['en+f5', 200, 'Stop it! Stop it now!'],
]
const spoken = new Map<string, Float32Array>()

/** Something said by espeak-ng, without the silence around it. */
export function speech(random: Random): Float32Array {
  const [voice, speed, text] = oneOf(random, utterances)
  let samples = spoken.get(text)
  if (!samples) spoken.set(text, (samples = say(voice, speed, text)))
  return samples
}

function say(voice: string, wordsPerMinute: number, text: string): Float32Array {
  const wav = execFileSync('espeak-ng', ['--stdout', '-v', voice, '-s', `${wordsPerMinute}`, text])
  const [rateHz, channels, bits] = [wav.readUInt32LE(24), wav.readUInt16LE(22), wav.readUInt16LE(34)]
  if (rateHz !== RATE_HZ || channels !== 1 || bits !== 16) throw new Error(`espeak-ng speaks ${rateHz} Hz`)
  const data = wav.indexOf('data') + 8
  const samples = Float32Array.from({ length: (wav.length - data) >> 1 }, (_, index) =>
    wav.readInt16LE(data + 2 * index),
  )
  const audible = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0) / 50
  const first = samples.findIndex((sample) => Math.abs(sample) > audible)
  const last = samples.findLastIndex((sample) => Math.abs(sample) > audible)
  return samples.slice(first, last + 1)
}
