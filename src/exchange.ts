import { type Credentials, credentialsOfKey, credentialsOfToken } from './credentials.ts'
import { iam } from './ibm/iam.ts'
import { isPrivate } from './ibm/regions.ts'
import { type Exchange, tokenOfComputeResource, tokenOfKey } from './ibm/tokens.ts'
import { explainExchange } from './report/exchange.ts'
import { retry } from './retry.ts'
import type { Step } from './step.ts'

/** Timeout of one request, in milliseconds. */
const REQUEST_MS = 15_000

interface Obtained {
  credentials: Credentials
  /** Undefined for an API key, or if the token does not contain it. */
  expiresAt: Date | undefined
}

/**
 * Gets the credentials for the clients, once for the whole step: the API key itself, or an access token of
 * the profile.
 *
 * @throws UserError if there is no token
 */
export async function obtainCredentials(step: Step): Promise<Obtained> {
  const { identity, domains, deadline, mask, say } = step
  if (identity.authMethod === 'api-key') {
    return { credentials: credentialsOfKey(identity), expiresAt: undefined }
  }
  const timeLeft = () => deadline.within(REQUEST_MS)
  const ask = iam(domains.some(isPrivate), timeLeft)
  const exchange = { 'access-token': tokenOfKey, 'compute-resource': tokenOfComputeResource }[
    identity.authMethod
  ]
  let result: Exchange | undefined
  const fault = await retry(
    'Access token request',
    async () => {
      result = await exchange(identity, { ask, mask, timeLeft })
    },
    { deadline, say, stopped: () => false },
  )
  if (result === undefined || 'refused' in result) throw explainExchange(fault, result?.refused, step)
  const { token, expiresAt } = result
  say(
    `Got an access token for ${identity.profileId}${expiresAt === undefined ? '' : `. It ${whenIn(expiresAt)}`}`,
  )
  return { credentials: credentialsOfToken(token), expiresAt }
}

function whenIn(moment: Date): string {
  const minutes = Math.round((moment.getTime() - Date.now()) / 60_000)
  const distance =
    minutes < 0 ? 'which is past by the clock of this machine: check it' : `in ${minutes} minutes`
  return `expires at ${isoOf(moment)}, ${distance}`
}

/** ISO 8601 in UTC, to the second. */
export function isoOf(moment: Date): string {
  return moment.toISOString().replace(/\.\d+Z$/, 'Z')
}
