import { onAir } from '../numbered-station.js'
import { chunked } from './codings.js'
import { after, BEFORE_SECONDS, type StreamFault } from './stream-fault.js'

/** Half a frame, or half a page: what a connection that breaks leaves. */
const PART = 0.5

/** Ways in which a connection ends, or seems to go on. */
export const ENDINGS = {
  fin: {
    what: 'FIN in the middle of a frame',
    scripts: [after(async (listener) => (await listener.playPart(PART), listener.hangUp())), onAir],
  },
  reset: {
    what: 'RST in the middle of a frame',
    scripts: [after(async (listener) => (await listener.playPart(PART), listener.reset())), onAir],
  },
  end: { what: 'the body ends cleanly between two frames', scripts: [after((listener) => listener.end()), onAir] },
  'clean-chunked-end': {
    what: 'the last chunk, and the connection stays',
    scripts: [
      async (listener) => {
        listener.coding = chunked()
        await listener.greet({ 'transfer-encoding': 'chunked' }, 'HTTP/1.1 200 OK')
        await listener.play({ seconds: BEFORE_SECONDS })
        await listener.end()
      },
      onAir,
    ],
  },
  'short-content-length': {
    what: 'Content-Length promises a hundred times of what comes',
    scripts: [
      async (listener) => {
        await listener.greet({ 'content-length': '10000000' }, 'HTTP/1.1 200 OK')
        await listener.play({ seconds: BEFORE_SECONDS })
        await listener.hangUp()
      },
      onAir,
    ],
  },
  'truncated-chunk': {
    what: 'FIN in the middle of a chunk',
    scripts: [
      async (listener) => {
        listener.coding = chunked()
        await listener.greet({ 'transfer-encoding': 'chunked' }, 'HTTP/1.1 200 OK')
        await listener.play({ seconds: BEFORE_SECONDS })
        await listener.connection.write('1000\r\n')
        await listener.hangUp()
      },
      onAir,
    ],
  },
  'bad-chunk': {
    what: 'a chunk whose length is no number',
    scripts: [
      async (listener) => {
        listener.coding = chunked()
        await listener.greet({ 'transfer-encoding': 'chunked' }, 'HTTP/1.1 200 OK')
        await listener.play({ seconds: BEFORE_SECONDS })
        listener.sent.endedBy = 'station'
        await listener.connection.write('nonsense\r\nnonsense\r\n')
      },
      onAir,
    ],
  },
  stall: {
    what: 'says nothing any more, and never hangs up',
    scripts: [after(() => undefined), onAir],
    mustBeNoticed: true,
  },
  trickle: {
    what: 'a byte a second',
    scripts: [
      after(async (listener) => {
        while (!listener.connection.isClosed) {
          await listener.connection.write('\0')
          await listener.stall(1)
        }
      }),
      onAir,
    ],
    mustBeNoticed: true,
  },
  flapping: {
    what: 'hangs up again and again',
    scripts: [...Array.from({ length: 3 }, () => after((listener) => listener.hangUp(), BEFORE_SECONDS)), onAir],
  },
} satisfies Record<string, StreamFault>
