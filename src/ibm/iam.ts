import { claimsOf } from '../credentials.ts'
import { Fault } from '../fault.ts'
import { faultOfAnswer, parseJson } from './answer.ts'
import { type Answer, request } from './http.ts'

/** What IAM, or a compute resource's metadata service, refused, and why as far as it says. */
export type Refusal = { kind: (typeof REFUSALS)[number]; output: string }

const REFUSALS = [
  'unknown-key',
  'address-not-allowed',
  'not-eligible',
  'iam-refused',
  'projected-token-refused',
  'no-compute-resource',
  'metadata-off',
  'profile-not-linked',
] as const

/** One question to IAM. @throws Fault if there is no answer, or one that another attempt may better */
export type Ask = (path: string, form: Record<string, string>) => Promise<Record<string, unknown>>

/** What is quoted of an error message at most, in characters. */
const MOST = 300

export function iamHost(privately: boolean): string {
  return privately ? 'private.iam.cloud.ibm.com' : 'iam.cloud.ibm.com'
}

/**
 * IAM's token API. An answer with an error code is one: see {@link refusalOf}.
 *
 * Source: https://cloud.ibm.com/apidocs/iam-identity-token-api
 *
 * @param privately whether to use IAM's host inside IBM Cloud, as for a private registry domain
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

/** What IAM answered, an error code included. @throws Fault for what another attempt may better */
export function resultOf(answer: Answer): Record<string, unknown> {
  const json = parseJson(answer.body)
  const isTransient = answer.status === 429 || answer.status >= 500
  if (answer.status === 200 || (!isTransient && typeof json.errorCode === 'string')) return json
  throw faultOfAnswer(answer)
}

/** IAM's error code → what it is known to mean. There is no public list of the codes: any other is only quoted. */
const CODES = new Map<unknown, Refusal['kind']>([
  // "Provided API key could not be found."
  ['BXNIM0415E', 'unknown-key'],
  // "User login from given IP address is not permitted": an allow-list, which counts for service IDs too.
  ['BXNIM0430E', 'address-not-allowed'],
  // "Selected trusted profile not eligible."
  ['BXNIM0398E', 'not-eligible'],
])

/** What IAM's answer refuses; undefined for one that has no error code. */
export function refusalOf({ errorCode, errorMessage }: Record<string, unknown>): Refusal | undefined {
  if (typeof errorCode !== 'string') return undefined
  return {
    kind: CODES.get(errorCode) ?? 'iam-refused',
    output: `${errorCode} ${typeof errorMessage === 'string' ? errorMessage : ''}`.trim().slice(0, MOST),
  }
}

/** The IAM ID that a token is of; undefined where the token does not tell. */
export function iamIdOf(token: string): string | undefined {
  return plain(claimsOf(token).iam_id)
}

/** The profiles that the identity of a token may assume; undefined where IAM does not tell. */
export async function profilesOf(token: string, ask: Ask): Promise<string[] | undefined> {
  const { profiles } = await ask('/identity/profiles', { access_token: token }).catch(emptyForFault)
  if (!Array.isArray(profiles)) return undefined
  const ids = profiles.map(profile => plain(profile?.id))
  return ids.every(id => id !== undefined) ? ids : undefined
}

/** No answer is nothing known; anything that is no fault is a defect. */
export function emptyForFault(error: unknown): Record<string, unknown> {
  if (error instanceof Fault) return {}
  throw error
}

/** An ID, which goes into commands that people copy; undefined for anything that a shell would not take as it is. */
function plain(id: unknown): string | undefined {
  return typeof id === 'string' && /^[\w@.-]{1,100}$/.test(id) ? id : undefined
}
