import { execFileSync } from 'node:child_process'
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { ClientName } from '../../src/clients/table.ts'
import { type Credentials, startTestbed, type Testbed } from '../testbed/index.ts'
import { laterSteps } from '../testbed/later-steps.ts'
import { noMounts, testUnless } from '../testbed/needs.ts'
import type { Job } from '../testbed/runner.ts'

let testbed: Testbed
let credentials: Credentials
let job: Job
beforeAll(async () => {
  testbed = await startTestbed({ daemon: true })
})
afterAll(() => testbed.stop())
beforeEach(() => {
  credentials = testbed.credentials()
  job = testbed.newJob()
  job.env.REGISTRY_AUTH_FILE = join(job.home, 'auth.json')
})
afterEach(() => testbed.tidy())

const somebody = { auth: Buffer.from('somebody:else').toString('base64') }
const config = () => join(job.home, '.docker/config.json')
const read = (file: string) => JSON.parse(readFileSync(file, 'utf8'))
const login = (more: Record<string, string> = {}) =>
  job.uses({
    region: 'us-south',
    'profile-id': credentials.profileId,
    'api-key': credentials.apiKey,
    ...more,
  })

function put(file: string, content: object): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, JSON.stringify(content), { mode: 0o600 })
}

/** A credential helper, docker-credential-mine. @returns the folder in which it stores credentials */
function addHelper(): string {
  const kept = join(job.folder, 'kept')
  mkdirSync(kept)
  const script = `#!/bin/sh
cd ${kept}
case $1 in
list) [ -e us.icr.io ] && echo '{"us.icr.io":"user"}' || echo null ;;
store) cat >us.icr.io ;;
get) [ -e us.icr.io ] && cat us.icr.io || { echo 'credentials not found in native keychain'; exit 1; } ;;
erase) rm us.icr.io ;;
esac`
  writeFileSync(join(job.folder, 'bin/docker-credential-mine'), script, { mode: 0o755 })
  return kept
}

test('a helper that lists null, as Go encodes an empty map, is empty', async () => {
  const kept = addHelper()
  put(config(), { credsStore: 'mine' })
  expect(await login()).toMatchObject({ exitCode: 0, annotations: [] })
  expect(readdirSync(kept)).toEqual(['us.icr.io'])
  expect(await laterSteps(job, 'docker').push('us.icr.io/team/null:1')).toMatchObject({ exitCode: 0 })
  expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
  expect(readdirSync(kept)).toEqual([])
})

test('a file that is null, which clients read as empty, gets the login', async () => {
  mkdirSync(dirname(config()))
  writeFileSync(config(), 'null\n')
  expect(await login()).toMatchObject({ exitCode: 0, annotations: [] })
  expect(await laterSteps(job, 'docker').push('us.icr.io/team/null:2')).toMatchObject({ exitCode: 0 })
  expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
  expect(read(config())).toEqual({ auths: {} })
})

test('a file that is not UTF-8 is refused, because some of its bytes would be lost', async () => {
  const before = Buffer.from('{"auths": {}, "detachKeys": "\xe4"}', 'latin1')
  mkdirSync(dirname(config()))
  writeFileSync(config(), before)
  const message = expect.stringMatching(/config\.json: it is not a valid credential file/)
  expect(await login()).toMatchObject({ exitCode: 1, annotations: [{ kind: 'error', message }] })
  expect(readFileSync(config())).toEqual(before)
})

