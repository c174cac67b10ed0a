import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { createSecureContext, TLSSocket } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { inputs } from '../testbed/helpers.ts'
import { type SeenRequest, startTestbed, type Testbed } from '../testbed/index.ts'

let testbed: Testbed
beforeAll(async () => {
  testbed = await startTestbed()
})
afterAll(() => testbed.stop())
afterEach(() => testbed.tidy())

async function login(client: string, env: Record<string, string> = {}) {
  const job = testbed.newJob({ skips: 'pauses', env })
  const more = client === 'none' ? { 'credentials-file': join(job.temp, 'icr.json') } : {}
  const step = await job.uses(inputs(testbed.credentials(), { client, ...more }))
  return { ...step, attempts: step.log.match(/Retrying/g)?.length ?? 0 }
}

const failure = (topic: string, attempts: number) => ({
  exitCode: 1,
  annotations: [{ kind: 'error', message: expect.stringMatching(new RegExp(`#${topic}$`)) }],
  outputs: {},
  attempts: attempts - 1,
})

const CLIENTS = ['none', 'docker', 'skopeo']

describe('a page in place of the registry', () => {
  const PAGE = '<!DOCTYPE html>\n<html>\n<h1>Web filter</h1>\n<p>Blocked.</p>\n</html>\n'
  type Which = (seen: SeenRequest) => boolean
  const WHICH: [name: string, which: Which][] = [
    ['/v2/', ({ path, credentials }) => path === '/v2/' && credentials === 'none'],
    ['the token', ({ path }) => path === '/oauth/token'],
  ]
  const STATUSES: [status: number, topic: string, attempts: number][] = [
    [404, 'no-challenge', 1],
    [407, 'proxy-login', 1],
    [421, 'no-challenge', 1],
    [451, 'no-challenge', 1],
    [501, 'unavailable', 3],
    [520, 'unavailable', 3],
  ]
  const rows = WHICH.flatMap(([name, which]) =>
    STATUSES.flatMap(([status, topic, attempts]) =>
      CLIENTS.map(client => ({ name, which, status, topic, attempts, client })),
    ),
  )

  test.each(rows)(
    '$status for $name, $client: $topic',
    async ({ which, status, topic, attempts, client }) => {
      testbed.fault(seen => (which(seen) ? { status, body: PAGE } : undefined))
      const step = await login(client)
      expect(step).toMatchObject(failure(topic, attempts))
      expect(step.annotations[0]?.message).not.toContain('html>')
    },
  )

  test.each(CLIENTS)('with 200 for the token, %s: no registry', async client => {
    testbed.fault(({ path }) => (path === '/oauth/token' ? { status: 200, body: { errors: [] } } : undefined))
    expect(await login(client)).toMatchObject(failure('no-challenge', 1))
  })
})

test('a token that only access_token has', async () => {
  let token = ''
  testbed.fault(({ path, credentials }) => {
    if (path === '/oauth/token') {
      token = 'throw-away'
      return { status: 200, body: { token: '', access_token: token } }
    }
    return path === '/v2/' && credentials === 'bearer' ? { status: 200 } : undefined
  })
  expect(await login('none')).toMatchObject({ exitCode: 0, annotations: [] })
  expect(token).not.toBe('')
})

describe('what speaks no HTTPS in place of the registry', () => {
  let proxy: Server
  let peer: (socket: Socket) => void
  beforeAll(async () => {
    proxy = createServer(socket => {
      socket.on('error', () => {})
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        peer(socket)
      })
    })
    await once(proxy.listen(0, '127.0.0.1'), 'listening')
  })
  afterAll(() => void proxy.close())

  const says = (bytes: string | Buffer) => (socket: Socket) => socket.once('data', () => socket.end(bytes))
  const inTls = (text: string) => (socket: Socket) => {
    const secureContext = createSecureContext(testbed.authority)
    const secure = new TLSSocket(socket, { isServer: true, secureContext })
    secure.on('error', () => {}).once('data', () => secure.end(text))
  }
  const alert = (number: number) => says(Buffer.from([21, 3, 3, 0, 2, 2, number]))
  const ROWS: [what: string, peer: (socket: Socket) => void, topic: string, attempts: number][] = [
    ['HTTP', says('HTTP/1.1 400 Bad Request\r\n\r\n'), 'no-challenge', 1],
    ['anything else', says('hello\n'), 'no-challenge', 1],
    ['TLS, then no HTTP', inTls('hello there\r\n\r\n'), 'no-challenge', 1],
    ['TLS, then a header that is none', inTls('HTTP/1.1 200 OK\r\nno header\r\n\r\n'), 'no-challenge', 1],
    ['a firewall that knows the name', alert(112), 'network', 3],
    ['a firewall that denies access', alert(49), 'network', 3],
    ['a server that requires a certificate', alert(116), 'network', 3],
  ]

  test.each(
    ROWS.flatMap(([what, peer, topic, attempts]) =>
      CLIENTS.map(client => ({ what, peer, topic, attempts, client })),
    ),
  )('$what, $client: $topic', async row => {
    peer = row.peer
    const { port } = proxy.address() as AddressInfo
    const step = await login(row.client, { HTTPS_PROXY: `http://127.0.0.1:${port}` })
    expect(step).toMatchObject(failure(row.topic, row.attempts))
    // What was received is shown.
    expect(step.log).not.toMatch(/\(\)|failed: \./)
  })

  // Node drops such a response without an error.
  test('a response that switches protocols is a failure too', async () => {
    peer = inTls('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n')
    const { port } = proxy.address() as AddressInfo
    expect(await login('none', { HTTPS_PROXY: `http://127.0.0.1:${port}` })).toMatchObject(
      failure('no-challenge', 1),
    )
  })

  test.each(CLIENTS)(
    'a proxy that uses no TLS, although its URL says so, %s: the error says so',
    async client => {
      const step = await login(client, { HTTPS_PROXY: testbed.proxy.url.replace('http', 'https') })
      expect(step).toMatchObject(failure('proxy', 3))
      expect(step.annotations[0]?.message).toMatch(
        /\(.*(?:TLS|wrong version).*\).* must start with http:\/\/\.$/m,
      )
    },
  )

  test.each(CLIENTS)('a proxy that is not there, %s: it is named', async client => {
    for (const host of ['127.0.0.1:1', 'proxy.invalid:3128']) {
      const step = await login(client, { HTTPS_PROXY: `http://${host}` })
      expect(step).toMatchObject(failure('proxy', 3))
      expect(step.annotations[0]?.message).toContain(`The proxy ${host} did not connect`)
    }
  })
})
