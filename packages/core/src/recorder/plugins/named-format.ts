import type { Format, Framer } from '../../formats/format.js'
import { callPlugin } from './plugin-guard.js'

/** A format whose sniffing and framers throw errors that name them; its muxers are guarded where they are used. */
export function namedFormat(format: Format): Format {
  const { name, contentTypes, historySeconds, identity, file } = format
  const whose = `format ${name}`
  return {
    name,
    contentTypes,
    historySeconds,
    ...(identity && { identity }),
    file,
    sniff: (head) => callPlugin(whose, 'sniff', () => format.sniff(head)),
    createFramer: (sink) =>
      namedFramer(
        name,
        callPlugin(whose, 'createFramer', () => format.createFramer(sink)),
      ),
    createMuxer: (header, context) => format.createMuxer(header, context),
  }
}

/** A framer whose errors name it. */
export function namedFramer(format: string, framer: Framer): Framer {
  const whose = `the framer of format ${format}`
  return {
    push: (bytes) => callPlugin(whose, 'push', () => framer.push(bytes)),
    flush: () => callPlugin(whose, 'flush', () => framer.flush()),
  }
}