describe('what docker treats as empty is accepted, and kept', () => {
  test.each<[what: string, settings: Record<string, unknown>]>([
    ['an entry that is null', { auths: { 'ghcr.io': null, 'quay.io': somebody } }],
    ['the domain’s entry that is null', { auths: { 'us.icr.io': null } }],
    ['auths that is null', { auths: null }],
    ['helpers that are null', { credHelpers: null, credsStore: null }],
    ['a helper that is null', { credHelpers: { 'ghcr.io': null } }],
    [
      'the domain’s helper that is null: the file itself',
      { credHelpers: { 'us.icr.io': null }, credsStore: 'none' },
    ],
    [
      'the domain’s helper that is empty: the file itself',
      { credHelpers: { 'us.icr.io': '' }, credsStore: 'none' },
    ],
  ])('%s', async (_what, settings) => {
    put(config(), settings)
    expect(await login()).toMatchObject({ exitCode: 0, annotations: [] })
    expect(read(config())).toEqual({
      ...settings,
      auths: { ...(settings.auths as object), 'us.icr.io': { auth: expect.any(String) } },
    })
    expect(await laterSteps(job, 'docker').push('us.icr.io/team/null:1')).toMatchObject({ exitCode: 0 })
    const [isolated, post] = [await login({ isolated: 'true' }), await job.end()]
    expect(isolated.exitCode).toBe(0)
    expect(post.map(({ exitCode }) => exitCode)).toEqual([0, 0])
    const { auths = {}, ...others } = read(config())
    const { auths: before, ...othersBefore } = settings
    expect(others).toEqual(othersBefore)
    expect({ ...(before as object), ...auths }).toEqual({ ...(before as object) })
    expect(Object.values(auths)).not.toContainEqual({ auth: expect.stringMatching(/^UHJvZmlsZ/) })
  })
})

test.each([
  ['empty', ''],
  ['null', null],
])(
  'an auth file with a helper name that is %s: an error, because podman, buildah and skopeo cannot use it',
  async (_what, name) => {
    const settings = { credHelpers: { 'us.icr.io': name } }
    put(join(job.home, 'auth.json'), settings)
    expect(await login({ client: 'skopeo' })).toMatchObject({
      exitCode: 1,
      annotations: [
        {
          kind: 'error',
          message: expect.stringMatching(
            /auth\.json: .* contains an empty name for us\.icr\.io,.*isolated: true/,
          ),
        },
      ],
    })
    expect(read(join(job.home, 'auth.json'))).toEqual(settings)
    expect(await login({ client: 'skopeo', isolated: 'true' })).toMatchObject({ exitCode: 0 })
    expect(await laterSteps(job, 'skopeo').push('us.icr.io/team/empty:1')).toMatchObject({ exitCode: 0 })
  },
)

describe('names that differ only in case, which Go treats as the same', () => {
  const authFile = () => join(job.home, 'auth.json')
  const fileOf = (client: ClientName) => (client === 'docker' ? config() : authFile())

  test.each<[client: ClientName, settings: object]>([
    ['docker', { credSstore: 'mine' }],
    ['docker', { credsStore: 'none', CredHelpers: { 'us.icr.io': 'mine' } }],
    ['docker', { credHelpers: { 'us.icr.io': 'none' }, CREDHELPERS: { 'us.icr.io': 'mine' } }],
    ['skopeo', { credhelpers: { 'us.icr.io': 'mine' } }],
  ])('%s uses the helper in %j', async (client, settings) => {
    const kept = addHelper()
    put(fileOf(client), settings)
    expect(await login({ client })).toMatchObject({ exitCode: 0, annotations: [] })
    expect(readdirSync(kept)).toEqual(['us.icr.io'])
    expect(await laterSteps(job, client).push('us.icr.io/team/case:1')).toMatchObject({ exitCode: 0 })
    expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
    expect(readdirSync(kept)).toEqual([])
    expect(read(fileOf(client))).toEqual(settings)
  })

  test.each<ClientName>(['docker', 'skopeo'])(
    '%s finds the login, and after the post step the earlier ones',
    async client => {
      put(fileOf(client), {
        AUTHS: { 'quay.io': somebody },
        auths: {},
        Auths: { 'us.icr.io': { AUTH: somebody.auth } },
      })
      // docker does not show which login it uses. skopeo does, and reads the files of both.
      const user = async (domain: string) =>
        (await job.run(`skopeo login --authfile ${fileOf(client)} --get-login ${domain}`)).raw.trim()
      expect(await login({ client })).toMatchObject({ exitCode: 0, annotations: [] })
      expect(await user('us.icr.io')).toBe(credentials.profileId)
      expect(await user('quay.io')).toBe('somebody')
      expect(await laterSteps(job, client).push('us.icr.io/team/case:2')).toMatchObject({ exitCode: 0 })
      expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
      expect(await user('us.icr.io')).toBe('somebody')
      expect(await user('quay.io')).toBe('somebody')
    },
  )

  test('docker’s context is used to reach the daemon', async () => {
    await job.run(`docker context create mine --docker host=${job.env.DOCKER_HOST}`)
    delete job.env.DOCKER_HOST
    put(config(), { CurrentContext: 'mine' })
    const before = testbed.requests.length
    expect(await login()).toMatchObject({ exitCode: 0, annotations: [] })
    const agents = testbed.requests.slice(before).map(({ userAgent }) => userAgent)
    // The daemon's user agent contains the client's.
    expect(new Set(agents.map(agent => /UpstreamClient/.test(`${agent}`)))).toEqual(new Set([true]))
  })

  test('DOCKER_AUTH_CONFIG causes a warning', async () => {
    job.env.DOCKER_AUTH_CONFIG = JSON.stringify({ AUTHS: { 'us.icr.io': { AUTH: somebody.auth } } })
    expect((await login()).annotations).toEqual([
      {
        kind: 'warning',
        message: expect.stringMatching(/^DOCKER_AUTH_CONFIG contains a login for us\.icr\.io,/),
      },
    ])
  })
})

