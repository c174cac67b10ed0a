import { isExpired } from '../credentials.ts'
import { parseJson } from '../ibm/answer.ts'

/**
 * An entry that is worth restoring: none for an access token that has expired, which is nobody's login any more.
 *
 * @param entry as it is written in a credential file; null for none
 */
export function unlessExpired(entry: string | null): string | null {
  const { auth } = parseJson(entry ?? '')
  const [username = '', ...password] = Buffer.from(`${auth}`, 'base64').toString().split(':')
  return isExpired({ username, password: password.join(':') }) ? null : entry
}
