/** Ends with 2 when a word of the command line is part of none of the names: doing nothing would look like success. */
export function refuseUnknown(word, names) {
  if (names.some((name) => name.includes(word))) return
  console.error(`nothing here is called "${word}"; there are:\n  ${names.join('\n  ')}`)
  process.exit(2)
}
