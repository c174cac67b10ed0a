import { isExpired } from '../credentials.ts'
import { parseJson } from '../json.ts'

/**
 * The entry to restore. An entry with an expired access token is not worth restoring.
 *
 * @param entry its exact text in a credential file; null if there is none
 * @returns null if there is nothing to restore
 */
export function unlessExpired(entry: string | null): string | null {
  const { auth } = parseJson(entry ?? '')
  const [username = '', ...password] = Buffer.from(`${auth}`, 'base64').toString().split(':')
  return isExpired({ username, password: password.join(':') }) ? null : entry
}
