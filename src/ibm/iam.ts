import { Deadline } from '../deadline.ts'
import type { Credentials } from '../secrets.ts'
import { request } from './http.ts'

/** What IAM knows of a key and a profile that the registry refused. */
export type Diagnosis =
  | { kind: 'unknown-key'; words: string }
  | { kind: 'users-key'; iamId: string }
  | { kind: 'untrusted'; iamId: string; trusting: string[] }
  | { kind: 'trusted'; iamId: string }

/** For both requests together. The explanation of an error is not worth more. */
const TIMEOUT_MS = 5_000

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
  credentials: Credentials,
  privately: boolean,
  deadline: Deadline,
): Promise<Diagnosis | undefined> {
  const host = privately ? 'private.iam.cloud.ibm.com' : 'iam.cloud.ibm.com'
  const own = new Deadline(deadline.within(TIMEOUT_MS) / 1000)
  const ask = async (path: string, form: Record<string, string>) => {
    const answer = await request(`https://${host}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: new URLSearchParams(form).toString(),
      timeoutMs: own.within(TIMEOUT_MS),
    })
    return { status: answer.status, json: JSON.parse(answer.body) }
  }
  try {
    const key = await ask('/identity/token', {
      grant_type: 'urn:ibm:params:oauth:grant-type:apikey',
      apikey: credentials.apiKey,
    })
    if (key.status === 400 || key.status === 401)
      return { kind: 'unknown-key', words: `${key.json.errorMessage ?? ''}` }
    const accessToken: string = key.json.access_token
    const iamId = plain(iamIdOf(accessToken))
    if (!iamId.startsWith('iam-ServiceId-')) return { kind: 'users-key', iamId }

    const list = await ask('/identity/profiles', { access_token: accessToken })
    const trusting: string[] = list.json.profiles.map(({ id }: { id: string }) => plain(id))
    return trusting.includes(credentials.profileId)
      ? { kind: 'trusted', iamId }
      : { kind: 'untrusted', iamId, trusting }
  } catch {
    return undefined
  }
}

/** An ID, which goes into commands that people copy. @throws Error for anything that a shell would not take as it is */
function plain(id: string): string {
  if (!/^[\w@.-]{1,100}$/.test(id)) throw new Error('not an ID')
  return id
}

/** The `iam_id` claim of an IAM token, a JWT. It is only shown, so its signature is of no interest. */
function iamIdOf(token: string): string {
  const payload = token.split('.')[1] ?? ''
  return JSON.parse(Buffer.from(payload, 'base64url').toString()).iam_id
}
