import type { Identity } from '../credentials.ts'
import { Deadline } from '../deadline.ts'
import { type Ask, emptyForFault, iam, iamIdOf, profilesOf, type Refusal, refusalOf } from './iam.ts'

/** What IAM knows about an API key and a trusted profile that were refused. */
export type Diagnosis =
  | Refusal
  | { kind: 'users-key'; iamId: string }
  /** The IAM ID is undefined if IAM's token does not contain it. */
  | { kind: 'untrusted'; iamId: string | undefined; trusting: string[] }
  | { kind: 'trusted' | 'good-key'; iamId: string | undefined }

/** For both requests together: explaining an error is not worth a longer wait. */
const TIMEOUT_MS = 5_000

/**
 * Asks IAM whether it knows the API key, and whether the profile trusts the key's service ID.
 *
 * @param privately see {@link iam}
 * @returns undefined if IAM cannot be reached in time or sends an unexpected response
 */
export async function diagnose(
  identity: Identity,
  privately: boolean,
  deadline: Deadline,
): Promise<Diagnosis | undefined> {
  const own = new Deadline(deadline.within(TIMEOUT_MS) / 1000)
  return diagnoseBy(
    iam(privately, () => own.within(TIMEOUT_MS)),
    identity,
  )
}

/** Same as {@link diagnose}, with any `Ask` in place of IAM. */
export async function diagnoseBy(ask: Ask, identity: Identity): Promise<Diagnosis | undefined> {
  const answer = await ask('/identity/token', keyGrant(identity)).catch(emptyForFault)
  const { access_token: token } = answer
  if (typeof token !== 'string' || token === '') return refusalOf(answer)
  if (isUsers(iamIdOf(token))) return { kind: 'users-key', iamId: iamIdOf(token) ?? '' }
  return whoTrusts(identity.profileId, token, await profilesOf(token, ask))
}

/** The form that asks IAM for a token for an API key. Its response shows whether IAM knows the key. */
export function keyGrant({ apiKey }: Pick<Identity, 'apiKey'>): Record<string, string> {
  return { grant_type: 'urn:ibm:params:oauth:grant-type:apikey', apikey: apiKey }
}

/** Whether an IAM ID belongs to anything other than a service ID. */
export function isUsers(iamId: string | undefined): boolean {
  return iamId !== undefined && !iamId.startsWith('iam-ServiceId-')
}

/** @param trusting the profiles that the token's identity may assume; undefined if IAM does not say */
export function whoTrusts(profileId: string, token: string, trusting: string[] | undefined): Diagnosis {
  const iamId = iamIdOf(token)
  if (trusting === undefined) return { kind: 'good-key', iamId }
  return trusting.includes(profileId) ? { kind: 'trusted', iamId } : { kind: 'untrusted', iamId, trusting }
}
