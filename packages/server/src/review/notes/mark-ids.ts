/** A mark that is no note. */
export type MarkId =
  | { readonly kind: 'protected'; readonly file: string }
  | { readonly kind: 'heard'; readonly file: string; readonly startMs: number }

/** Marks have no ids of their own: what they are about names them. */
export function markId(mark: MarkId): string {
  const file = Buffer.from(mark.file).toString('base64url')
  return mark.kind === 'protected' ? `protected.${file}` : `heard.${mark.startMs}.${file}`
}

/** What an id names; undefined when it is that of a note. */
export function parseMarkId(id: string): MarkId | undefined {
  const [, kind, startMs, file] = /^(?:(protected)|heard\.(\d{1,13}))\.([\w-]+)$/.exec(id) ?? []
  if (file === undefined) return undefined
  const name = Buffer.from(file, 'base64url').toString()
  return kind ? { kind: 'protected', file: name } : { kind: 'heard', file: name, startMs: Number(startMs) }
}
