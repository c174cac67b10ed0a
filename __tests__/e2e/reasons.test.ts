import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { newApiKey } from '../testbed/cloud.ts'
import { filesWithSecret, holdsSecret } from '../testbed/find-secret.ts'
import { type Credentials, startTestbed, type Testbed } from '../testbed/index.ts'
import { Job, type StepResult } from '../testbed/runner.ts'

let testbed: Testbed
let credentials: Credentials
let job: Job
beforeAll(async () => {
  testbed = await startTestbed()
})
afterAll(() => testbed.stop())
beforeEach(() => {
  credentials = testbed.credentials()
  testbed.requests.length = 0
  job = new Job({ env: { ...testbed.env, XDG_RUNTIME_DIR: testbed.folder } })
})
afterEach(() => {
  testbed.fault()
  job.remove()
})

/** A step with a client, or with `none`. */
function login(client: string, more: Record<string, string> = {}, env = {}): Promise<StepResult> {
  const { profileId, apiKey } = credentials
  const file = client === 'none' ? { 'credentials-file': join(job.temp, 'icr.json') } : {}
  return job.uses(
    { region: 'us-south', 'profile-id': profileId, 'api-key': apiKey, client, ...file, ...more },
    env,
  )
}

/** Puts a program into the job's PATH, be it in a client's place. */
function program(name: string, script: string): void {
  writeFileSync(join(job.folder, 'bin', name), `#!/bin/bash\n${script}\n`, { mode: 0o755 })
}

function dockerSettings(settings: object): void {
  mkdirSync(join(job.home, '.docker'), { recursive: true })
  writeFileSync(join(job.home, '.docker/config.json'), JSON.stringify(settings))
}

const requestsTo = (path: string) => testbed.requests.filter(request => request.path === path)
const oneError = (message: unknown) => ({ exitCode: 1, annotations: [{ kind: 'error', message }] })
const summaries = () =>
  readdirSync(job.folder)
    .filter(name => name.startsWith('step-'))
    .map(name => readFileSync(join(job.folder, name, 'summary'), 'utf8'))
    .join('')

async function expectNothingLeft(): Promise<void> {
  expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
  expect(filesWithSecret(job.folder, credentials)).toEqual([])
}

/** IAM knows the key, which the registry refuses, and answers with this IAM ID and these profiles. */
function iamKnows(iamId: unknown, profiles: unknown[]): void {
  credentials = { ...credentials, apiKey: newApiKey() }
  const claims = Buffer.from(JSON.stringify({ iam_id: iamId })).toString('base64url')
  testbed.fault(({ path }) => {
    if (path === '/identity/token') return { status: 200, body: { access_token: `e.${claims}.s` } }
    return path === '/identity/profiles' ? { status: 200, body: { profiles } } : undefined
  })
}

/**
 * The names of the commands that the runner would carry out: it looks for `::` at the begin of a line, after blanks or
 * none, and then for `##[` anywhere in it (src/Runner.Common/ActionCommand.cs of https://github.com/actions/runner).
 */
