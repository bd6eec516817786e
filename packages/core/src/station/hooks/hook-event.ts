import { createHmac } from 'node:crypto'
import { join, resolve } from 'node:path'
import type { HookTargets } from '../../config/station-config.js'
import type { EpochMs } from '../../model.js'
import type { RecorderEvents } from '../../recorder/events.js'
import { plainEvent } from '../../recorder/plain-event.js'
import { inheritedEnvironment } from '../../sources/process/environment.js'

/** Events that can be told to somebody, by what tells them. */
export const HOOK_OF = {
  'recording:close': 'close',
  gap: 'gap',
  'silence:start': 'silence',
  'silence:end': 'silence',
  error: 'error',
} as const satisfies Partial<Record<keyof RecorderEvents, keyof HookTargets>>

/** Name of an event that can be told to somebody. */
export type HookEventName = keyof typeof HOOK_OF

/** An event on its way to somebody. */
export interface Delivery {
  /** Names it: the same for each attempt. */
  readonly id: string
  /** Name of the source. */
  readonly source: string
  /** What happened. */
  readonly event: HookEventName
  /** When it was to be told first. */
  readonly firstAt: EpochMs
  /** How often it was tried in vain. */
  readonly attempts: number
  /** JSON text. */
  readonly body: string
}

/** An event made ready to be told. */
export function deliveryOf<K extends HookEventName>(
  event: K,
  payload: Parameters<RecorderEvents[K]>[0],
  { id, at }: { readonly id: string; readonly at: EpochMs },
): Delivery {
  const body = JSON.stringify({ id, event, time: new Date(at).toISOString(), ...plainEvent(payload) })
  const source = payload.source
  return { id, source, event, firstAt: at, attempts: 0, body }
}

/** Headers of a request. @param secret - signs it */
export function headersOf({ id, event, body }: Delivery, secret: string | undefined): Record<string, string> {
  return {
    'content-type': 'application/json; charset=utf-8',
    'isr-event': event,
    'isr-delivery': id,
    ...(secret !== undefined && {
      'isr-signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    }),
  }
}

/**
 * Environment of a command: each plain field of the event as `ISR_<FIELD>`, the path of its file as `ISR_PATH` and what programs
 * inherit from `env`.
 */
export function environmentOf(
  { body }: Delivery,
  directory: string,
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string | undefined> {
  const { id, ...fields } = JSON.parse(body) as Record<string, unknown> & { readonly id: string }
  const own: Record<string, string> = { ISR_DELIVERY: id }
  for (const [field, value] of Object.entries(fields)) {
    const name = `ISR_${field.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`
    const plain = typeof value === 'object' && value !== null && 'code' in value ? value.code : value
    // an environment cannot hold NUL
    if (['string', 'number', 'boolean'].includes(typeof plain)) own[name] = String(plain).replaceAll('\0', '')
  }
  if (typeof fields.name === 'string') own.ISR_PATH = join(resolve(directory), fields.name)
  return { ...inheritedEnvironment(env), ...own }
}