describe('another entry that makes docker ignore all logins in the file', () => {
  const authFile = () => join(job.home, 'auth.json')
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  const malformed = {
    exitCode: 1,
    annotations: [
      {
        kind: 'error',
        message: expect.stringMatching(
          `: the entry for ghcr\\.io is malformed .*, so clients may ignore every login in this file\\. .*isolated: true`,
        ),
      },
    ],
  }

  test.each<[what: string, isRead: boolean, entry: object]>([
    ['no fields', true, {}],
    ['an empty auth', true, { auth: '' }],
    ['an auth that is null', true, { auth: null }],
    ['a token instead', true, { identitytoken: 'token' }],
    ['an empty password', true, { auth: base64('user:') }],
    ['line breaks in its auth', true, { auth: `${base64('user:password').replace(/(?<=.{8})/, '\r\n')}\n` }],
    ['an unknown field', true, { ...somebody, since: 2024 }],
    ['an auth without a colon', false, { auth: base64('token') }],
    ['an auth that is not base64', false, { auth: 'user:password' }],
    ['base64 without its padding', false, { auth: base64('user:words').replaceAll('=', '') }],
    ['base64 for URLs', false, { auth: base64('user:???>>>').replaceAll('/', '_') }],
    ['whitespace around its auth', false, { auth: ` ${somebody.auth}` }],
    ['only a line break as auth', false, { auth: '\n' }],
    ['an auth that is a number', false, { auth: 5 }],
    ['an email that is not a string', false, { ...somebody, email: false }],
    ['its auth in another case', false, { AUTH: 'none' }],
  ])(
    'docker, an entry with %s: accepted by docker and by the step, or by neither',
    async (_what, isRead, entry) => {
      put(config(), { auths: { 'quay.io': somebody, 'ghcr.io': entry } })
      const before = readFileSync(config(), 'utf8')
      expect(/WARNING: Error/.test((await job.run('docker context ls')).raw)).toBe(!isRead)
      const step = await login()
      if (!isRead) {
        expect(step).toMatchObject(malformed)
        expect(readFileSync(config(), 'utf8')).toBe(before)
        return
      }
      expect(step).toMatchObject({ exitCode: 0, annotations: [] })
      expect(await laterSteps(job, 'docker').push('us.icr.io/team/entry:1')).toMatchObject({ exitCode: 0 })
    },
  )

  test('isolated: the entry is left out, with a warning', async () => {
    const settings = { auths: { 'quay.io': somebody, 'ghcr.io': { auth: 'none' } }, credHelpers: {} }
    put(config(), settings)
    expect(await login({ isolated: 'true' })).toMatchObject({
      exitCode: 0,
      annotations: [
        { kind: 'warning', message: expect.stringMatching(/: the entry for ghcr\.io is malformed/) },
      ],
    })
    expect(Object.keys(read(join(`${job.env.DOCKER_CONFIG}`, 'config.json')).auths)).toEqual([
      'quay.io',
      'us.icr.io',
    ])
    expect(await laterSteps(job, 'docker').push('us.icr.io/team/entry:2')).toMatchObject({ exitCode: 0 })
    await job.end()
    expect(read(config())).toEqual(settings)
  })

  test('an entry of the same domain is replaced, and restored', async () => {
    const settings = { auths: { 'us.icr.io': { auth: 'none' } } }
    put(config(), settings)
    expect(await login()).toMatchObject({ exitCode: 0, annotations: [] })
    expect(await laterSteps(job, 'docker').push('us.icr.io/team/entry:3')).toMatchObject({ exitCode: 0 })
    expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
    expect(read(config())).toEqual(settings)
  })

  test('a keychain works anyway', async () => {
    addHelper()
    put(config(), { auths: { 'ghcr.io': { auth: 'none' } }, credsStore: 'mine' })
    expect(await login()).toMatchObject({ exitCode: 0, annotations: [] })
    expect(await laterSteps(job, 'docker').push('us.icr.io/team/entry:4')).toMatchObject({ exitCode: 0 })
    expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
  })

  test('skopeo rejects only values that are not strings', async () => {
    put(authFile(), { auths: { 'ghcr.io': { auth: 'none' } } })
    expect(await login({ client: 'skopeo' })).toMatchObject({ exitCode: 0, annotations: [] })
    expect(await laterSteps(job, 'skopeo').push('us.icr.io/team/entry:5')).toMatchObject({ exitCode: 0 })
    put(authFile(), { auths: { 'ghcr.io': { auth: 5 } } })
    expect(await login({ client: 'skopeo' })).toMatchObject(malformed)
    expect(await login({ client: 'skopeo', isolated: 'true' })).toMatchObject({
      exitCode: 0,
      annotations: [
        { kind: 'warning', message: expect.stringMatching(/: the entry for ghcr\.io is malformed/) },
      ],
    })
    expect(await laterSteps(job, 'skopeo').push('us.icr.io/team/entry:6')).toMatchObject({ exitCode: 0 })
  })
})