function commandsIn({ raw }: StepResult): string[] {
  return raw
    .split(/\r\n|\r|\n/)
    .map(line => line.match(/^\s*::(\w[\w-]*)/) ?? line.match(/##\[(\w[\w-]*)/))
    .flatMap(command => command?.[1] ?? [])
    .filter(name => name !== 'add-mask')
}

describe('what others say is carried out by no runner', () => {
  const LINES = [
    'some words',
    '::warning::not ours',
    ' \t::set-output name=registry::evil.example',
    '::endgroup::',
    'x ##[add-mask]e',
  ]
  /** The last line alone is what is said of an attempt that is repeated. */
  const LAST = ['::error::not ours', 'y ##[set-output name=registry;]evil.example']
  const SAID = ['\n', '\r\n', '\r'].flatMap(end => LAST.map(last => [...LINES, last].join(end)))

  /** It failed twice, the first time in passing, and is quoted after both. */
  function expectQuoted(step: StepResult): void {
    expect(step).toMatchObject(oneError(expect.stringContaining('one that this action does not know')))
    expect(commandsIn(step)).toEqual(['error', 'group', 'endgroup'])
    expect(step.log).toMatch(/ failed: .*\. Trying again in .* \(2 of 3\)\.$/m)
    expect(step.log).toMatch(/^\| .*::warning::not ours$/m)
    expect(step.outputs).toEqual({})
  }

  test.each(SAID)('a client: %j', async said => {
    const seen = join(job.folder, 'seen')
    writeFileSync(join(job.folder, 'said'), said)
    program(
      'podman',
      `[ -e ${seen} ] || { touch ${seen}; echo 'HTTP status: 503'; }; cat ${job.folder}/said; exit 1`,
    )
    expectQuoted(await login('podman'))
  })

  test.each(SAID)('the registry: %j', async message => {
    let asked = 0
    testbed.fault(({ path }) =>
      path === '/oauth/token'
        ? { status: asked++ === 0 ? 503 : 418, body: { errors: [{ message }] } }
        : undefined,
    )
    expectQuoted(await login('none'))
  })

  test.each(SAID)('IAM: %j', async errorMessage => {
    credentials = { ...credentials, apiKey: newApiKey() }
    testbed.fault(({ path }) =>
      path === '/identity/token'
        ? { status: 400, body: { errorCode: 'BXNIM9999E', errorMessage } }
        : undefined,
    )
    const step = await login('none')
    expect(step).toMatchObject(oneError(expect.stringContaining('::warning::not ours')))
    expect(commandsIn(step)).toEqual(['error', 'group', 'endgroup'])
  })

  test.each(SAID)('a credential helper, in main and in post: %j', async said => {
    writeFileSync(join(job.folder, 'said'), said)
    program(
      'docker-credential-mine',
      `[ ! -e ${job.folder}/locked ] || { cat ${job.folder}/said; exit 1; }; [ "$1" != list ] || echo '{}'`,
    )
    dockerSettings({ credsStore: 'mine' })
    expect(await login('docker')).toMatchObject({ exitCode: 0, annotations: [] })
    writeFileSync(join(job.folder, 'locked'), '')
    const step = await login('docker')
    expect(step).toMatchObject(oneError(expect.stringContaining('::warning::not ours')))
    expect(commandsIn(step)).toEqual(['error'])
    const posts = await job.end()
    expect(posts.flatMap(commandsIn)).toEqual(['warning'])
    expect(posts[1]?.annotations).toMatchObject([{ message: expect.stringContaining('::warning::not ours') }])
  })
})

describe('an ID of IAM’s that a shell would not take as it is', () => {
  const ODD = [
    '$(very-odd)',
    'very-odd; id',
    '`very-odd`',
    'very-odd\n::warning::id',
    'very-odd\r##[error]id',
    'very-oddï',
    'very-odd'.padEnd(101, '0'),
    '',
    7,
    null,
  ]

  function expectNotShown(step: StepResult): void {
    expect(commandsIn(step)).toEqual(['error', 'group', 'endgroup'])
    expect(step.raw + summaries()).not.toContain('very-odd')
  }

  test.each(ODD)('for the key: %j is left out, and nothing else', async odd => {
    const id = typeof odd === 'string' && odd !== '' ? `iam-ServiceId-${odd}` : odd
    iamKnows(id, [{ id: 'Profile-1' }, { id: 'Profile-2' }])
    const step = await login('none')
    expect(step).toMatchObject(
      oneError(
        expect.stringMatching(
          /does not trust its service ID, or does not exist\. Profiles that do trust it: Profile-1, Profile-2\..* --id SERVICE_ID --id-type SERVICEID\n/s,
        ),
      ),
    )
    expectNotShown(step)
  })

  test.each(ODD)('for a profile: with %j in it the list tells nothing', async odd => {
    iamKnows('iam-ServiceId-1', [{ id: 'Profile-1' }, { id: odd }])
    const step = await login('none')
    expect(step).toMatchObject(
      oneError(
        expect.stringMatching(
          /^Login to us\.icr\.io failed\. The API key is good \(iam-ServiceId-1\), .* IAM could not be asked whether/,
        ),
      ),
    )
    expectNotShown(step)
  })
})

describe('each reason, from where it comes about', () => {
  test.each(['none', 'skopeo'])('users-key: a key of a user’s, with %s', async client => {
    iamKnows('IBMid-310000ABCD', [{ id: credentials.profileId }])
    const step = await login(client)
    expect(step).toMatchObject(
      oneError(
        expect.stringMatching(
          /^Login to us\.icr\.io failed.* The API key belongs to a user \(IBMid-310000ABCD\)\. .*#users-key$/s,
        ),
      ),
    )
    // Which profiles trust a user says nothing about the login.
    expect(requestsTo('/identity/profiles')).toEqual([])
    await expectNothingLeft()
  })

  test.each<[what: string, env: Record<string, string>, settings: object, says: RegExp]>([
    ['a context that is gone', {}, { currentContext: 'gone' }, /context.*gone/],
    [
      'certificates that are missing',
      { DOCKER_HOST: 'tcp://127.0.0.1:1', DOCKER_TLS_VERIFY: '1' },
      {},
      /ca\.pem/,
    ],
  ])('daemon: docker with %s', async (_what, env, settings, says) => {
    dockerSettings(settings)
    const step = await login('docker', {}, env)
    expect(step).toMatchObject(
      oneError(
        expect.stringMatching(
          /^Login to us\.icr\.io failed \(docker\)\. docker could not reach its daemon \(.*#daemon$/s,
        ),
      ),
    )
    expect(step.annotations[0]?.message).toMatch(says)
    expect(job.starts).toHaveLength(1)
    expect(testbed.requests).toEqual([])
    await expectNothingLeft()
    const config = readFileSync(join(job.home, '.docker/config.json'), 'utf8')
    expect(JSON.parse(config)).toEqual(settings)
  })

  // In the clients' words: a machine that gives no namespace is not to be had everywhere.
  test.each([
    ['podman', 'cannot clone: Operation not permitted\nError: cannot re-exec process'],
    ['buildah', 'Error during unshare(CLONE_NEWUSER): Operation not permitted'],
  ])('no-user-namespace: %s', async (client, says) => {
    program(client, `echo "${says}" >&2; exit 125`)
    expect(await login(client)).toMatchObject(
      oneError(
        expect.stringMatching(
          new RegExp(
            `^Login to us\\.icr\\.io failed \\(${client}\\)\\. The client runs without root, for which it needs a user namespace, .*#no-user-namespace$`,
            's',
          ),
        ),
      ),
    )
    expect(testbed.requests).toEqual([])
    await expectNothingLeft()
  })

  describe('proxy-login', () => {
    const sockets = new Set<Socket>()
    /** A proxy that wants a user name and a password, and then leads to the test bed's. */
    const proxy = createServer()
    let host: string
    beforeAll(async () => {
      const expected = `Basic ${Buffer.from('user:pass-word').toString('base64')}`
      proxy.on('connect', ({ url, headers }, client: Socket) => {
        const behind = headers['proxy-authorization'] === expected
        sockets.add(client.on('error', () => {}))
        if (!behind) {
          const challenge = 'Proxy-Authenticate: Basic realm="proxy"'
          client.end(`HTTP/1.1 407 Proxy Authentication Required\r\n${challenge}\r\n\r\n`)
          return
        }
        const upstream = connect({ port: Number(new URL(testbed.proxy.url).port), host: '127.0.0.1' })
        sockets.add(upstream.on('error', () => client.destroy()))
        upstream.write(`CONNECT ${url} HTTP/1.1\r\nHost: ${url}\r\n\r\n`)
        client.pipe(upstream).pipe(client)
      })
      await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve))
      host = `127.0.0.1:${(proxy.address() as AddressInfo).port}`
    })
    afterAll(() => {
      for (const socket of sockets) socket.destroy()
      proxy.close()
    })

    test.each(['docker', 'buildah', 'podman', 'skopeo', 'none'])('%s', async client => {
      job.env.HTTPS_PROXY = `http://${host}`
      const step = await login(client)
      expect(step).toMatchObject(
        oneError(
          expect.stringMatching(
            new RegExp(
              `^Login to us\\.icr\\.io failed.* The proxy ${host} wants a user name and a password\\. .*#proxy-login$`,
              's',
            ),
          ),
        ),
      )
      expect(job.starts).toHaveLength(client === 'none' ? 0 : 1)
      await expectNothingLeft()

      // What the error says to do.
      job.env.HTTPS_PROXY = `http://user:pass-word@${host}`
      expect(await login(client)).toMatchObject({ exitCode: 0, annotations: [] })
      await expectNothingLeft()
    })
  })

  test.each([
    ['a login', {}, /^Login to us\.icr\.io failed\. /],
    ['a check', { 'check-pull': 'team/app' }, /^check-pull of us\.icr\.io\/team\/app failed\. /],
  ])('throttled: %s', async (what, more, heading) => {
    const isIt = ({ path, query }: (typeof testbed.requests)[number]) =>
      path === '/oauth/token' && query.has('scope') === (what === 'a check')
    testbed.fault(seen => (isIt(seen) ? { status: 429, body: 'slow down' } : undefined))
    const step = await login('none', more)
    expect(step).toMatchObject(oneError(expect.stringMatching(heading)))
    expect(step.annotations[0]?.message).toMatch(/ asked to slow down \(429\).*#throttled$/s)
    expect(testbed.requests.filter(isIt)).toHaveLength(3)
    await expectNothingLeft()
  })
})

describe('what nobody has foreseen is told as a defect, once, and without the key', () => {
  // A runner whose files are gone: nothing of this that somebody could mend.
  const missing = (name: string) => ({ [name]: '/no/such/file' })
  const defect = /^icr-login stopped on a defect of its own\. Please report it: Error: .*\/no\/such\/file/

  test.each(['docker', 'none'])('after %s has logged in: the login goes all the same', async client => {
    const step = await login(client, {}, missing('GITHUB_OUTPUT'))
    expect(step).toMatchObject(oneError(expect.stringMatching(defect)))
    expect(commandsIn(step).filter(name => name !== 'debug')).toEqual(['error'])
    expect(holdsSecret(step.log, credentials)).toBe(false)
    expect(filesWithSecret(job.folder, credentials)).toHaveLength(1)
    await expectNothingLeft()
  })

  test('before anything: nothing is run or written', async () => {
    const step = await login('docker', {}, missing('GITHUB_STATE'))
    expect(step).toMatchObject(oneError(expect.stringMatching(defect)))
    expect(holdsSecret(step.raw, credentials)).toBe(false)
    expect(job.starts).toEqual([])
    expect(testbed.requests).toEqual([])
    expect([...readdirSync(job.temp), ...readdirSync(job.home)]).toEqual([])
    await expectNothingLeft()
  })

  test('where it is thrown is told with debug logging', async () => {
    job.remove()
    job = new Job({ env: testbed.env, debug: true })
    const step = await login('docker', {}, missing('GITHUB_OUTPUT'))
    expect(step).toMatchObject(oneError(expect.stringMatching(defect)))
    expect(step.log).toMatch(/^##\[debug\]Error: .*\/no\/such\/file\n {4}at /m)
    await expectNothingLeft()
  })
})
