import type { CaptureDevice } from './capture-device.js'

/**
 * Sources of PulseAudio (or PipeWire in its place), of what `pactl list sources` says.
 * @source pulseaudio-utils, pactl.c
 */
export function parsePactl(text: string): CaptureDevice[] {
  return text.split(/\n(?=Source #)/).flatMap((block) => {
    const field = (key: string) => new RegExp(`^\\s+${key}: (.*)$`, 'm').exec(block)?.[1]
    const id = field('Name')
    if (id === undefined) return []
    const isMonitor = (field('Monitor of Sink') ?? 'n/a') !== 'n/a'
    return [{ id, name: field('Description') ?? id, kind: 'source', aliases: [], isMonitor, program: 'parec' } as const]
  })
}

interface PipeWireObject {
  readonly info?: { readonly props?: Readonly<Record<string, unknown>> }
}

/** Sources of PipeWire, of the JSON that `pw-dump` writes. */
export function parsePwDump(text: string): CaptureDevice[] {
  return objectsIn(text).flatMap((object) => {
    const props = object?.info?.props ?? {}
    const text = (key: string) => (typeof props[key] === 'string' ? props[key] : undefined)
    const id = text('node.name')
    if (id === undefined || !text('media.class')?.startsWith('Audio/Source')) return []
    const name = text('node.description') ?? text('node.nick') ?? id
    return [{ id, name, kind: 'source', aliases: [], isMonitor: false, program: 'pw-record' } as const]
  })
}

function objectsIn(text: string): readonly (PipeWireObject | null)[] {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? (value as PipeWireObject[]) : []
  } catch {
    return []
  }
}
