import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import type { Authority } from './authority.ts'
import { until } from './helpers.ts'

/** A request as the stand-in received it. Contains no secrets. */
export interface SeenRequest {
  /** Time of arrival, in milliseconds since the epoch. */
  readonly at: number
  readonly host: string
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly userAgent: string
  /** The number of the connection, counted over all hosts. */
  readonly connection: number
  /** How credentials were sent: an API key by Basic authentication, a token, or either one in the body. */
  credentials: 'none' | 'basic' | 'bearer' | 'body'
  /** The status of the response. Undefined before the response, and if the connection was reset. */
  status?: number
}

/** What happens instead of, or before, the normal response. */
export type Fault =
  | { status: number; headers?: Record<string, string>; body?: string | object }
  | 'reset'
  /** The connection is closed in the middle of the body. */
  | 'cut'
  | 'hang'
  | { delayMs: number }
  /** Delays the normal response until this is true, for at most a minute. */
  | { when: () => boolean }

export interface Behaviour {
  /** Called for each request before the response. If it returns undefined, the response is normal. */
  fault?: ((request: SeenRequest) => Fault | undefined) | undefined
  /** Latency: delay before each response, in milliseconds. */
  delayMs: number
}

/** Sends the normal response. */
export type Handler = (request: IncomingMessage, response: ServerResponse, seen: SeenRequest) => Promise<void>

export interface Hosts {
  readonly port: number
  stop(): Promise<void>
}

/** Starts the HTTPS server that stands in for all of IBM's hosts. */
export async function startHosts(
  { key, cert }: Authority,
  requests: SeenRequest[],
  behaviour: Behaviour,
  handler: Handler,
): Promise<Hosts> {
  const sockets = new Set<Socket>()
  const connections = new WeakMap<Socket, number>()
  let latest = 0
  // Keeps connections open until the client closes them: a step that waits for the server would never end.
  const server = createServer({ key, cert, keepAliveTimeout: 0 }, async (request, response) => {
    const connection = connections.get(request.socket) ?? ++latest
    connections.set(request.socket, connection)
    const seen = { ...see(request), connection }
    requests.push(seen)
    response.once('finish', () => {
      seen.status = response.statusCode
    })
    const fault = behaviour.fault?.(seen)
    if (fault === 'hang') return
    if (fault === 'reset') return reset(request.socket)
    if (fault === 'cut') {
      request.resume()
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' })
      return response.write('{"token":"', () => request.socket.destroy())
    }
    const delay = behaviour.delayMs + (fault && 'delayMs' in fault ? fault.delayMs : 0)
    if (delay) await sleep(delay)
    if (fault && 'when' in fault) await until(fault.when).catch(() => {})
    if (fault && 'status' in fault) {
      request.resume()
      return answer(response, fault.status, fault.body ?? '', fault.headers)
    }
    await handler(request, response, seen).catch(error => answer(response, 500, String(error)))
  })
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  // Clients that give up or do not trust the authority.
  server.on('tlsClientError', () => {})
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      const closed = new Promise(resolve => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }

  // The socket of a request is the TLS socket; only the TCP socket below it can be reset.
  function reset(secure: Socket): void {
    for (const socket of sockets) if (socket.remotePort === secure.remotePort) socket.resetAndDestroy()
  }
}

function see(request: IncomingMessage): Omit<SeenRequest, 'connection'> {
  const url = new URL(request.url ?? '/', 'https://unused')
  const scheme = request.headers.authorization?.split(' ')[0]?.toLowerCase()
  return {
    at: Date.now(),
    host: request.headers.host ?? '',
    method: request.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    userAgent: request.headers['user-agent'] ?? '',
    credentials: scheme === 'basic' || scheme === 'bearer' ? scheme : 'none',
  }
}

/**
 * Sends a response with a body: a string as is, anything else as JSON. If the request does not say which
 * encodings it accepts, the body is compressed, as a server may do (RFC 9110, section 12.5.3).
 */
export function answer(
  response: ServerResponse,
  status: number,
  body: string | object,
  headers: Record<string, string> = {},
): void {
  const isText = typeof body === 'string'
  const text = isText ? body : JSON.stringify(body)
  const isAnyAccepted = response.req.headers['accept-encoding'] === undefined
  response.writeHead(status, {
    'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json',
    ...(isAnyAccepted ? { 'content-encoding': 'gzip' } : {}),
    ...headers,
  })
  response.end(isAnyAccepted ? gzipSync(text) : text)
}
