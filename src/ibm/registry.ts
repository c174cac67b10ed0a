import { basicAuth, type Credentials } from '../credentials.ts'
import { Fault } from '../fault.ts'
import { parseJson } from '../json.ts'
import { faultOfAnswer } from './answer.ts'
import { type Answer, request } from './http.ts'
import { isIcrDomain } from './regions.ts'

/** How long one request may take at this moment, in milliseconds. */
export type TimeLeft = () => number

/**
 * Gets a token as the clients do: reads the challenge of `/v2/`, then sends the credentials to its realm with
 * HTTP Basic. Without a scope, this is all that a login does.
 *
 * Source: https://distribution.github.io/distribution/spec/auth/token
 *
 * @param domain the registry domain
 * @param scope `repository:NAME:ACTIONS`; undefined for a login
 * @throws Fault if the registry refuses, if the host is not a registry, if the realm is not part of ICR, or
 * for network errors
 */
export async function getToken(
  domain: string,
  credentials: Credentials,
  scope: string | undefined,
  timeLeft: TimeLeft,
): Promise<string> {
  const challenged = await ask(`https://${domain}/v2/`, timeLeft)
  const challenge = parseChallenge(challenged)
  if (challenge?.realm === undefined) {
    if (isRefusal(challenged)) throw faultOfAnswer(challenged)
    throw new Fault('no-challenge', `No authentication challenge at /v2/ (HTTP ${challenged.status})`)
  }

  const url = icrUrl(challenge.realm, `https://${domain}/v2/`)
  if (challenge.service !== undefined) url.searchParams.set('service', challenge.service)
  url.searchParams.set('account', credentials.username)
  if (scope !== undefined) url.searchParams.set('scope', scope)
  const answer = await ask(url, timeLeft, `Basic ${basicAuth(credentials)}`)
  const { token, access_token } = answer.status === 200 ? parseJson(answer.body) : {}
  const issued = token || access_token
  if (typeof issued === 'string' && issued !== '') return issued
  if (isRefusal(answer) || answer.status === 400 || answer.status === 401) throw faultOfAnswer(answer)
  // The body is not quoted: a response with status 200 may contain a secret.
  throw new Fault('no-challenge', `The token endpoint returned no token (HTTP ${answer.status})`)
}

/** Whether a registry, or a proxy in front of it, may refuse any request with this response. */
function isRefusal({ status }: Answer): boolean {
  return [403, 407, 408, 429].includes(status) || status >= 500
}

/** Logs in without a client: gets a token and sends it to `/v2/`. Throws as {@link getToken} does. */
export async function proveLogin(
  domain: string,
  credentials: Credentials,
  timeLeft: TimeLeft,
): Promise<void> {
  const token = await getToken(domain, credentials, undefined, timeLeft)
  const answer = await ask(`https://${domain}/v2/`, timeLeft, `Bearer ${token}`)
  if (answer.status !== 200) throw faultOfAnswer(answer)
}

function ask(url: URL | string, timeLeft: TimeLeft, authorization?: string, method = 'GET'): Promise<Answer> {
  const headers = authorization === undefined ? {} : { authorization }
  return request(url, { method, headers, timeoutMs: timeLeft() })
}

const NOT_CANCELED = 'the empty upload could not be canceled; the registry discards it later'

/**
 * Checks for permission to push by starting an upload and canceling it, which leaves nothing behind.
 *
 * Source: https://github.com/opencontainers/distribution-spec, "Pushing a blob in chunks"
 *
 * @returns a remark for the log; may be empty
 * @throws Fault if permission is denied, and as {@link getToken}
 */
export async function checkPush(
  domain: string,
  repository: string,
  credentials: Credentials,
  timeLeft: TimeLeft,
): Promise<string> {
  const token = await getToken(domain, credentials, `repository:${repository}:pull,push`, timeLeft)
  const uploads = `https://${domain}/v2/${repository}/blobs/uploads/`
  const started = await ask(uploads, timeLeft, `Bearer ${token}`, 'POST')
  if (started.status !== 202) throw faultOfAnswer(started)
  const { location } = started.headers
  if (typeof location !== 'string') return NOT_CANCELED
  const upload = icrUrl(location, uploads)
  const canceled = await ask(upload, timeLeft, `Bearer ${token}`, 'DELETE').then(
    ({ status }) => status,
    () => 0,
  )
  return canceled === 204 || canceled === 404 ? '' : NOT_CANCELED
}

/**
 * Checks for permission to pull by listing tags. IBM's role Writer allows pulling but not listing, so
 * permission is denied only if a manifest is refused as well.
 *
 * Source for the roles: https://cloud.ibm.com/docs/Registry?topic=Registry-iam
 *
 * @returns a remark for the log; may be empty
 * @throws Fault if permission is denied, and as {@link getToken}
 */
export async function checkPull(
  domain: string,
  repository: string,
  credentials: Credentials,
  timeLeft: TimeLeft,
): Promise<string> {
  const token = await getToken(domain, credentials, `repository:${repository}:pull`, timeLeft)
  const read = (path: string) =>
    ask(`https://${domain}/v2/${repository}/${path}`, timeLeft, `Bearer ${token}`)
  const tags = await read('tags/list?n=1')
  if (tags.status === 200) return ''
  if (tags.status === 404) return 'the repository does not exist yet'
  const isRefused = tags.status === 401 || tags.status === 403
  const manifest = isRefused ? await read('manifests/latest') : tags
  if (manifest.status === 200 || manifest.status === 404) return ''
  throw faultOfAnswer(tags)
}

/**
 * Resolves a URL that the registry gives for the next request.
 *
 * @throws Fault unless it is https on the default port to `icr.io` or a subdomain, so that the API key and
 * tokens are sent nowhere else
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
 * Parses the parameters of a Bearer challenge, `WWW-Authenticate: Bearer realm="…", service="…"`. Values may
 * be quoted or not, and commas may be followed by whitespace (RFC 9110, section 11). Of several challenges,
 * the Bearer one is used; of a repeated parameter, the first value.
 *
 * @returns undefined if the response is not a Bearer challenge
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
