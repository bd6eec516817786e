/** Words of a command line, or what is wrong with it. */
export type CommandWords = { readonly words: readonly string[] } | { readonly fault: string }

const SHELL_OPERATOR = /^(\d*[<>]{1,2}(&\d)?|[|&;]{1,2})$/

/**
 * Splits a command as a POSIX shell splits words: quotes and backslashes work, variables, globs and pipes do not, because
 * no shell runs. A bare operator is a fault, since the program would get it as an argument.
 *
 * @source POSIX.1-2017, Shell Command Language §2.2
 */
export function splitCommand(text: string): CommandWords {
  const words: string[] = []
  let word: string | undefined
  let quote = ''
  let bare = true
  for (let index = 0; index <= text.length; index++) {
    const char = text[index]
    if (char === undefined ? quote === '' : quote === '' && /\s/.test(char)) {
      if (word !== undefined && bare && SHELL_OPERATOR.test(word))
        return { fault: `no shell runs it, so ${word} would be an argument; write sh -c '...' around the whole line` }
      if (word !== undefined) words.push(word)
      word = undefined
      bare = true
    } else if (char === undefined) {
      return { fault: `the quote ${quote} is never closed` }
    } else if (quote !== '' && char === quote) {
      quote = ''
    } else if (quote === '' && (char === "'" || char === '"')) {
      quote = char
      word ??= ''
      bare = false
    } else if (char === '\\' && quote !== "'" && text[index + 1] === '\n') {
      index++
    } else if (char === '\\' && quote !== "'" && escapes(text[index + 1], quote)) {
      word = (word ?? '') + text[++index]
      bare = false
    } else {
      word = (word ?? '') + char
    }
  }
  return words.length > 0 ? { words } : { fault: 'it is empty' }
}

/** Inside double quotes a backslash is an ordinary character except before these. */
function escapes(next: string | undefined, quote: string): boolean {
  return next !== undefined && (quote === '' || '"\\$`'.includes(next))
}
