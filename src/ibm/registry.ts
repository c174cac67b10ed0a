import { basicAuth, type Credentials } from '../credentials.ts'
import { Fault } from '../fault.ts'
import { faultOfAnswer, parseJson } from './answer.ts'
import { type Answer, request } from './http.ts'
import { isIcrDomain } from './regions.ts'

/** How long one request may take at this moment, in milliseconds. */
export type TimeLeft = () => number

/**
 * Gets a token as the clients do: the challenge of `/v2/`, then its realm with the pair by HTTP Basic. Without
 * a scope that is all a login is.
 *
 * Source: https://distribution.github.io/distribution/spec/auth/token
 *
 * @param domain the registry domain
 * @param scope `repository:NAME:ACTIONS`; none for a login
 * @throws Fault if the registry refuses, if it is none, if the realm is not of ICR, or from the network
 */
export async function getToken(
  domain: string,
  credentials: Credentials,
  scope: string | undefined,
  timeLeft: TimeLeft,
): Promise<string> {
  const challenged = await request(`https://${domain}/v2/`, { timeoutMs: timeLeft() })
  const challenge = parseChallenge(challenged)
  if (challenge?.realm === undefined) {
    const mayBeRegistry = challenged.status === 403 || challenged.status === 429 || challenged.status >= 500
    if (mayBeRegistry) throw faultOfAnswer(challenged)
    throw new Fault('no-challenge', `No authentication challenge at /v2/ (HTTP ${challenged.status})`)
  }

  const url = icrUrl(challenge.realm, `https://${domain}/v2/`)
  if (challenge.service !== undefined) url.searchParams.set('service', challenge.service)
  url.searchParams.set('account', credentials.username)
  if (scope !== undefined) url.searchParams.set('scope', scope)
  const answer = await request(url, {
    headers: { authorization: `Basic ${basicAuth(credentials)}` },
    timeoutMs: timeLeft(),
  })
  const { token, access_token } = answer.status === 200 ? parseJson(answer.body) : {}
  const issued = token ?? access_token
  if (typeof issued === 'string' && issued !== '') return issued
  // What came with a 200 may hold a secret all the same.
  throw answer.status === 200
    ? new Fault('unknown', 'The token endpoint returned no token')
    : faultOfAnswer(answer)
}

/** A login without a client: the pair gets a token, and `/v2/` accepts it. Throws as {@link getToken} does. */
export async function proveLogin(
  domain: string,
  credentials: Credentials,
  timeLeft: TimeLeft,
): Promise<void> {
  const token = await getToken(domain, credentials, undefined, timeLeft)
  const answer = await request(`https://${domain}/v2/`, { headers: bearer(token), timeoutMs: timeLeft() })
  if (answer.status !== 200) throw faultOfAnswer(answer)
}

export function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` }
}

const NOT_CANCELLED = 'the empty upload could not be canceled; the registry discards it later'

/**
 * Asks whether the pair may push, by starting an upload and cancelling it: nothing of it stays.
 *
 * Source: https://github.com/opencontainers/distribution-spec, "Pushing a blob in chunks"
 *
 * @returns a remark for the log, or an empty text
 * @throws Fault if it may not; else as {@link getToken}
 */
export async function checkPush(
  domain: string,
  repository: string,
  credentials: Credentials,
  timeLeft: TimeLeft,
): Promise<string> {
  const token = await getToken(domain, credentials, `repository:${repository}:pull,push`, timeLeft)
  const uploads = `https://${domain}/v2/${repository}/blobs/uploads/`
  const started = await request(uploads, {
    method: 'POST',
    headers: { ...bearer(token), 'content-length': '0' },
    timeoutMs: timeLeft(),
  })
  if (started.status !== 202) throw faultOfAnswer(started)
  const { location } = started.headers
  if (typeof location !== 'string') return NOT_CANCELLED
  const upload = icrUrl(location, uploads)
  const cancelled = await request(upload, {
    method: 'DELETE',
    headers: bearer(token),
    timeoutMs: timeLeft(),
  }).then(
    ({ status }) => status,
    () => 0,
  )
  return cancelled === 204 || cancelled === 404 ? '' : NOT_CANCELLED
}

/**
 * Asks whether the pair may pull, by listing tags. IBM's role Writer may pull but not list, so that a refusal
 * counts only if a manifest is refused too.
 *
 * Source of the roles: https://cloud.ibm.com/docs/Registry?topic=Registry-iam
 *
 * @returns a remark for the log, or an empty text
 * @throws Fault if it may not; else as {@link getToken}
 */
export async function checkPull(
  domain: string,
  repository: string,
  credentials: Credentials,
  timeLeft: TimeLeft,
): Promise<string> {
  const token = await getToken(domain, credentials, `repository:${repository}:pull`, timeLeft)
  const ask = (path: string) =>
    request(`https://${domain}/v2/${repository}/${path}`, { headers: bearer(token), timeoutMs: timeLeft() })
  const tags = await ask('tags/list?n=1')
  if (tags.status === 200) return ''
  if (tags.status === 404) return 'it does not exist yet'
  const isRefused = tags.status === 401 || tags.status === 403
  const manifest = isRefused ? await ask('manifests/latest') : tags
  if (manifest.status === 200 || manifest.status === 404) return ''
  throw faultOfAnswer(tags)
}

/**
 * Resolves a URL that the registry names for our next request.
 *
 * @throws Fault unless it is https, on its own port, to `icr.io` or below it: key and token go nowhere else
 */
export function icrUrl(location: string, base: string): URL {
  const url = URL.canParse(location, base) ? new URL(location, base) : undefined
  if (url?.protocol !== 'https:' || url.port !== '' || !isIcrDomain(url.hostname)) {
    throw new Fault('foreign-url', `The registry redirects to ${url?.origin ?? 'an invalid URL'}`)
  }
  url.username = ''
  url.password = ''
  return url
}

/**
 * The parameters of a Bearer challenge, `WWW-Authenticate: Bearer realm="…", service="…"`; values may be
 * quoted or not, and blanks may follow the commas (RFC 9110, section 11). Of several challenges in the header the Bearer
 * one counts, and of a parameter its first value.
 */
export function parseChallenge({ status, headers }: Answer): Record<string, string> | undefined {
  const header = `${headers['www-authenticate'] ?? ''}`.match(/(?:^|,\s*)Bearer\s+(.*)$/i)?.[1]
  if (status !== 401 || header === undefined) return undefined
  const parameters = header.matchAll(/([a-z_]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/gi)
  return Object.fromEntries(
    [...parameters]
      .reverse()
      .map(([, name, quoted, bare]) => [name?.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? bare]),
  )
}
