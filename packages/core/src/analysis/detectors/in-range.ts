import { IsrError } from '../../errors.js'

/** `value` when it lies from `least` to `most`. @throws {@link IsrError} `ISR_ARGUMENT_INVALID` that names it otherwise */
export function inRange(name: string, value: number, least: number, most: number): number {
  if (value >= least && value <= most) return value
  throw new IsrError('ISR_ARGUMENT_INVALID', `${name} is ${value}: expected a number from ${least} to ${most}`)
}
