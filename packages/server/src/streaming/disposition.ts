/**
 * `Content-Disposition` for a name of any characters.
 * @param kind - shown in the page, or saved
 * @param name - the last part of it becomes the name of the file
 * @source RFC 6266 §4.1, RFC 8187 §3.2
 */
export function disposition(kind: 'inline' | 'attachment', name: string): string {
  const file = name.slice(name.lastIndexOf('/') + 1)
  const plain = file.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  const exact = encodeURIComponent(file).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return plain === file ? `${kind}; filename="${plain}"` : `${kind}; filename="${plain}"; filename*=UTF-8''${exact}`
}
