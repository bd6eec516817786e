/** Variables of a program; those that are undefined are left out. */
export type Environment = Readonly<Record<string, string | undefined>>

/** What programs that we start inherit: all but what begins with `ISR_`, where secrets of ours stand. */
export function inheritedEnvironment(env: Environment = process.env): Environment {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('ISR_')))
}
