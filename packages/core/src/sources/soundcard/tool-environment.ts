import { inheritedEnvironment, type Environment } from '../process/environment.js'

/** The environment of programs whose words are read: English, whatever the user speaks. */
export function toolEnvironment(env: Environment): Environment {
  return { ...inheritedEnvironment(env), LC_ALL: 'C.UTF-8', LANGUAGE: '' }
}
