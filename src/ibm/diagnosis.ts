import type { Identity } from '../credentials.ts'
import { Deadline } from '../deadline.ts'
import { type Ask, emptyForFault, iam, iamIdOf, profilesOf, type Refusal, refusalOf } from './iam.ts'

/** What IAM knows of a key and a profile that were refused. */
export type Diagnosis =
  | Refusal
  | { kind: 'users-key'; iamId: string }
  /** The IAM ID is undefined where IAM's token does not tell it. */
  | { kind: 'untrusted'; iamId: string | undefined; trusting: string[] }
  | { kind: 'trusted' | 'good-key'; iamId: string | undefined }

/** For both requests together. The explanation of an error is not worth more. */
const TIMEOUT_MS = 5_000

/**
 * Asks IAM whether it knows the key, and whether the profile trusts the service ID that the key belongs to.
 *
 * @param privately as for {@link iam}
 * @returns undefined where IAM cannot tell: it is not reached in time, or answers something else
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

/** The same by whoever answers in IAM's place. */
export async function diagnoseBy(ask: Ask, identity: Identity): Promise<Diagnosis | undefined> {
  const answer = await ask('/identity/token', keyGrant(identity)).catch(emptyForFault)
  const { access_token: token } = answer
  if (typeof token !== 'string' || token === '') return refusalOf(answer)
  if (isUsers(iamIdOf(token))) return { kind: 'users-key', iamId: iamIdOf(token) ?? '' }
  return whoTrusts(identity.profileId, token, await profilesOf(token, ask))
}

/** The question whether IAM knows a key, which it answers by a token. */
export function keyGrant({ apiKey }: Pick<Identity, 'apiKey'>): Record<string, string> {
  return { grant_type: 'urn:ibm:params:oauth:grant-type:apikey', apikey: apiKey }
}

/** Whether an IAM ID is somebody else's than a service ID's. */
export function isUsers(iamId: string | undefined): boolean {
  return iamId !== undefined && !iamId.startsWith('iam-ServiceId-')
}

/** @param trusting the profiles that the token's identity may assume; undefined where IAM does not tell */
export function whoTrusts(profileId: string, token: string, trusting: string[] | undefined): Diagnosis {
  const iamId = iamIdOf(token)
  if (trusting === undefined) return { kind: 'good-key', iamId }
  return trusting.includes(profileId) ? { kind: 'trusted', iamId } : { kind: 'untrusted', iamId, trusting }
}
