import { IsrError } from '../errors.js'

/** @throws {@link IsrError} `ISR_ARGUMENT_INVALID` unless `value` is a whole number within limits */
export function requireInteger(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return
  throw new IsrError('ISR_ARGUMENT_INVALID', `${name} must be an integer from ${least} to ${most}, not ${value}`)
}
