import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { inputs } from '../testbed/helpers.ts'
import { startTestbed, type Testbed } from '../testbed/index.ts'
import { noRoot, testUnless } from '../testbed/needs.ts'
import { nodeBy } from '../testbed/programs.ts'
import { type ConnectProxy, startProxy } from '../testbed/proxy.ts'
import { PROXY_RULES } from '../testbed/proxy-rules.ts'

let testbed: Testbed
beforeAll(async () => {
  testbed = await startTestbed()
})
afterAll(() => testbed.stop())
afterEach(() => testbed.tidy())

const clean = { exitCode: 0, annotations: [] }

describe('the requests of the action take the same route as those of docker and skopeo', () => {
  /**
   * The address of the registry, for steps in which its host name resolves to it. Of this process alone: the
   * tests may run twice at the same time.
   */
  const ADDRESS = `127.77.${(process.pid >> 8) & 255}.${process.pid & 255}`
  let node: string
  let other: ConnectProxy
  let registry: Server
  let connections: number

  beforeAll(async () => {
    if (noRoot) return
    other = await startProxy(testbed.port)
    registry = createServer(socket => {
      connections++
      const upstream = connect(testbed.port, '127.0.0.1')
      socket.pipe(upstream).pipe(socket)
      for (const one of [socket, upstream]) one.on('error', () => {})
    })
    await once(registry.listen(443, ADDRESS), 'listening')
    const hosts = join(testbed.folder, 'hosts')
    writeFileSync(hosts, `${ADDRESS} us.icr.io\n${readFileSync('/etc/hosts', 'utf8')}`)
    node = nodeBy(
      testbed.folder,
      `unshare --mount bash -c 'mount --bind ${hosts} /etc/hosts && exec "$@"' bash`,
    )
  })
  afterAll(async () => {
    registry?.close()
    await other?.stop()
  })

  for (const [variables, way] of PROXY_RULES) {
    testUnless(noRoot)(`${JSON.stringify(variables)}: ${way}`, async () => {
      connections = 0
      other.connections.clear()
      const job = testbed.newJob({ node, env: { HTTPS_PROXY: '' } })
      for (const [name, value] of Object.entries(variables)) {
        job.env[name] = value
          .replace('PROXY', testbed.proxy.url)
          .replace('OTHER', other.url)
          .replace('ADDRESS', ADDRESS)
      }
      const more = { client: 'docker, skopeo', 'check-pull': 'team/app' }
      expect(await job.uses(inputs(testbed.credentials(), more))).toMatchObject(clean)
      const agents = testbed.requests.map(({ userAgent }) => userAgent.match(/^\w+/)?.[0].toLowerCase())
      expect(new Set(agents)).toEqual(new Set(['docker', 'skopeo', undefined]))
      const used = {
        proxy: testbed.proxy.connections.size > 0,
        other: other.connections.size > 0,
        direct: connections > 0,
      }
      expect(used).toEqual({ proxy: false, other: false, direct: false, [way]: true })
      expect(await job.end()).toMatchObject([clean])
    })
  }

  testUnless(noRoot)('an unusable proxy is bypassed if NO_PROXY says so', async () => {
    const job = testbed.newJob({ node, env: { HTTPS_PROXY: 'socks5://127.0.0.1:1', NO_PROXY: 'icr.io' } })
    const more = { client: 'none', 'credentials-file': join(job.temp, 'icr.json') }
    expect(await job.uses(inputs(testbed.credentials(), more))).toMatchObject(clean)
    expect(await job.end()).toMatchObject([clean])
  })
})

test('a proxy whose scheme is in capitals is used by the client and by the action', async () => {
  const job = testbed.newJob({ env: { HTTPS_PROXY: testbed.proxy.url.replace('http', 'HTTP') } })
  const more = { client: 'docker', 'check-pull': 'team/app' }
  expect(await job.uses(inputs(testbed.credentials(), more))).toMatchObject(clean)
  expect(testbed.proxy.connections.get('us.icr.io')).toBeGreaterThan(1)
  expect(await job.end()).toMatchObject([clean])
})

describe('a proxy that the action’s requests cannot use', () => {
  test.each([
    ['HTTPS_PROXY', 'socks5://user:secret-word@127.0.0.1:1'],
    ['https_proxy', 'ftp://user:secret-word@127.0.0.1:1'],
    ['HTTPS_PROXY', 'http://user:secret-word@127.0.0.1:99999'],
    ['HTTPS_PROXY', 'http://user:secret-word@127.0.0.1:1\n'],
  ])('%s=%s: the error names the variable', async (variable, value) => {
    const job = testbed.newJob({ env: { HTTPS_PROXY: '', [variable]: value } })
    const more = { client: 'none', 'credentials-file': join(job.temp, 'icr.json') }
    const step = await job.uses(inputs(testbed.credentials(), more))
    const message = expect.stringMatching(
      new RegExp(
        `^Login to us\\.icr\\.io failed\\. .* cannot use the proxy that ${variable} names .*#proxy-url$`,
        's',
      ),
    )
    expect(step).toMatchObject({ exitCode: 1, annotations: [{ kind: 'error', message }] })
    expect(step.log).not.toContain('secret-word')
    expect(testbed.requests).toEqual([])
    expect(await job.end()).toMatchObject([clean])
  })
})
