import type { AdHocSource, LabelledText } from '@isr/core'
import { UsageError } from '../../output/errors.js'

/** A source named by `--url` or `--device`, and the `--name` that follows. */
export interface AdHocFlag {
  /** Which of the two. */
  readonly flag: '--url' | '--device'
  /** The address, or the device. */
  readonly value: string
  /** Its name; absent = taken from the value. */
  name?: string
}

/** What of the command line names sources. */
export interface AdHocFlags {
  /** In the order of the command line. */
  readonly adHoc: readonly AdHocFlag[]
  /** Name given without an address or a device. */
  readonly name?: string
  /** The built-in demo. */
  readonly demo: boolean
  /** Values for all sources, by key. */
  readonly overrides: Readonly<Record<string, LabelledText>>
}

/**
 * Whether all sources are the demo, or soundcards, or streams: then a `--format` that they cannot give is a mistake. Of several kinds it is
 * meant for those that can.
 */
export function hasOneKind({ adHoc, demo }: Pick<AdHocFlags, 'adHoc' | 'demo'>): boolean {
  return demo || new Set(adHoc.map(({ flag }) => flag)).size === 1
}

/** The sources that a command line names; undefined when it names none. @throws UsageError */
export function adHocSources({ adHoc, name, demo, overrides }: AdHocFlags): readonly AdHocSource[] | undefined {
  if (demo && adHoc.length > 0) throw new UsageError(`--demo and ${adHoc[0].flag} exclude each other`)
  if (demo) return [demoSource(name, overrides.format)]
  if (name !== undefined) throw new UsageError('--name needs a --url or a --device')
  if (adHoc.length === 0) return undefined
  const names = new Set<string>()
  const format = hasOneKind({ adHoc, demo }) ? overrides.format : undefined
  return adHoc.map(({ flag, value, name: wanted }) => {
    const unique = uniqueName(wanted ?? (flag === '--url' ? nameFromUrl(value) : nameFromDevice(value)), names)
    if (wanted !== undefined && unique !== wanted) throw new UsageError(`--name ${wanted} is given twice`)
    names.add(unique)
    const labelled = (text: string): LabelledText => ({ text, label: flag })
    const values: AdHocSource['values'] =
      flag === '--url'
        ? { type: labelled('stream'), url: labelled(value) }
        : { type: labelled('soundcard'), device: labelled(value) }
    return { name: unique, values: { ...values, ...(format && { format }) } }
  })
}

function demoSource(name = 'demo', format?: LabelledText): AdHocSource {
  const value = (text: string): LabelledText => ({ text, label: '--demo' })
  return { name, values: { type: value('signal'), split_minutes: value('1'), ...(format && { format }) } }
}

/** `http://host:8000/radio/live.mp3` is `live`; an address without a path is its host. */
function nameFromUrl(url: string): string {
  if (!URL.canParse(url)) return 'stream'
  const { pathname, hostname } = new URL(url)
  const last = pathname.split('/').findLast((part) => part !== '') ?? ''
  const stem = fileWords(last.replace(/(?<=.)\.[a-z0-9]+$/i, ''))
  return stem === '' ? hostname : stem
}

/** `hw:CARD=Device,DEV=0` is `hw_CARD_Device_DEV_0`. */
function nameFromDevice(device: string): string {
  const words = fileWords(device)
  return words === '' || words === 'default' ? 'soundcard' : words
}

function fileWords(text: string): string {
  return text.replace(/[^\p{L}\p{N}._-]+/gu, '_').replace(/^_+|_+$/g, '')
}

function uniqueName(name: string, taken: ReadonlySet<string>): string {
  let unique = name
  for (let suffix = 2; taken.has(unique); suffix++) unique = `${name}_${suffix}`
  return unique
}
