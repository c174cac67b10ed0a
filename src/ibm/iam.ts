import { claimsOf } from '../credentials.ts'
import { Fault } from '../fault.ts'
import { parseJson } from '../json.ts'
import { faultOfAnswer, oneLine } from './answer.ts'
import { type Answer, request } from './http.ts'

/** What IAM or the metadata service refused, and why, as far as the response says. */
export type Refusal = { kind: (typeof REFUSALS)[number]; output: string }

const REFUSALS = [
  'unknown-key',
  'address-not-allowed',
  'not-eligible',
  'iam-refused',
  'token-not-issued',
  'projected-token-refused',
  'no-compute-resource',
  'metadata-off',
  'profile-not-linked',
] as const

/** One request to IAM. @throws Fault if there is no response, or one that may change with another attempt */
export type Ask = (path: string, form: Record<string, string>) => Promise<Record<string, unknown>>

export function iamHost(privately: boolean): string {
  return privately ? 'private.iam.cloud.ibm.com' : 'iam.cloud.ibm.com'
}

/**
 * IAM's token API. A response with an error code does not throw: see {@link refusalOf}.
 *
 * Source: https://cloud.ibm.com/apidocs/iam-identity-token-api
 *
 * @param privately use IAM's host inside IBM Cloud, as for a private registry domain
 * @param timeLeft how long one request may take at this moment, in milliseconds
 */
export function iam(privately: boolean, timeLeft: () => number): Ask {
  return async (path, form) => {
    const answer = await request(`https://${iamHost(privately)}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: new URLSearchParams(form).toString(),
      timeoutMs: timeLeft(),
    })
    return resultOf(answer)
  }
}

/** IAM's response, which may be an error code. @throws Fault if another attempt may succeed */
export function resultOf(answer: Answer): Record<string, unknown> {
  const json = parseJson(answer.body)
  const isTransient = answer.status === 429 || answer.status >= 500
  // The body of a success is never quoted: it contains a secret.
  if (answer.status < 300 || (!isTransient && typeof json.errorCode === 'string')) return json
  throw faultOfAnswer(answer)
}

/** IAM's error code → its meaning. There is no public list of codes, so unknown ones are only quoted. */
const CODES = new Map<unknown, Refusal['kind']>([
  // "Provided API key could not be found."
  ['BXNIM0415E', 'unknown-key'],
  // "User login from given IP address is not permitted": the account's allowed IP addresses, which apply to
  // service IDs, too.
  ['BXNIM0430E', 'address-not-allowed'],
  // "Selected trusted profile not eligible."
  ['BXNIM0398E', 'not-eligible'],
])

/** What IAM's response refuses; undefined if it contains no error code. */
export function refusalOf({ errorCode, errorMessage }: Record<string, unknown>): Refusal | undefined {
  if (typeof errorCode !== 'string') return undefined
  return {
    kind: CODES.get(errorCode) ?? 'iam-refused',
    output: oneLine(`${errorCode} ${typeof errorMessage === 'string' ? errorMessage : ''}`),
  }
}

/** The IAM ID that a token was issued for; undefined if the token does not contain it. */
export function iamIdOf(token: string): string | undefined {
  return plain(claimsOf(token).iam_id)
}

/** The profiles that a token's identity may assume; undefined if IAM does not say. */
export async function profilesOf(token: string, ask: Ask): Promise<string[] | undefined> {
  const { profiles } = await ask('/identity/profiles', { access_token: token }).catch(emptyForFault)
  if (!Array.isArray(profiles)) return undefined
  const ids = profiles.map(profile => plain(profile?.id))
  return ids.every(id => id !== undefined) ? ids : undefined
}

/** For a `catch`: treats a fault as a response without content. Rethrows anything else, which is a bug. */
export function emptyForFault(error: unknown): Record<string, unknown> {
  if (error instanceof Fault) return {}
  throw error
}

/** An ID that is safe to use in commands that people copy. @returns undefined if a shell could misread it */
function plain(id: unknown): string | undefined {
  return typeof id === 'string' && /^[\w@.-]{1,100}$/.test(id) ? id : undefined
}
