import { IsrError } from '../errors.js'

/** `value` when it is a finite number above 0. @throws {@link IsrError} `ISR_ARGUMENT_INVALID` that names it otherwise */
export function positive(name: string, value: number): number {
  if (Number.isFinite(value) && value > 0) return value
  throw new IsrError('ISR_ARGUMENT_INVALID', `${name} is ${value}: expected a number above 0`)
}
