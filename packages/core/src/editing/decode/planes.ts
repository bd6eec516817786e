import type { Planes } from '../../decoders/decoder.js'

/** Silence of so many samples. */
export function silence(channels: number, samples: number): Float32Array[] {
  return Array.from({ length: channels }, () => new Float32Array(samples))
}

/** How many samples a channel has. */
export function planeSamples(planes: Planes): number {
  return planes[0]?.length ?? 0
}

/** The samples `from` <= sample < `to`; views. */
export function slicePlanes(planes: Planes, from: number, to: number): Planes {
  return planes.map((plane) => plane.subarray(from, to))
}

/** One after another; parts without channels have no samples. */
export function joinPlanes(parts: readonly Planes[], channels: number): Planes {
  if (parts.length === 1 && parts[0].length === channels) return parts[0]
  const joined = silence(
    channels,
    parts.reduce((sum, part) => sum + planeSamples(part), 0),
  )
  let at = 0
  for (const part of parts) {
    for (let channel = 0; channel < part.length; channel++) joined[channel].set(part[channel], at)
    at += planeSamples(part)
  }
  return joined
}
