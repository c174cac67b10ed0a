import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Authority } from './authority.ts'
import { until } from './helpers.ts'

/** A request as the stand-in saw it. Holds no secret. */
export interface SeenRequest {
  /** When it came: milliseconds since the epoch. */
  readonly at: number
  readonly host: string
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly userAgent: string
  /** Which of all connections it came by. */
  readonly connection: number
  /** How credentials came with it: a key by Basic authentication, a token, or a key or token in the body. */
  credentials: 'none' | 'basic' | 'bearer' | 'body'
  /** The status that was answered; undefined before, and where the connection was cut. */
  status?: number
}

/** Instead of, or before, the normal answer. */
export type Fault =
  | { status: number; headers?: Record<string, string>; body?: string | object }
  | 'reset'
  | 'hang'
  | { delayMs: number }
  /** The normal answer, but not before this holds; after a minute in any case. */
  | { when: () => boolean }

export interface Behaviour {
  /** Asked for each request before it is answered; undefined: the normal answer. */
  fault?: ((request: SeenRequest) => Fault | undefined) | undefined
  /** Pause before every answer, in milliseconds: how far away the host is. */
  delayMs: number
}

/** Gives the normal answer. */
export type Handler = (request: IncomingMessage, response: ServerResponse, seen: SeenRequest) => Promise<void>

export interface Hosts {
  readonly port: number
  stop(): Promise<void>
}

/** Starts the HTTPS server that plays all of IBM's hosts. */
export async function startHosts(
  { key, cert }: Authority,
  requests: SeenRequest[],
  behaviour: Behaviour,
  handler: Handler,
): Promise<Hosts> {
  const sockets = new Set<Socket>()
  const connections = new WeakMap<Socket, number>()
  let latest = 0
  // A connection is open until the client closes it: a step that waited for that would never end.
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
  // Clients that give up, and those that do not trust the authority.
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

  // The socket of a request is TLS; the reset is the business of the TCP connection below it.
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

/** Answers with a body: text as it is, anything else as JSON. */
export function answer(
  response: ServerResponse,
  status: number,
  body: string | object,
  headers: Record<string, string> = {},
): void {
  const isText = typeof body === 'string'
  response.writeHead(status, {
    'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json',
    ...headers,
  })
  response.end(isText ? body : JSON.stringify(body))
}
