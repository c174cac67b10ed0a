import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { REGIONS } from '../../src/ibm/regions.ts'
import { filesWithSecret } from '../testbed/find-secret.ts'
import { inputs, put, read, until } from '../testbed/helpers.ts'
import { startTestbed, type Testbed } from '../testbed/index.ts'
import { repository } from '../testbed/tools.ts'

let testbed: Testbed
let shared: string
beforeAll(async () => {
  testbed = await startTestbed()
})
afterAll(() => testbed.stop())
beforeEach(() => {
  shared = mkdtempSync(join(testbed.folder, 'shared-'))
  mkdirSync(join(shared, 'home'))
  mkdirSync(join(shared, 'runtime'))
})
afterEach(() => testbed.tidy())

const CLIENTS = ['docker', 'podman', 'buildah', 'skopeo', 'docker,podman']
const DOMAINS = [
  ...REGIONS.map(({ domain }) => domain),
  'private.us.icr.io',
  'private.de.icr.io',
  'private.icr.io',
]

/** A job with the shared home and runtime folder. */
const newJob = () =>
  testbed.newJob({ home: join(shared, 'home'), env: { XDG_RUNTIME_DIR: join(shared, 'runtime') } })

const dockerFile = () => join(shared, 'home/.docker/config.json')
const authFile = () => join(shared, 'runtime/containers/auth.json')
const domainsIn = (file: string) => (existsSync(file) ? Object.keys(read(file).auths).sort() : [])

