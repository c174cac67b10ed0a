/**
 * Parses text as a JSON object. Drops the parser's error, which would quote part of the text, possibly of a
 * password.
 *
 * @returns an empty object if it is not one
 */
export function parseJson(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text))
  } catch {
    return {}
  }
}
