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
 * Stands in for IBM's part of a registry domain, which is tokens and permissions, and forwards allowed
 * requests to the real registry software behind it.
 *
 * @param backend returns the unix socket of the registry software for a domain
 */
export function createIcr(cloud: Cloud, backend: (host: string) => Promise<string>): Handler {
  const tokens = new Map<string, Token>()

  function issueToken(request: IncomingMessage, response: ServerResponse, seen: SeenRequest): void {
    const [user, password] = basicCredentials(request)
    // The statuses and the text of 401 are documented; the text of 400 is not.
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
    // Some of the service's responses have a space after the commas.
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
    // Mounting a blob from another repository requires permission to pull there. If denied, it is uploaded.
    const from = seen.query.get('from')
    if (from && !token.granted.has(`pull ${from}`)) target = seen.path
    await forward(await backend(seen.host), target, request, response)
  }
}

interface Need {
  readonly repository: string
  readonly permission: Permission
  /** As named in a challenge. */
  readonly actions: 'pull' | 'pull,push'
}

/** The permission that a request to the distribution API needs; undefined if it names no repository. */
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

/** Sends an error response in the format of the distribution API. */
function refuse(response: ServerResponse, status: number, message: string, headers = {}): void {
  const code = message === 'insufficient scope' ? 'DENIED' : 'UNAUTHORIZED'
  answer(response, status, { errors: [{ code, message, detail: null }] }, headers)
}

/** Forwards a request and its response. */
async function forward(
  socketPath: string,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { authorization: _, 'transfer-encoding': __, ...headers } = request.headers
  const body = await buffer(request)
  const onward = send({
    // A new connection, because the other side may close a kept-alive one just as it is reused.
    agent: false,
    socketPath,
    path,
    method: request.method ?? '',
    headers: { ...headers, 'content-length': body.length, 'x-forwarded-proto': 'https' },
  })
  // Sent in one piece: the registry responds to a manifest as soon as it has parsed it, and closes the
  // connection. Anything sent after that, such as the end of a chunked body, would cause a broken pipe
  // instead of a response.
  onward.end(body)
  // If it closes the connection even so, after its response, that changes nothing.
  onward.on('error', () => {})
  const [reply] = (await once(onward, 'response')) as [IncomingMessage]
  response.writeHead(reply.statusCode ?? 502, reply.headers)
  await pipeline(reply, response).catch(() => {})
}
