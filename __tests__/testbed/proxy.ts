import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'

/**
 * What happens to a connection: refused by the proxy (502), reset, left without a response, or opened without
 * anything at its other end.
 */
export type Obstacle = 'refuse' | 'reset' | 'hang' | 'silence'

export interface ConnectProxy {
  /** For HTTPS_PROXY. */
  readonly url: string
  /** The number of connections, by host. */
  readonly connections: Map<string, number>
  /** Sets an obstacle for all further connections to `host`, or removes it. */
  obstruct(host: string, obstacle?: Obstacle): void
  stop(): Promise<void>
}

/** IBM's hosts. For any other host the proxy responds with 502, as if it could not be found. */
const ours = /^(([a-z0-9-]+\.)*icr\.io|(private\.)?iam\.cloud\.ibm\.com):443$/

const OPENED = 'HTTP/1.1 200 Connection established\r\n\r\n'

/** Starts a CONNECT proxy on loopback that routes all of IBM's hosts to the server on `port`. */
export async function startProxy(port: number): Promise<ConnectProxy> {
  const connections = new Map<string, number>()
  const obstacles = new Map<string, Obstacle>()
  const sockets = new Set<Socket>()

  const server = createServer((_request, response) => response.writeHead(502).end())
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('close', () => sockets.delete(socket))
  })
  server.on('connect', (request, client: Socket) => {
    const target = (request.url ?? '').toLowerCase()
    const host = target.replace(/:\d+$/, '')
    connections.set(host, (connections.get(host) ?? 0) + 1)
    const obstacle = obstacles.get(host)
    if (obstacle === 'hang') return
    if (obstacle === 'silence') {
      client.write(OPENED)
      return
    }
    if (obstacle === 'reset') {
      client.resetAndDestroy()
      return
    }
    if (obstacle === 'refuse' || !ours.test(target)) {
      client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
      return
    }
    const upstream = connect({ port, host: '127.0.0.1' }, () => {
      client.write(OPENED)
      client.pipe(upstream).pipe(client)
    })
    sockets.add(upstream)
    // Passes a reset by the server on to the client, unless the client's end is already closing: libuv
    // refuses that, and Node 24 then loops forever.
    upstream.on('error', () => (client.writableEnded ? client.destroy() : client.resetAndDestroy()))
    upstream.once('close', () => {
      sockets.delete(upstream)
      client.destroySoon()
    })
    client.once('close', () => upstream.destroy())
  })

  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections,
    obstruct(host, obstacle) {
      if (obstacle) obstacles.set(host, obstacle)
      else obstacles.delete(host)
    },
    async stop() {
      for (const socket of sockets) socket.destroy()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
