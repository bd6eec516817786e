import type { NumberedStream } from '../../numbered/numbered-stream.js'
import { NumberedOpus } from '../../numbered/ogg-streams.js'
import { numberedStream } from '../../numbered/open-numbered-stream.js'
import { onAir } from '../numbered-station.js'
import { after, BEFORE_SECONDS, type StreamFault } from './stream-fault.js'

const GARBAGE_BYTES = 5000

const inserted = (what: string, bytes: () => Uint8Array): StreamFault => ({
  what,
  doubtfulFrames: 1,
  scripts: [
    after(async (listener) => {
      await listener.connection.send(bytes())
      await listener.play()
    }),
  ],
})
const changing = (what: string, other: NumberedStream): StreamFault => ({
  what,
  scripts: [onAir],
  others: [other],
  doubtfulFrames: 1,
  meanwhile: async (station) => {
    await station.listeners.at(-1)?.stall(BEFORE_SECONDS)
    station.change(other)
  },
})

/** Bytes without a pattern, the same each time. */
function noise(): Uint8Array {
  let state = 12_345
  return Uint8Array.from({ length: GARBAGE_BYTES }, () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) >>> 16)
}

/** What is wrong inside the audio. Stations 101 to 104 are the streams that come on air later. */
export const CONTENTS = {
  garbage: inserted('5,000 bytes of noise between two frames', noise),
  zeros: inserted('5,000 zeros between two frames', () => new Uint8Array(GARBAGE_BYTES)),
  html: inserted('an HTML page between two frames', () => new TextEncoder().encode('<html>busy</html>\n'.repeat(200))),
  'torn-frame': {
    what: 'half a frame is missing',
    doubtfulFrames: 1,
    scripts: [
      after(async (listener) => {
        await listener.playPart(0.5)
        await listener.stall(0.1)
        listener.skipToLive()
        await listener.play()
      }),
    ],
  },
  'codec-change': changing('MP3 becomes AAC in one connection', numberedStream('aac', 101)),
  'to-ogg': changing('the codec becomes Opus in one connection', numberedStream('opus', 102)),
  'new-serial': changing('a new logical stream of another serial number', new NumberedOpus(103, { serial: 9999 })),
  'rate-change': changing('FLAC becomes Vorbis of another rate', numberedStream('vorbis', 104)),
} satisfies Record<string, StreamFault>
