import type { Environment } from '../process/spawn-program.js'

/** The environment of programs whose words are read: English, whatever the user speaks. */
export function toolEnvironment(env: Environment): Environment {
  return { ...env, LC_ALL: 'C.UTF-8', LANGUAGE: '' }
}
