import { execFileSync } from 'node:child_process'
import type { MuxerContext } from '../../../../src/formats/format.js'
import type { FrameSpan } from '../../../../src/formats/frame-span.js'
import type { Patch } from '../../../../src/model.js'
import { audioKind, encodeKind, type AudioKind } from '../../../support/audio-kinds.js'

/** Containers that have a place for chapters, in short frames: many titles need many places to begin at. */
export const CHAPTER_KINDS: readonly AudioKind[] = [
  audioKind('MP3 VBR'),
  audioKind('MP3 of MPEG-2'),
  audioKind('Vorbis'),
  audioKind('Opus'),
  { ...audioKind('Ogg FLAC'), encoder: '-c:a flac -frame_size 1152 -f ogg' },
  { ...audioKind('FLAC'), encoder: '-c:a flac -frame_size 1152 -f flac' },
  audioKind('WAV'),
  audioKind('WAV of 24 bits, mono'),
]

const CONTEXT = {
  join: 'exact',
  history: [],
  startedAt: Date.UTC(2026, 10, 22, 16, 0, 0, 250),
  utcOffsetMinutes: 60,
  source: 'Radio Süd',
  serial: 7,
  opusPrerollMs: 400,
} as const

/** Each frame of a stream in a span of its own. */
function frameSpans(kind: AudioKind, stream: Uint8Array): FrameSpan[] {
  const spans: FrameSpan[] = []
  const most = kind.format.name === 'wav' ? 400 : 1
  const framer = kind.format.createFramer({
    onSpan(span) {
      for (let frame = 0; frame < span.frames; frame += most) {
        spans.push(span.slice(frame, Math.min(span.frames, frame + most)))
      }
    },
    onDiscard: () => {},
  })
  framer.push(stream)
  framer.flush()
  return spans
}

const streams = new Map<string, FrameSpan[]>()

/** 2.5 s of music; encoded once. */
function musicOf(kind: AudioKind): readonly FrameSpan[] {
  const known = streams.get(kind.name) ?? frameSpans(kind, encodeKind(kind, 2.5))
  streams.set(kind.name, known)
  return known
}

/** A chapter as it should be read back. */
interface ExpectedChapter {
  readonly startMs: number
  readonly name: string
}

/** A file whose titles change. */
export interface MarkedFile {
  readonly bytes: Uint8Array
  /** As it is before its end. */
  readonly growing: Uint8Array
  readonly headerBytes: number
  /** Where the last piece begins that may still be patched. */
  readonly lastPieceByte: number
  readonly patches: readonly Patch[]
  readonly samples: number
  /** The titles and where they were marked. */
  readonly chapters: readonly ExpectedChapter[]
}

/** The file in which these titles follow each other, evenly over its length; the first is in force at its start. */
export function markFile(
  kind: AudioKind,
  titles: readonly string[],
  context: Partial<MuxerContext> & { readonly spans?: readonly FrameSpan[]; readonly retimeTo?: number } = {},
): MarkedFile {
  const { spans = musicOf(kind), retimeTo, ...more } = context
  const [title] = titles
  const muxer = kind.format.createMuxer(spans[0].header, { ...CONTEXT, ...(title !== undefined && { title }), ...more })
  const head = muxer.begin()
  const parts = [head]
  const chapters: ExpectedChapter[] = titles.slice(0, 1).map((name) => ({ startMs: 0, name }))
  for (const [index, span] of spans.entries()) {
    while (chapters.length < titles.length && index >= (chapters.length * spans.length) / titles.length) {
      const name = titles[chapters.length]
      chapters.push({ startMs: (muxer.counts.samples * 1000) / span.header.info.sampleRateHz, name })
      muxer.mark(name)
    }
    parts.push(muxer.write(span))
  }
  if (retimeTo !== undefined) muxer.retime(retimeTo)
  const growing = Buffer.concat(parts)
  const { tail, patches } = muxer.end()
  const bytes = Buffer.concat([growing, tail])
  for (const patch of patches) bytes.set(patch.bytes, patch.offsetBytes)
  const lastPieceByte = growing.length - (parts.findLast((part) => part.length > 0)?.length ?? 0)
  const { samples } = muxer.counts
  return { bytes, growing, headerBytes: head.length, lastPieceByte, patches, samples, chapters }
}

/** Chapters and tags of a file as ffprobe reads them; names of tags in lower case. */
export function readBack(path: string) {
  const args = ['-v', 'error', '-show_chapters', '-show_entries', 'format_tags:stream_tags', '-of', 'json', path]
  const read = JSON.parse(execFileSync('ffprobe', args, { encoding: 'utf8' })) as {
    readonly chapters?: readonly { start_time: string; end_time: string; tags?: { title?: string } }[]
    readonly format?: { tags?: Record<string, string> }
    readonly streams?: readonly { tags?: Record<string, string> }[]
  }
  const tags = { ...read.format?.tags, ...read.streams?.[0]?.tags }
  return {
    chapters: (read.chapters ?? []).map((chapter) => ({
      startMs: 1000 * Number(chapter.start_time),
      endMs: 1000 * Number(chapter.end_time),
      name: chapter.tags?.title ?? '',
    })),
    tags: Object.fromEntries(Object.entries(tags).map(([name, value]) => [name.toLowerCase(), value])),
  }
}
