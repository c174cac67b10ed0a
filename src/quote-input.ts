const MOST = 60

/** At least 40 characters of an API key's alphabet in a row. Other valid input has no run of that length. */
const LIKE_A_KEY = /[A-Za-z0-9_-]{40,}/

/**
 * Formats the value of an input for an error message: quoted, shortened, and on one line. Hides it if it may
 * be an API key in the wrong input, which is not masked.
 *
 * @param value the value of the input
 * @returns the text to show
 */
export function quoteInput(value: string): string {
  if (value.trim() === '') return 'an empty value'
  const withoutIds = value.replace(/(?:Profile|ServiceId|ApiKey)-[0-9a-f-]{36}/gi, '')
  const length = [...value].length
  if (LIKE_A_KEY.test(withoutIds))
    return `a value of ${length} characters (not shown, because it looks like an API key)`
  const start = [...value].slice(0, MOST).join('')
  return length > MOST ? `${JSON.stringify(start)}… (${length} characters)` : JSON.stringify(value)
}

/** Same as {@link quoteInput}, for an item of a list. Says how to separate items if it seems to be several. */
export function quoteItem(item: string): string {
  const isSeveral = /\S[\s;|+]\S/.test(item)
  return `${quoteInput(item)}${isSeveral ? ' (separate several values with commas or line breaks)' : ''}`
}
