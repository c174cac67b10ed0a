/**
 * More levels than any file or response has. At some thousands, Node can still parse JSON, but its stack
 * overflows when it turns the value into text again. Go's decoder, and so every client, stops at 10,000.
 */
const MOST_LEVELS = 1000

/**
 * Parses JSON. Drops the parser's error, which would quote part of the text, possibly of a password.
 *
 * @returns undefined if it is not JSON, or has too many levels
 */
export function parseValue(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return hasLevels(value, MOST_LEVELS) ? undefined : value
  } catch {
    return undefined
  }
}

/** Same as {@link parseValue}, as an object. @returns an empty object if it is not one */
export function parseJson(text: string): Record<string, unknown> {
  return Object(parseValue(text))
}

function hasLevels(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some(item => hasLevels(item, levels - 1))
}
