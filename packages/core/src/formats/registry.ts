import { aacFormat } from './aac/index.js'
import { flacFormat } from './flac/index.js'
import type { Format } from './format.js'
import { mp3Format } from './mpeg/index.js'
import { oggFormat } from './ogg/index.js'
import { wavFormat } from './wav/index.js'

/** Every format that comes with the library; where two are equally sure of a stream the first has it. */
export const builtInFormats: readonly Format[] = [oggFormat, flacFormat, wavFormat, mp3Format, aacFormat]

/** Names that users give to what an Ogg stream holds. */
const ALIASES: Readonly<Record<string, string>> = { opus: 'ogg', vorbis: 'ogg' }

/**
 * The built-in format that a media type hints at.
 * @param contentType - such as `audio/mpeg`; case and parameters do not matter
 * @returns undefined when the type says nothing, as `application/octet-stream`
 */
export function formatForContentType(contentType: string): Format | undefined {
  const type = contentType.split(';', 1)[0].trim().toLowerCase()
  return builtInFormats.find((format) => format.contentTypes.includes(type))
}

/**
 * The built-in format of this name: `mp3`, `aac`, `ogg`, `flac`, `wav`; `opus` and `vorbis` are `ogg`.
 * @returns undefined for any other name, so for `auto`
 */
export function formatNamed(name: string): Format | undefined {
  const lower = name.toLowerCase()
  const wanted = Object.hasOwn(ALIASES, lower) ? ALIASES[lower] : lower
  return builtInFormats.find((format) => format.name === wanted)
}
