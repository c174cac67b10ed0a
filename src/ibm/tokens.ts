import { readFileSync } from 'node:fs'
import { claimsOf, type Identity } from '../credentials.ts'
import { Fault } from '../fault.ts'
import { type Diagnosis, isUsers, keyGrant, whoTrusts } from './diagnosis.ts'
import { type Ask, iamIdOf, profilesOf, refusalOf } from './iam.ts'
import { tokenOfInstance } from './metadata.ts'

/** An access token of a trusted profile. */
export interface AccessToken {
  token: string
  /** Undefined if neither the response nor the token contains it. */
  expiresAt: Date | undefined
}

/** A token, or why there is none. A refusal is final: another attempt would not change it. */
export type Exchange = AccessToken | { refused: Diagnosis }

export interface ExchangeContext {
  ask: Ask
  /** Hides a token in the log; called before the token is used. */
  mask(token: string): void
  /** How long one request may take at this moment, in milliseconds. */
  timeLeft(): number
}

/**
 * Exchanges a service ID's API key for an access token of the trusted profile, in two requests: the key for
 * the service ID's own token, then that token for one of the profile.
 *
 * Source: https://cloud.ibm.com/apidocs/iam-identity-token-api, grant types `apikey` and `assume`
 *
 * @throws Fault if IAM does not respond or its response is invalid
 */
export async function tokenOfKey(identity: Identity, { ask, mask }: ExchangeContext): Promise<Exchange> {
  const own = await ask('/identity/token', keyGrant(identity))
  const refusedKey = refusalOf(own)
  if (refusedKey) return { refused: refusedKey }
  const { token } = tokenIn(own, mask)
  if (isUsers(iamIdOf(token))) return { refused: { kind: 'users-key', iamId: iamIdOf(token) ?? '' } }

  const assumed = await ask('/identity/token', {
    grant_type: 'urn:ibm:params:oauth:grant-type:assume',
    access_token: token,
    profile_id: identity.profileId,
  })
  const refused = refusalOf(assumed)
  if (refused === undefined) return tokenIn(assumed, mask)
  // The key was accepted, so an unknown code does not concern it.
  if (refused.kind === 'iam-refused') return { refused: { ...refused, kind: 'token-not-issued' } }
  if (refused.kind !== 'not-eligible') return { refused }
  const known = whoTrusts(identity.profileId, token, await profilesOf(token, ask))
  return { refused: known.kind === 'untrusted' ? known : refused }
}

/** Files that may contain the token of a pod's service account, in the order in which IBM's SDKs look. */
const PROJECTED_TOKENS = [
  '/var/run/secrets/tokens/vault-token',
  '/var/run/secrets/tokens/sa-token',
  '/var/run/secrets/codeengine.cloud.ibm.com/compute-resource-token/token',
]

/**
 * Exchanges the identity of the compute resource that this runs on for an access token of the trusted
 * profile. In a pod of a cluster or in Code Engine, the identity is a token in a file; on a VPC server, the
 * metadata service provides it.
 *
 * Source: https://cloud.ibm.com/apidocs/iam-identity-token-api, grant type `cr-token`
 *
 * @throws Fault if IAM or the metadata service does not respond or its response is invalid
 */
export async function tokenOfComputeResource(
  { profileId }: Identity,
  { ask, mask, timeLeft }: ExchangeContext,
): Promise<Exchange> {
  const files = PROJECTED_TOKENS.map(read)
  const projected = files.find(({ text }) => text !== '')?.text
  if (projected === undefined) {
    const lookedFor = files.map(({ found }) => found)
    const found = await tokenOfInstance(profileId, mask, timeLeft, lookedFor)
    return 'refused' in found ? found : tokenIn(found.answer, mask)
  }
  mask(projected)
  const answer = await ask('/identity/token', {
    grant_type: 'urn:ibm:params:oauth:grant-type:cr-token',
    cr_token: projected,
    profile_id: profileId,
  })
  const refused = refusalOf(answer)
  if (!refused) return tokenIn(answer, mask)
  return {
    refused:
      refused.kind === 'address-not-allowed' ? refused : { ...refused, kind: 'projected-token-refused' },
  }
}

/** The content of a file, and its path with the reason if it is there but contains nothing usable. */
function read(file: string): { text: string; found: string } {
  try {
    return { text: readFileSync(file, 'utf8').trim(), found: `${file} (empty)` }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return { text: '', found: code === 'ENOENT' ? file : `${file} (${code})` }
  }
}

/** From 2001 to 2286. Anything else is not a time in seconds, but perhaps a duration or in milliseconds. */
const FIRST_MS = 1e12
const LAST_MS = 1e13

/** The token in a response, masked. @throws Fault without the body, which may contain a secret */
function tokenIn(answer: Record<string, unknown>, mask: (token: string) => void): AccessToken {
  const { access_token: token, expiration, expires_at: expiresAt } = answer
  if (typeof token !== 'string' || token === '') throw new Fault('unknown', 'the response contains no token')
  mask(token)
  const moments = [Number(expiration) * 1000, Date.parse(`${expiresAt}`), Number(claimsOf(token).exp) * 1000]
  const moment = moments.find(milliseconds => milliseconds > FIRST_MS && milliseconds < LAST_MS)
  return { token, expiresAt: moment === undefined ? undefined : new Date(moment) }
}
