const MOST = 60

/** 40 characters and more of an API key's alphabet, in which no other input of ours is that long. */
const LIKE_A_KEY = /[A-Za-z0-9_-]{40,}/

/**
 * A value of an input, fit for an error message: quoted, short, on one line, and not at all if it may be an
 * API key that got into the wrong input, where nothing has masked it.
 *
 * @param value what came
 * @returns what to show of it
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
