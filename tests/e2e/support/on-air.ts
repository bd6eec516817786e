import { execFileSync } from 'node:child_process'
import type { FaultScript } from '@isr/core/testing'

/** Encoded audio whose end joins its beginning. */
export interface Programme {
  readonly audio: Buffer
  readonly seconds: number
  readonly contentType: string
}

const PIECES_PER_SECOND = 20

/** Noise, encoded by ffmpeg: `args` name codec and container; another one for each `seed`. */
export function encodeAudio(seconds: number, args: string, seed = 3): Buffer {
  const sound = `anoisesrc=a=0.1:d=${seconds}:r=44100:seed=${seed},aformat=channel_layouts=stereo`
  const command = `-nostdin -v error -f lavfi -i ${sound} ${args} -`.split(' ')
  return execFileSync('ffmpeg', command, { maxBuffer: 1 << 28 })
}

/** MP3 without a bit reservoir, so that it can be played round and round; constant rate, bare frames. */
export function mp3Programme(seconds = 20, bitrate = '64k', seed = 3): Programme {
  const args = `-c:a libmp3lame -b:a ${bitrate} -reservoir 0 -write_xing 0 -id3v2_version 0 -f mp3`
  return { audio: encodeAudio(seconds, args, seed), seconds, contentType: 'audio/mpeg' }
}

/** WAV whose header promises more than ever comes, as stations send it. */
export function wavProgramme(seconds = 60): Programme {
  return { audio: encodeAudio(seconds, '-ar 8000 -ac 1 -c:a pcm_s16le -f wav'), seconds, contentType: 'audio/wav' }
}

/** What a station sends: `burstSeconds` at once, then in real time; from the start again when it is over. */
export function onAir({ audio, seconds, contentType }: Programme, burstSeconds = 0): FaultScript {
  return async (connection) => {
    await connection.respond({ 'content-type': contentType })
    const pieceBytes = audio.length / seconds / PIECES_PER_SECOND
    const burstBytes = Math.floor(burstSeconds * PIECES_PER_SECOND * pieceBytes)
    if (burstBytes > 0) await connection.write(audio.subarray(0, burstBytes))
    await connection.stream(pieces(audio, pieceBytes, burstBytes), 1000 / PIECES_PER_SECOND)
  }
}

function* pieces(audio: Buffer, pieceBytes: number, from: number): Generator<Buffer> {
  for (let start = from; ; start = 0) {
    for (let at = start; at < audio.length; at += pieceBytes) {
      yield audio.subarray(Math.floor(at), Math.floor(Math.min(at + pieceBytes, audio.length)))
    }
  }
}
