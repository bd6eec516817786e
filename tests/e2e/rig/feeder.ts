import type { Background } from './background.js'
import { startBackground } from './background.js'
import type { Icecast } from './icecast.js'

/** What a station may send. */
export type FeedKind = 'mp3' | 'aac' | 'vorbis' | 'opus' | 'ogg-flac' | 'flac'

interface Feed {
  readonly encoder: string
  readonly muxer: string
  readonly contentType: string
  readonly sampleRateHz: number
}

const feeds: Readonly<Record<FeedKind, Feed>> = {
  mp3: { encoder: 'libmp3lame -b:a 128k', muxer: 'mp3', contentType: 'audio/mpeg', sampleRateHz: 44100 },
  // noise substitution makes ffmpeg's decoder complain about its own encoder
  aac: { encoder: 'aac -b:a 128k -aac_pns 0', muxer: 'adts', contentType: 'audio/aac', sampleRateHz: 44100 },
  vorbis: { encoder: 'libvorbis -q:a 4', muxer: 'ogg', contentType: 'application/ogg', sampleRateHz: 44100 },
  opus: { encoder: 'libopus -b:a 96k', muxer: 'ogg', contentType: 'application/ogg', sampleRateHz: 48000 },
  'ogg-flac': { encoder: 'flac', muxer: 'ogg', contentType: 'application/ogg', sampleRateHz: 44100 },
  // to listeners that come later Icecast sends no fLaC header
  flac: { encoder: 'flac', muxer: 'flac', contentType: 'audio/flac', sampleRateHz: 44100 },
}

/** Every kind, in one order. */
export const FEED_KINDS = Object.keys(feeds) as FeedKind[]

/** A rising tone over noise: no second is like another, so order and loss can be told. */
function signal(sampleRateHz: number, seed: number): string[] {
  const tone = `aevalsrc=0.3*sin(2*PI*(${200 + 10 * seed}*t+40*t*t)):s=${sampleRateHz}`
  const noise = `anoisesrc=a=0.05:r=${sampleRateHz}:seed=${seed}`
  const mix = '[0:a][1:a]amix=inputs=2:duration=longest,aformat=sample_fmts=s16:channel_layouts=stereo'
  return ['-re', '-f', 'lavfi', '-i', tone, '-re', '-f', 'lavfi', '-i', noise, '-filter_complex', mix]
}

/** ffmpeg encoding into a mount in real time. */
export interface Feeder extends Background {
  /** Address for listeners. */
  readonly url: string
}

/** Feeds `mount` of `icecast` with a live encoded signal until stopped; resolves when listeners can come. */
export async function startFeeder(
  icecast: Icecast,
  kind: FeedKind,
  options: {
    /** Default `/<kind>`. */
    readonly mount?: string
    /** File that gets a copy of the same encoded packets. */
    readonly copyTo?: string
    /** Makes one feed unlike another. Default 1. */
    readonly seed?: number
  } = {},
): Promise<Feeder> {
  const { encoder, muxer, contentType, sampleRateHz } = feeds[kind]
  const mount = options.mount ?? `/${kind}`
  const target = `icecast://source:${icecast.sourcePassword}@127.0.0.1:${icecast.port}${mount}`
  const copy = options.copyTo ? `|[f=${muxer}]${options.copyTo}` : ''
  const feeder = await startBackground('ffmpeg', [
    ...['-nostdin', '-v', 'error', ...signal(sampleRateHz, options.seed ?? 1)],
    ...['-map_metadata', '-1', '-c:a', ...encoder.split(' ')],
    ...['-f', 'tee', '-flush_packets', '1', `[f=${muxer}:content_type=${contentType}]${target}${copy}`],
  ])
  const died = feeder.ended.then((code) => {
    throw new Error(`the ${kind} feeder ended with ${code}: ${feeder.output()}\n${icecast.log().slice(-500)}`)
  })
  died.catch(() => {})
  await Promise.race([icecast.waitForMount(mount), died])
  return { ...feeder, url: icecast.url(mount) }
}