describe('a setting that makes docker ignore all logins in the file', () => {
  test.each<[isRead: boolean, settings: object]>([
    [true, { psFormat: '{{.ID}}', HttpHeaders: { a: 'b' }, pruneFilters: ['a=b'], somebodys: [5] }],
    [true, { psFormat: null, HttpHeaders: { a: null }, pruneFilters: null, proxies: { default: null } }],
    [
      true,
      { proxies: { default: { httpProxy: 'http://proxy.example' } }, plugins: { scan: { on: 'true' } } },
    ],
    [false, { psFormat: 5 }],
    [false, { PSFORMAT: false }],
    [false, { experimental: true }],
    [false, { HttpHeaders: { a: 5 } }],
    [false, { HttpHeaders: ['a: b'] }],
    [false, { pruneFilters: 'a=b' }],
    [false, { proxies: 'http://proxy.example' }],
    [false, { plugins: { scan: { on: true } } }],
  ])('accepted by docker and by the step: %p, %j', async (isRead, settings) => {
    put(config(), { auths: { 'quay.io': somebody }, ...settings })
    const before = readFileSync(config(), 'utf8')
    expect(/WARNING: Error/.test((await job.run('docker context ls')).raw)).toBe(!isRead)
    const step = await login()
    if (isRead) {
      expect(step).toMatchObject({ exitCode: 0, annotations: [] })
      expect(await laterSteps(job, 'docker').push('us.icr.io/team/setting:1')).toMatchObject({ exitCode: 0 })
      return
    }
    const [name = ''] = Object.keys(settings)
    expect(step.exitCode).toBe(1)
    expect(step.annotations).toEqual([
      {
        kind: 'error',
        message: expect.stringContaining(`${config()}: the value of ${name} has the wrong type`),
      },
    ])
    expect(readFileSync(config(), 'utf8')).toBe(before)

    expect(await login({ isolated: 'true' })).toMatchObject({
      exitCode: 0,
      annotations: [
        { kind: 'warning', message: expect.stringContaining(`the value of ${name} has the wrong type`) },
      ],
    })
    expect(Object.keys(read(join(`${job.env.DOCKER_CONFIG}`, 'config.json')).auths)).toEqual([
      'quay.io',
      'us.icr.io',
    ])
    expect(await laterSteps(job, 'docker').push('us.icr.io/team/setting:2')).toMatchObject({ exitCode: 0 })
  })

  test('a keychain and the other clients work anyway', async () => {
    addHelper()
    put(config(), { credsStore: 'mine', psFormat: 5 })
    job.env.REGISTRY_AUTH_FILE = config()
    expect(await login({ client: 'docker' })).toMatchObject({ exitCode: 0, annotations: [] })
    expect(await laterSteps(job, 'docker').push('us.icr.io/team/setting:3')).toMatchObject({ exitCode: 0 })
    expect(await login({ client: 'skopeo' })).toMatchObject({ exitCode: 0, annotations: [] })
    expect(await laterSteps(job, 'skopeo').push('us.icr.io/team/setting:4')).toMatchObject({ exitCode: 0 })
  })
})

