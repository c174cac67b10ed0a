import { Fault } from '../fault.ts'
import { parseJson } from '../json.ts'
import { faultOfAnswer, oneLine } from './answer.ts'
import { request } from './http.ts'
import type { Refusal } from './iam.ts'

/** The service is available over http at its address or over https at its name, never both. */
const HOSTS = ['http://169.254.169.254', 'https://api.metadata.cloud.ibm.com']
const VERSION = 'version=2025-08-26'

/** How long to look for the service at each host, in milliseconds. It is either nearby or absent. */
const TIMEOUT_MS = 2_000

/** Lifetime of the instance identity token, in seconds. Short, because it is used immediately. */
const LIFETIME = 300

/**
 * Asks the metadata service of a VPC server for an access token of a trusted profile. Never uses a proxy.
 *
 * Source: https://cloud.ibm.com/docs/vpc?topic=vpc-imd-about, https://cloud.ibm.com/apidocs/vpc-metadata
 *
 * @param mask hides the instance identity token in the log
 * @param lookedFor what else was looked for, for the error
 * @returns the response with the token, or why there is none
 * @throws Fault if the service fails
 */
export async function tokenOfInstance(
  profileId: string,
  mask: (token: string) => void,
  timeLeft: () => number,
  lookedFor: string[],
): Promise<{ answer: Record<string, unknown> } | { refused: Refusal }> {
  for (const host of HOSTS) {
    const own = await ask(
      `${host}/identity/v1/token?${VERSION}`,
      'PUT',
      { 'metadata-flavor': 'ibm' },
      { expires_in: LIFETIME },
      Math.min(TIMEOUT_MS, timeLeft()),
    ).catch(absentIfSilent)
    // GitHub-hosted runners have Azure's metadata service at the same address.
    if (own === undefined) continue
    const { access_token: token } = own
    if (typeof token !== 'string') return { refused: refusalIn(own) }
    mask(token)
    const answer = await ask(
      `${host}/identity/v1/iam_tokens?${VERSION}`,
      'POST',
      { authorization: `Bearer ${token}` },
      { trusted_profile: { id: profileId } },
      timeLeft(),
    )
    if (answer === undefined) throw new Fault('unknown', 'the metadata service returned no token')
    return typeof answer.access_token === 'string' ? { answer } : { refused: refusalIn(answer) }
  }
  return { refused: { kind: 'no-compute-resource', output: [...lookedFor, ...HOSTS].join(', ') } }
}

/** For a `catch`: a host that does not respond is treated as one without the service. */
function absentIfSilent(error: unknown): undefined {
  if (!(error instanceof Fault) || error.status !== undefined) throw error
}

/**
 * @returns undefined if the response is not from IBM's metadata service
 * @throws Fault if there is no response, or one that may change with another attempt
 */
async function ask(
  url: string,
  method: string,
  headers: Record<string, string>,
  body: object,
  timeoutMs: number,
): Promise<Record<string, unknown> | undefined> {
  const answer = await request(url, {
    method,
    headers: { ...headers, 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(body),
    timeoutMs,
    direct: true,
  })
  const json = parseJson(answer.body)
  const isIbms = typeof json.access_token === 'string' || codeIn(json) !== undefined
  if (isIbms && (answer.status === 429 || answer.status >= 500)) throw faultOfAnswer(answer)
  return isIbms ? json : undefined
}

/** Errors are `{"errors":[{"code","message","more_info"}],"status_code","trace"}`. */
function codeIn({ errors, trace }: Record<string, unknown>): string | undefined {
  const code = Array.isArray(errors) ? errors[0]?.code : undefined
  return typeof code === 'string' && trace !== undefined ? code : undefined
}

const KINDS = new Map<unknown, Refusal['kind']>([
  ['profile_not_linked', 'profile-not-linked'],
  ['unauthorized', 'metadata-off'],
])

function refusalIn(json: Record<string, unknown>): Refusal {
  const code = codeIn(json)
  const message = Array.isArray(json.errors) ? json.errors[0]?.message : undefined
  return {
    kind: KINDS.get(code) ?? 'token-not-issued',
    output: oneLine([code, message].filter(part => typeof part === 'string').join(': ')),
  }
}
