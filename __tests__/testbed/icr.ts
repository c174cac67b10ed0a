import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type IncomingMessage, type ServerResponse, request as send } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import type { Cloud, Permission } from './cloud.ts'
import { answer, type Handler, type SeenRequest } from './host.ts'

interface Token {
  readonly host: string
  /** `<permission> <repository>` */
  readonly granted: Set<string>
}

/**
 * Plays the part of a registry domain that is IBM's own, tokens and permissions, and forwards what is allowed
 * to the real registry software behind it.
 *
 * @param backend gives the unix socket of the registry software that serves a domain
 */
export function createIcr(cloud: Cloud, backend: (host: string) => Promise<string>): Handler {
  const tokens = new Map<string, Token>()

  function issueToken(request: IncomingMessage, response: ServerResponse, seen: SeenRequest): void {
    const [user, password] = basicCredentials(request)
    // The statuses are documented, and the text of 401; the text of 400 is not.
    const verdict = cloud.judge(user, password)
    if (verdict === 'unknown key')
      return refuse(
        response,
        401,
        'The login credentials are not valid, or your IBM Cloud account is not active.',
      )
    if (verdict === 'no trust') return refuse(response, 400, 'The login credentials are not valid.')
    const granted = new Set<string>()
    for (const scope of seen.query.getAll('scope').flatMap(list => list.split(' '))) {
      const [, repository, actions] = scope.match(/^repository:([^:]+):([a-z,*]+)$/) ?? []
      if (!repository || !actions) continue
      for (const action of actions.split(',')) {
        if (
          (action === 'pull' || action === 'push') &&
          cloud.allows(cloud.profileOf(user, password) ?? '', action, repository)
        )
          granted.add(`${action} ${repository}`)
      }
    }
    const token = randomBytes(48).toString('base64url')
    tokens.set(token, { host: seen.host, granted })
    answer(response, 200, {
      token,
      access_token: token,
      expires_in: 3600,
      issued_at: new Date().toISOString(),
    })
  }

  function challenge(response: ServerResponse, { host }: SeenRequest, needed?: Need): void {
    // Some of the service's answers have a blank after the commas.
    const fields = [`realm="https://${host}/oauth/token"`, 'service="registry"']
    if (needed) fields.push(`scope="repository:${needed.repository}:${needed.actions}"`)
    const error = needed ? ', error="insufficient_scope"' : ''
    refuse(response, 401, needed ? 'insufficient scope' : 'authentication required', {
      'www-authenticate': `Bearer ${fields.join(', ')}${error}`,
      'docker-distribution-api-version': 'registry/2.0',
    })
  }

  return async (request, response, seen) => {
    if (seen.path === '/oauth/token' && seen.method === 'GET') return issueToken(request, response, seen)
    if (!seen.path.startsWith('/v2/')) return answer(response, 404, 'Not found')

    const token = tokens.get(request.headers.authorization?.replace(/^Bearer /, '') ?? '')
    const needed = need(seen)
    if (!token || token.host !== seen.host) return challenge(response, seen, needed)
    if (!needed) {
      if (seen.path === '/v2/') return answer(response, 200, {})
      return answer(response, 404, 'Not found')
    }
    if (!token.granted.has(`${needed.permission} ${needed.repository}`))
      return challenge(response, seen, needed)
    let target = request.url ?? ''
    // A blob is mounted from another repository only for who may pull there; for others it is a common upload.
    const from = seen.query.get('from')
    if (from && !token.granted.has(`pull ${from}`)) target = seen.path
    await forward(await backend(seen.host), target, request, response)
  }
}

interface Need {
  readonly repository: string
  readonly permission: Permission
  /** In a challenge's words. */
  readonly actions: 'pull' | 'pull,push'
}

/** What a request to the distribution API needs; undefined where it names no repository. */
function need({ method, path }: SeenRequest): Need | undefined {
  const [, repository] = path.match(/^\/v2\/(.+)\/(?:manifests|blobs|tags|referrers)\//) ?? []
  if (!repository) return undefined
  return method === 'GET' || method === 'HEAD'
    ? { repository, permission: 'pull', actions: 'pull' }
    : { repository, permission: 'push', actions: 'pull,push' }
}

function basicCredentials(request: IncomingMessage): [user: string, password: string] {
  const encoded = request.headers.authorization?.match(/^Basic (.+)$/)?.[1] ?? ''
  const text = Buffer.from(encoded, 'base64').toString()
  const colon = text.indexOf(':')
  return colon < 0 ? ['', ''] : [text.slice(0, colon), text.slice(colon + 1)]
}

/** Answers in the distribution API's form of an error. */
function refuse(response: ServerResponse, status: number, message: string, headers = {}): void {
  const code = message === 'insufficient scope' ? 'DENIED' : 'UNAUTHORIZED'
  answer(response, status, { errors: [{ code, message, detail: null }] }, headers)
}

/** Hands a request on, and its answer back. */
async function forward(
  socketPath: string,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { authorization: _, 'transfer-encoding': __, ...headers } = request.headers
  const body = await buffer(request)
  const onward = send({
    // A connection of its own: one that was kept may be closed by the other side just as it is used again.
    agent: false,
    socketPath,
    path,
    method: request.method ?? '',
    headers: { ...headers, 'content-length': body.length, 'x-forwarded-proto': 'https' },
  })
  // In one piece: the registry answers a manifest as soon as it has understood it, and hangs up. What came after
  // that, be it the end mark of a body in pieces, would be a broken pipe in the place of its answer.
  onward.end(body)
  const [reply] = (await once(onward, 'response')) as [IncomingMessage]
  response.writeHead(reply.statusCode ?? 502, reply.headers)
  await pipeline(reply, response).catch(() => {})
}