describe('the rest of a file is preserved byte for byte, whatever JSON it is', () => {
  const other = JSON.stringify(somebody)
  test.each<[what: string, before: string, after: (ours: string) => string]>([
    [
      'auths twice, which the clients merge',
      `{"auths": {"quay.io": ${other}}, "auths": {"ghcr.io": ${other}}}`,
      ours => `{"auths": {"quay.io": ${other}}, "auths": {"ghcr.io": ${other},"us.icr.io": ${ours}}}`,
    ],
    [
      'auths twice, the domain in the first one, twice too',
      `{"auths":{"us.icr.io":{"auth":"eDp5"},"us.icr.io":${other}},"AUTHS":{"quay.io":${other},"ghcr.io":${other}}}`,
      ours =>
        `{"auths":{"us.icr.io":{"auth":"eDp5"},"us.icr.io":${ours}},"AUTHS":{"quay.io":${other},"ghcr.io":${other}}}`,
    ],
    [
      'numbers that no double holds, CRLF',
      `{\r\n  "since": 1735689600123456789,\r\n  "auths": {\r\n    "us.icr.io": {"auth": "eDp5", "n": 1e400},\r\n    "quay.io": ${other}, "ghcr.io": ${other}\r\n  }\r\n}\r\n`,
      ours =>
        `{\r\n  "since": 1735689600123456789,\r\n  "auths": {\r\n    "us.icr.io": ${ours},\r\n    "quay.io": ${other}, "ghcr.io": ${other}\r\n  }\r\n}\r\n`,
    ],
  ])('%s', async (_what, before, after) => {
    const { profileId, apiKey } = credentials
    const ours = JSON.stringify({ auth: Buffer.from(`${profileId}:${apiKey}`).toString('base64') })
    const userOf = async (domain: string) =>
      (await job.run(`skopeo login --authfile ${config()} --get-login ${domain}`)).raw.trim()
    mkdirSync(dirname(config()))
    writeFileSync(config(), before)
    expect(await login()).toMatchObject({ exitCode: 0, annotations: [] })
    expect(readFileSync(config(), 'utf8')).toBe(after(ours))
    expect(await laterSteps(job, 'docker').push('us.icr.io/team/letter:1')).toMatchObject({ exitCode: 0 })
    for (const domain of ['quay.io', 'ghcr.io']) expect(await userOf(domain)).toBe('somebody')
    expect(await userOf('us.icr.io')).toBe(profileId)
    expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
    expect(readFileSync(config(), 'utf8')).toBe(before)
  })
})

