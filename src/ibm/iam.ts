import type { Identity } from '../credentials.ts'
import { Deadline } from '../deadline.ts'
import { Fault } from '../fault.ts'
import { parseJson } from './answer.ts'
import { request } from './http.ts'

/** What IAM knows of a key and a profile that the registry refused. */
export type Diagnosis =
  | { kind: 'unknown-key' | 'address-not-allowed' | 'iam-refused'; output: string }
  | { kind: 'users-key'; iamId: string }
  /** The IAM ID is undefined where IAM's token does not tell it. */
  | { kind: 'untrusted'; iamId: string | undefined; trusting: string[] }
  | { kind: 'trusted' | 'good-key'; iamId: string | undefined }

/** For both requests together. The explanation of an error is not worth more. */
const TIMEOUT_MS = 5_000

/** What is quoted of IAM's error message at most. */
const MOST_CHARACTERS = 300

/**
 * Asks IAM whether it knows the key, and whether the profile trusts the service ID that the key belongs to.
 *
 * Sources: https://cloud.ibm.com/apidocs/iam-identity-token-api, grant type `apikey`; the profiles that an
 * identity may assume: `POST /identity/profiles` there.
 *
 * @param privately whether to use IAM's host inside IBM Cloud, as for a private registry domain
 * @returns undefined where IAM cannot tell: it is not reached in time, or answers something else
 */
export async function diagnose(
  { profileId, apiKey }: Identity,
  privately: boolean,
  deadline: Deadline,
): Promise<Diagnosis | undefined> {
  const host = privately ? 'private.iam.cloud.ibm.com' : 'iam.cloud.ibm.com'
  const own = new Deadline(deadline.within(TIMEOUT_MS) / 1000)
  const ask = (path: string, form: Record<string, string>) =>
    request(`https://${host}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: new URLSearchParams(form).toString(),
      timeoutMs: own.within(TIMEOUT_MS),
    }).then(({ status, body }) => ({ status, json: parseJson(body) }), undefinedForFault)
  const key = await ask('/identity/token', {
    grant_type: 'urn:ibm:params:oauth:grant-type:apikey',
    apikey: apiKey,
  })
  const accessToken = key?.json.access_token
  if (key === undefined || key.status >= 500 || key.status === 429) return undefined
  if (typeof accessToken !== 'string') return refusalOf(key.json)

  const iamId = iamIdOf(accessToken)
  if (iamId !== undefined && !iamId.startsWith('iam-ServiceId-')) return { kind: 'users-key', iamId }
  const list = await ask('/identity/profiles', { access_token: accessToken })
  const trusting = idsIn(list?.json.profiles)
  if (trusting === undefined) return { kind: 'good-key', iamId }
  return trusting.includes(profileId) ? { kind: 'trusted', iamId } : { kind: 'untrusted', iamId, trusting }
}

/** IAM not reached is nothing known; anything that is no fault is a defect. */
function undefinedForFault(error: unknown): undefined {
  if (!(error instanceof Fault)) throw error
}

/** IAM's error code → what it is known to mean. There is no public list of the codes: any other is only quoted. */
const CODES = new Map<unknown, 'unknown-key' | 'address-not-allowed'>([
  // "Provided API key could not be found."
  ['BXNIM0415E', 'unknown-key'],
  // "User login from given IP address is not permitted": an allow-list, which counts for service IDs too.
  ['BXNIM0430E', 'address-not-allowed'],
])

function refusalOf({ errorCode, errorMessage }: Record<string, unknown>): Diagnosis | undefined {
  if (typeof errorCode !== 'string') return undefined
  const message = typeof errorMessage === 'string' ? errorMessage : ''
  const output = `${errorCode} ${message}`.trim().slice(0, MOST_CHARACTERS)
  return { kind: CODES.get(errorCode) ?? 'iam-refused', output }
}

/** The IDs of profiles; undefined where IAM answers something else. */
function idsIn(profiles: unknown): string[] | undefined {
  if (!Array.isArray(profiles)) return undefined
  const ids = profiles.map(profile => plain(profile?.id))
  return ids.every(id => id !== undefined) ? ids : undefined
}

/** An ID, which goes into commands that people copy; undefined for anything that a shell would not take as it is. */
function plain(id: unknown): string | undefined {
  return typeof id === 'string' && /^[\w@.-]{1,100}$/.test(id) ? id : undefined
}

/** The `iam_id` claim of an IAM token, a JWT. It is only shown, so its signature is of no interest. */
function iamIdOf(token: string): string | undefined {
  const payload = token.split('.')[1] ?? ''
  return plain(parseJson(Buffer.from(payload, 'base64url').toString()).iam_id)
}