test('16 steps and several docker logins at the same time: nothing is lost', async () => {
  const neighbours = { auths: { 'quay.io': { auth: 'eDp5' } }, HttpHeaders: { 'X-Mine': 'yes' } }
  put(dockerFile(), neighbours)
  // The docker logins end after a step has stored its login, and before any step ends. They overwrite that
  // login. A step cannot restore a login that is overwritten after the step ends.
  const stored = () => domainsIn(dockerFile()).some(domain => DOMAINS.includes(domain))
  let loggedIn = false
  const asked = new Set<string>()
  testbed.fault(({ host, path }) => {
    if (host === 'one.icr.io' && path === '/oauth/token') return { when: stored }
    if (path === '/oauth/token' && DOMAINS.includes(host)) {
      // No login ends before all steps have sent this request.
      asked.add(host)
      return { when: () => asked.size === DOMAINS.length }
    }
    return path.endsWith('/blobs/uploads/') ? { when: () => loggedIn } : undefined
  })
  const credentials = testbed.credentials()
  const steps = DOMAINS.map((domain, index) => {
    const client = CLIENTS[index % CLIENTS.length] as string
    return { domain, client, job: newJob() }
  })
  const finished = steps.map(({ domain, client, job }) =>
    job.uses(inputs(credentials, { region: domain, client, 'check-push': 'team/crowd' })),
  )
  const plain = newJob()
  const others = ['one.icr.io', 'two.icr.io', 'three.icr.io']
  for (const domain of others) {
    const login = await plain.run(
      `printf %s "$KEY" | docker login --username ${credentials.profileId} --password-stdin ${domain}`,
      {
        KEY: credentials.apiKey,
      },
    )
    expect(login.exitCode).toBe(0)
  }
  loggedIn = true
  expect((await Promise.all(finished)).map(({ exitCode }) => exitCode)).toEqual(steps.map(() => 0))

  const expected = (left: typeof steps, client: RegExp) =>
    left.filter(step => client.test(step.client)).map(({ domain }) => domain)
  expect(domainsIn(dockerFile())).toEqual([...expected(steps, /docker/), ...others, 'quay.io'].sort())
  expect(domainsIn(authFile())).toEqual(expected(steps, /podman|buildah|skopeo/).sort())

  const left = [...steps]
  while (left.length > 0) {
    const [ended] = left.splice(5 % left.length, 1)
    expect(await ended?.job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
    expect(domainsIn(dockerFile())).toEqual([...expected(left, /docker/), ...others, 'quay.io'].sort())
    expect(domainsIn(authFile())).toEqual(expected(left, /podman|buildah|skopeo/).sort())
  }
  expect(read(dockerFile())).toMatchObject(neighbours)
  expect(readdirSync(dirname(dockerFile()))).toEqual(['config.json'])
})

test('a docker login that started before the step stored its login, and ended after it: the login is restored', async () => {
  const credentials = testbed.credentials()
  const stored = () => domainsIn(dockerFile()).includes('us.icr.io')
  let damaged = false
  testbed.fault(({ host, path }) => {
    if (host === 'slow.icr.io' && path === '/oauth/token') return { when: stored }
    return path.endsWith('/blobs/uploads/') ? { when: () => damaged } : undefined
  })
  const plain = newJob()
  const login = plain.run(
    `printf %s "$KEY" | docker login --username ${credentials.profileId} --password-stdin slow.icr.io`,
    {
      KEY: credentials.apiKey,
    },
  )
  await until(() =>
    testbed.requests.some(({ host, path }) => host === 'slow.icr.io' && path === '/oauth/token'),
  )
  const job = newJob()
  const step = job.uses(inputs(credentials, { 'check-push': 'team/app' }))
  expect((await login).exitCode).toBe(0)
  // The step's login is overwritten.
  expect(domainsIn(dockerFile())).toEqual(['slow.icr.io'])
  damaged = true
  expect((await step).exitCode).toBe(0)
  expect(domainsIn(dockerFile())).toEqual(['slow.icr.io', 'us.icr.io'])
})

test('a step killed before its first output: the post step does not run as the main step', async () => {
  const job = newJob()
  const started = job.start(inputs(testbed.credentials()))
  started.child.kill('SIGKILL')
  const main = await started.finished
  expect([main.exitCode, main.state]).toEqual([undefined, {}])
  const [post] = await job.end()
  expect([post?.exitCode, post?.raw, post?.state]).toEqual([0, '', {}])
  expect(job.starts).toEqual([])
  expect(existsSync(dockerFile())).toBe(false)
})

test('a step killed at any system call after its undo record: no half-written file, and the post step cleans up', async () => {
  const credentials = testbed.credentials()
  const before = { auths: { 'quay.io': { auth: 'eDp5' }, 'us.icr.io': { auth: 'YTpi' } }, proxies: {} }
  const trace = join(shared, 'trace')
  const kill = async (at: number, when: string): Promise<boolean> => {
    put(dockerFile(), before)
    writeFileSync(trace, '')
    const job = newJob()
    const env = {
      NODE_OPTIONS: `--require ${join(repository, '__tests__/testbed/kill-at.cjs')}`,
      KILL_TRACE: trace,
      KILL_AT: `${at}`,
      KILL_WHEN: when,
    }
    const main = await job.uses(
      inputs(credentials, { client: 'docker,skopeo', region: 'us-south,eu-de' }),
      env,
    )
    // The files are always complete.
    read(dockerFile())
    if (existsSync(authFile())) read(authFile())
    delete job.env.NODE_OPTIONS
    for (const post of await job.end())
      expect({ at, when, post }).toMatchObject({ post: { exitCode: 0, annotations: [] } })
    expect(read(dockerFile())).toEqual(before)
    expect(readdirSync(dirname(dockerFile()))).toEqual(['config.json'])
    expect(readdirSync(join(shared, 'runtime'))).toEqual([])
    expect(filesWithSecret(shared, credentials)).toEqual([])
    expect(readdirSync(job.temp)).toEqual([])
    return main.exitCode === undefined
  }
  let kills = 0
  for (let at = 0; at < 50 && (await kill(at, 'before')) && (await kill(at, 'after')); at++) kills += 2
  expect(kills).toBeGreaterThanOrEqual(30)
  // So the last step was not killed.
  expect(kills).toBeLessThan(100)
  const calls = readFileSync(trace, 'utf8')
  expect(calls.match(/^renameSync .*\.config\.json\./gm)).toHaveLength(1)
  expect(calls.match(/^renameSync .*\.auth\.json\./gm)).toHaveLength(1)
})