describe('one file that two clients reach by different paths, because of a bind mount', () => {
  let mounted: string
  beforeEach(() => {
    mounted = join(job.folder, 'mounted')
    for (const folder of [mounted, join(job.home, '.docker')]) mkdirSync(folder)
    execFileSync('mount', ['--bind', join(job.home, '.docker'), mounted])
  })
  afterEach(() => {
    execFileSync('umount', [mounted])
  })

  for (const folder of ['.', 'made/for/it']) {
    testUnless(noMounts)(`in a folder that ${folder === '.' ? 'exists' : 'does not exist'}`, async () => {
      job.env.DOCKER_CONFIG = join(job.home, '.docker', folder)
      job.env.REGISTRY_AUTH_FILE = join(mounted, folder, 'config.json')
      expect(await login({ client: 'docker, skopeo' })).toMatchObject({ exitCode: 0, annotations: [] })
      for (const client of ['docker', 'skopeo'] as const) {
        expect(await laterSteps(job, client).push(`us.icr.io/team/mounted:${client}`)).toMatchObject({
          exitCode: 0,
        })
      }
      expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
      expect(existsSync(join(mounted, folder, 'config.json'))).toBe(false)
      expect(readdirSync(mounted)).toEqual([])
    })
  }

  testUnless(noMounts)('if one path is the credentials-file: an error', async () => {
    put(config(), { auths: { 'us.icr.io': somebody } })
    const file = join(mounted, 'config.json')
    expect(await login({ 'credentials-file': file })).toMatchObject({
      exitCode: 1,
      annotations: [{ kind: 'error', message: expect.stringMatching(/is used by a client of this step/) }],
    })
    expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
    expect(read(file)).toEqual({ auths: { 'us.icr.io': somebody } })
  })
})

// Older versions of these clients look there during a login, too.
describe('files that podman, buildah and skopeo do not need do not matter to them', () => {
  const containersFile = () => join(job.home, '.config/containers/auth.json')
  test.each<[what: string, text: string, file: () => string]>([
    ['docker’s, with a byte order mark', '\ufeff{"auths": {}}', config],
    [
      'docker’s, with an identity token of the domain',
      JSON.stringify({ auths: { 'us.icr.io': { ...somebody, identitytoken: 'a' } } }),
      config,
    ],
    [
      'docker’s, with a helper that is not installed',
      JSON.stringify({ credHelpers: { 'us.icr.io': 'absent' } }),
      config,
    ],
    ['their own in the home folder, if it is empty', '', containersFile],
  ])('%s', async (_what, text, other) => {
    mkdirSync(dirname(other()), { recursive: true })
    writeFileSync(other(), text)
    expect(await login({ client: 'podman, buildah, skopeo' })).toMatchObject({ exitCode: 0, annotations: [] })
    for (const client of ['podman', 'buildah', 'skopeo'] as const) {
      const pushed = await laterSteps(job, client).push(`us.icr.io/team/docker:${client}`)
      expect(pushed).toMatchObject({ exitCode: 0 })
    }
    expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
    expect(readFileSync(other(), 'utf8')).toBe(text)
    expect(existsSync(join(job.home, 'auth.json'))).toBe(false)
  })
})

test('two hard links count as two files: both get the login', async () => {
  put(config(), { auths: { 'quay.io': somebody } })
  linkSync(config(), join(job.home, 'auth.json'))
  expect(await login({ client: 'docker, skopeo' })).toMatchObject({ exitCode: 0, annotations: [] })
  for (const file of [config(), join(job.home, 'auth.json')])
    expect(Object.keys(read(file).auths)).toEqual(['quay.io', 'us.icr.io'])
})
