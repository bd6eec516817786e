import { Splitter } from './splitter.js'

/** Never ends a file: one file per connection and logical stream. */
export class Never extends Splitter {
  cut(): number {
    return -1
  }
}
