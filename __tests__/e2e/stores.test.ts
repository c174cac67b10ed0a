import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { addHelper } from '../testbed/credential-helper.ts'
import { filesWithSecret } from '../testbed/find-secret.ts'
import { entryOf, inputs, put, read, somebody, until } from '../testbed/helpers.ts'
import { type Credentials, startTestbed, type Testbed } from '../testbed/index.ts'
import { laterSteps } from '../testbed/later-steps.ts'
import { noFilters, noNextDebian, noRoot, noUserNamespace, refusing, testUnless } from '../testbed/needs.ts'
import { processesNaming } from '../testbed/processes.ts'
import { NOBODY, nodeBy } from '../testbed/programs.ts'
import type { Job } from '../testbed/runner.ts'
import { repository } from '../testbed/tools.ts'

let testbed: Testbed
let credentials: Credentials
let job: Job
beforeAll(async () => {
  testbed = await startTestbed()
})
afterAll(() => testbed.stop())
beforeEach(() => {
  credentials = testbed.credentials()
  job = testbed.newJob()
})
afterEach(() => testbed.tidy())

const entry = () => entryOf(credentials)
const loginOf = async (client: string, domain = 'us.icr.io') =>
  (await job.run(`${client} login --get-login ${domain} 2>&1`)).log.trim().split('\n').at(-1)
const skopeoPush = () => laterSteps(job, 'skopeo').push('us.icr.io/team/stores:1')

describe('an existing config.json', () => {
  const config = {
    auths: { 'us.icr.io': somebody, 'quay.io': somebody, 'https://us.icr.io': somebody },
    HttpHeaders: { 'X-Mine': 'yes' },
    credHelpers: { 'gcr.io': 'gcloud' },
    proxies: { default: { httpsProxy: 'http://proxy.example:3128' } },
    'something.new': { kept: [1, 2, { three: 3 }] },
  }

  test('keeps everything else, and its earlier entry is restored', async () => {
    const file = join(job.home, '.docker/config.json')
    const before = put(file, config, 0o644)
    expect(await job.uses(inputs(credentials))).toMatchObject({ exitCode: 0, annotations: [] })
    expect(read(file)).toEqual({ ...config, auths: { ...config.auths, 'us.icr.io': entry() } })
    // Its mode, but without access for others.
    expect(statSync(file).mode & 0o777).toBe(0o640)
    await job.end()
    expect(readFileSync(file, 'utf8')).toBe(before)
    expect(readdirSync(dirname(file))).toEqual(['config.json'])
  })

  test('keeps its formatting', async () => {
    const file = join(job.home, '.docker/config.json')
    const before = put(file, `${JSON.stringify(config, null, 4)}\n`)
    await job.uses(inputs(credentials))
    await job.end()
    expect(readFileSync(file, 'utf8')).toBe(before)
  })

  test('stays a symbolic link', async () => {
    const real = join(job.folder, 'elsewhere/docker.json')
    put(real, config)
    mkdirSync(join(job.home, '.docker'))
    symlinkSync(real, join(job.home, '.docker/config.json'))
    await job.uses(inputs(credentials))
    expect(lstatSync(join(job.home, '.docker/config.json')).isSymbolicLink()).toBe(true)
    expect(read(real).auths['us.icr.io']).toEqual(entry())
    await job.end()
    expect(read(real)).toEqual(config)
  })

  test.each([
    ['another login', () => somebody],
    ['the same API key for another user', () => entryOf({ ...credentials, profileId: 'iamapikey' })],
    ['no "auth"', () => ({ identitytoken: 'theirs' })],
  ])('is not changed if someone else has changed the entry since: %s', async (_what, theirs) => {
    const file = join(job.home, '.docker/config.json')
    await job.uses(inputs(credentials))
    put(file, { auths: { 'us.icr.io': theirs() } })
    await job.end()
    expect(read(file)).toEqual({ auths: { 'us.icr.io': theirs() } })
  })

  // As in composite actions, where the post step gets the inputs of the outer action.
  test.each([{ 'INPUT_API-KEY': '', 'INPUT_PROFILE-ID': '' }, { 'INPUT_API-KEY': 'of-the-outer-action' }])(
    'is restored by a post step with the inputs %j',
    async outer => {
      const file = join(job.home, '.docker/config.json')
      put(file, config)
      const env: Record<string, string> = {}
      expect(await job.uses(inputs(credentials), env)).toMatchObject({ exitCode: 0, annotations: [] })
      Object.assign(env, outer)
      expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
      expect(read(file)).toEqual(config)
    },
  )

  testUnless(noRoot)('keeps its owner and group', async () => {
    const file = join(job.home, '.docker/config.json')
    put(file, config)
    const { chownSync } = await import('node:fs')
    chownSync(file, 1234, 2345)
    await job.uses(inputs(credentials))
    expect(statSync(file)).toMatchObject({ uid: 1234, gid: 2345 })
  })

  // As on CIFS, where all files have the same owner and mode, and a change to the same value fails, too.
  testUnless(noFilters)('whose owner and mode cannot be changed', async () => {
    job = testbed.newJob({ node: nodeBy(testbed.folder, refusing('mode', 'EPERM')) })
    const file = join(job.home, '.docker/config.json')
    const before = put(file, config)
    expect(await job.uses(inputs(credentials))).toMatchObject({ exitCode: 0, annotations: [] })
    expect(read(file).auths['us.icr.io']).toEqual(entry())
    expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
    expect(readFileSync(file, 'utf8')).toBe(before)
  })

  test.each(['not JSON', '[]', '{"auths": "none"}', '{"auths": {"us.icr.io": "text"}}'])(
    'that is %s: an error that names it, and no change',
    async text => {
      const file = join(job.home, '.docker/config.json')
      put(file, text)
      const login = await job.uses(inputs(credentials))
      expect(login.exitCode).toBe(1)
      expect(login.annotations).toEqual([
        {
          kind: 'error',
          message: `${file}: it is not a valid credential file (JSON with "auths"), so it was not changed. Fix or delete it, or set isolated: true.`,
        },
      ])
      expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
      expect(readFileSync(file, 'utf8')).toBe(text)
      expect(filesWithSecret(job.folder, credentials)).toEqual([])
    },
  )
})

// JSON that Node reads, but cannot write: its stack would overflow.
const nested = `${'['.repeat(20_000)}1${']'.repeat(20_000)}`

describe.each([
  ['the whole file', nested],
  ['a setting', `{"mine":${nested}}`],
  ['a setting that a login needs', `{"HttpHeaders":${nested}}`],
  ['the entry', `{"auths":{"us.icr.io":{"auth":${nested}}}}`],
])('a config.json with thousands of levels: %s', (_what, text) => {
  test('an error that names it, and no change; with isolated: true, a warning', async () => {
    const file = join(job.home, '.docker/config.json')
    put(file, text)
    const message = expect.stringContaining(`${file}: it is not a valid credential file`)
    expect(await job.uses(inputs(credentials))).toMatchObject({
      exitCode: 1,
      annotations: [{ kind: 'error', message }],
    })
    expect(await job.uses(inputs(credentials, { isolated: 'true' }))).toMatchObject({
      exitCode: 0,
      annotations: [
        { kind: 'warning', message: expect.stringContaining(`${file} cannot be read as a credential file`) },
      ],
    })
    expect(await skopeoPush()).toMatchObject({ exitCode: 0 })
    const clean = { exitCode: 0, annotations: [] }
    expect(await job.end()).toMatchObject([clean, clean])
    expect(readFileSync(file, 'utf8')).toBe(text)
    expect(filesWithSecret(job.folder, credentials)).toEqual([])
  })

  test('written after the login: a warning that names it, and no change', async () => {
    const file = join(job.home, '.docker/config.json')
    await job.uses(inputs(credentials))
    put(file, text)
    const message = expect.stringContaining(`${file}: it is not a valid credential file`)
    expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [{ kind: 'warning', message }] }])
    expect(readFileSync(file, 'utf8')).toBe(text)
  })
})

test('an undo record with thousands of levels: the login and the step’s folder are removed anyway', async () => {
  await job.uses(inputs(credentials))
  const [folder = ''] = readdirSync(job.temp)
  const file = join(job.temp, folder, 'undo.json')
  put(file, readFileSync(file, 'utf8').replace('"us.icr.io"', nested))
  expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
  expect(filesWithSecret(job.folder, credentials)).toEqual([])
  expect(readdirSync(job.temp)).toEqual([])
})

testUnless(noRoot)(
  'a config.json that cannot be replaced: an error that names it, and no change',
  async () => {
    job = testbed.newJob({ user: NOBODY })
    const file = join(job.home, '.docker/config.json')
    const before = put(file, { auths: { 'quay.io': somebody } }, 0o644)
    chmodSync(dirname(file), 0o755)
    const login = await job.uses(inputs(credentials))
    expect(login.exitCode).toBe(1)
    expect(login.annotations).toEqual([
      {
        kind: 'error',
        message: expect.stringMatching(
          /config\.json: cannot be read or replaced \(EACCES, open\).* isolated: true/,
        ),
      },
    ])
    expect(await job.uses(inputs(credentials, { isolated: 'true' }))).toMatchObject({
      exitCode: 0,
      annotations: [],
    })
    await job.end()
    expect(readFileSync(file, 'utf8')).toBe(before)
  },
)

describe('an error about a file says what helps', () => {
  const file = () => join(job.home, '.docker/config.json')
  const errorOf = async (make: string, more: Record<string, string>) => {
    mkdirSync(dirname(file()))
    await job.run(make, { file: file() })
    const step = await job.uses(inputs(credentials, more))
    expect(step.exitCode).toBe(1)
    const errors = step.annotations.filter(({ kind }) => kind === 'error')
    return errors.map(({ message }) => message).join('\n')
  }
  const invalid = 'echo "not JSON" >"$file"'

  test('if it is a client’s own file', async () => {
    expect(await errorOf(invalid, {})).toMatch(/ Fix or delete it, or set isolated: true\.$/)
  })

  test('if a variable points to it', async () => {
    job.env.DOCKER_CONFIG = dirname(file())
    expect(await errorOf(invalid, {})).toMatch(
      / Fix or delete it, or set DOCKER_CONFIG to another folder, or set isolated: true\.$/,
    )
  })

  // There, `isolated: true` changes nothing.
  test.each<[what: string, make: string, more: Record<string, string>, advice: string]>([
    ['not JSON', invalid, {}, 'Fix or delete it, or set'],
    ['not JSON, isolated', invalid, { client: 'docker', isolated: 'true' }, 'Fix or delete it, or set'],
    ['a folder', 'mkdir "$file"', {}, 'Set'],
    ['in a folder that is a file', 'd=$(dirname "$file"); rmdir "$d"; touch "$d"', {}, 'Set'],
    ['a link to itself', 'ln -s "$file" "$file"', {}, 'Make the file and its folder writable, or set'],
    ['without a lock', 'mkdir "$file.icr-login.lock"', {}, 'Delete it, or set'],
  ])('if it is the credentials-file: %s', async (_what, make, more, advice) => {
    const message = await errorOf(make, { client: 'none', ...more, 'credentials-file': file() })
    expect(message).toMatch(new RegExp(`^${file()}.*\\. ${advice} credentials-file to another path\\.$`))
  })
})

const NO_FILES: [what: string, make: string, says: string, lack?: string | undefined][] = [
  ['a pipe', 'mkfifo "$file"', 'not a regular file'],
  ['a folder', 'mkdir "$file"', 'not a regular file'],
  ['a link to itself', 'ln -s "$file" "$file"', 'cannot be read or replaced (ELOOP, stat)'],
  ['a device', 'mknod "$file" c 1 3', 'not a regular file', noRoot],
]
for (const [what, make, says, lack] of NO_FILES) {
  testUnless(lack)(`${what} instead of an auth file: an error that names it, and no change`, async () => {
    const file = join(job.folder, 'auth')
    await job.run(make, { file })
    const { mode } = lstatSync(file)
    job.env.REGISTRY_AUTH_FILE = file
    const login = await job.uses(inputs(credentials, { client: 'skopeo' }))
    expect(login.annotations).toEqual([
      { kind: 'error', message: expect.stringContaining(`${file}: ${says}`) },
    ])
    expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
    expect(lstatSync(file).mode).toBe(mode)
  })
}

// Opening a pipe waits until another program opens its other end.
for (const [what, make, , lack] of NO_FILES.filter(([, make]) => !make.startsWith('ln'))) {
  testUnless(lack)(
    `${what} instead of a lock file: an error that names it; the post step needs none`,
    async () => {
      const auth = join(job.folder, 'auth.json')
      const file = `${auth}.icr-login.lock`
      job.env.REGISTRY_AUTH_FILE = auth
      expect(await job.uses(inputs(credentials, { client: 'skopeo' }))).toMatchObject({ exitCode: 0 })
      await job.run(make, { file })
      const { mode } = lstatSync(file)
      const step = await job.uses(inputs(credentials, { client: 'skopeo', region: 'eu-de' }))
      const message = `${file}: not a regular file. Delete it, or set REGISTRY_AUTH_FILE to another file, or set isolated: true.`
      expect(step.annotations).toEqual([{ kind: 'error', message }])
      expect(Object.keys(read(auth).auths)).toEqual(['us.icr.io'])
      const clean = { exitCode: 0, annotations: [] }
      expect(await job.end()).toMatchObject([clean, clean])
      expect(existsSync(auth)).toBe(false)
      expect(lstatSync(file).mode).toBe(mode)
    },
  )
}

test('a pipe instead of the credential file at the end: a warning that names it', async () => {
  const file = join(job.home, '.docker/config.json')
  await job.uses(inputs(credentials))
  await job.run('rm "$file" && mkfifo "$file"', { file })
  const message = expect.stringContaining(`${file}: not a regular file`)
  expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [{ kind: 'warning', message }] }])
  expect(readdirSync(job.temp)).toEqual([])
})

test('a pipe instead of an undo record: a later step stores its login, and all logins are removed', async () => {
  await job.uses(inputs(credentials))
  const [folder = ''] = readdirSync(job.temp)
  await job.run('rm "$file" && mkfifo "$file"', { file: join(job.temp, folder, 'undo.json') })
  const kept = addHelper(job, 'mine')
  put(join(job.folder, 'other/config.json'), { credsStore: 'mine' })
  job.env.DOCKER_CONFIG = join(job.folder, 'other')
  const clean = { exitCode: 0, annotations: [] }
  expect(await job.uses(inputs(credentials))).toMatchObject(clean)
  expect(readFileSync(join(kept, 'us.icr.io'), 'utf8')).toContain(credentials.apiKey)
  expect(await job.end()).toMatchObject([clean, clean])
  expect(filesWithSecret(job.folder, credentials)).toEqual([])
  expect(readdirSync(job.temp)).toEqual([])
})

test('docker that is podman: its login does not change auth files either', async () => {
  const file = join(job.folder, 'auth.json')
  put(file, { auths: { 'us.icr.io': somebody } })
  job.env.REGISTRY_AUTH_FILE = file
  writeFileSync(join(job.folder, 'bin/docker'), `#!/bin/sh\nexec ${job.folder}/bin/podman "$@"\n`, {
    mode: 0o755,
  })
  expect(await job.uses(inputs(credentials))).toMatchObject({ exitCode: 0, annotations: [] })
  expect(read(file)).toEqual({ auths: { 'us.icr.io': somebody } })
  await job.end()
  expect(filesWithSecret(job.folder, credentials)).toEqual([])
})

test('RUNNER_TEMP is not writable: an error that names it', async () => {
  writeFileSync(join(job.folder, 'file'), '')
  job.env.RUNNER_TEMP = join(job.folder, 'file')
  const login = await job.uses(inputs(credentials))
  expect(login.annotations).toEqual([
    {
      kind: 'error',
      message: expect.stringMatching(/^RUNNER_TEMP, or a file .*, is missing or not writable\. ENOTDIR/),
    },
  ])
})

test('a name that leaves no room for that of the lock file: an error that names the file', async () => {
  job.env.REGISTRY_AUTH_FILE = join(job.home, 'a'.repeat(250))
  const message = expect.stringMatching(/\/a{250}: cannot be read or replaced \(ENAMETOOLONG/)
  expect(await job.uses(inputs(credentials, { client: 'skopeo' }))).toMatchObject({
    exitCode: 1,
    annotations: [{ kind: 'error', message }],
  })
  expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
  expect(readdirSync(job.home)).toEqual([])
})

test('an empty auth file counts as one without entries', async () => {
  const file = join(job.runtime, 'containers/auth.json')
  put(file, '')
  await job.uses(inputs(credentials, { client: 'skopeo' }))
  expect(read(file)).toEqual({ auths: { 'us.icr.io': entry() } })
  await job.end()
  expect(read(file)).toEqual({ auths: {} })
})

test('clients find the login: DOCKER_CONFIG and an auth.json with another login', async () => {
  const { runtime } = job
  const docker = join(job.folder, 'docker')
  put(join(runtime, 'containers/auth.json'), { auths: { 'us.icr.io': somebody } })
  mkdirSync(docker)
  job.env.DOCKER_CONFIG = docker
  await job.uses(inputs(credentials, { client: 'skopeo, podman, buildah' }))
  expect(read(join(runtime, 'containers/auth.json')).auths['us.icr.io']).toEqual(entry())
  expect(read(join(docker, 'config.json')).auths['us.icr.io']).toEqual(entry())
  for (const client of ['podman', 'buildah']) expect(await loginOf(client)).toBe(credentials.profileId)
  expect(await skopeoPush()).toMatchObject({ exitCode: 0 })
  await job.end()
  expect(read(join(runtime, 'containers/auth.json'))).toEqual({ auths: { 'us.icr.io': somebody } })
  expect(existsSync(join(docker, 'config.json'))).toBe(false)
})

test('REGISTRY_AUTH_FILE takes precedence', async () => {
  const file = join(job.folder, 'new/folder/auth.json')
  job.env.REGISTRY_AUTH_FILE = file
  await job.uses(inputs(credentials, { client: 'podman' }))
  expect(read(file)).toEqual({ auths: { 'us.icr.io': entry() } })
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(await loginOf('podman')).toBe(credentials.profileId)
  await job.end()
  expect(existsSync(join(job.folder, 'new'))).toBe(false)
})

describe('XDG_RUNTIME_DIR does not exist', () => {
  test('a job-specific auth file with all earlier logins, until the end of the job', async () => {
    const missing = join(job.folder, 'missing')
    job.env.XDG_RUNTIME_DIR = missing
    put(join(job.home, '.config/containers/auth.json'), { auths: { 'quay.io': somebody } })
    put(join(job.home, '.docker/config.json'), {
      auths: { 'docker.io': somebody, 'quay.io': entry() },
      credsStore: '',
    })
    const login = await job.uses(inputs(credentials, { client: 'skopeo, buildah' }))
    const file = login.exported.REGISTRY_AUTH_FILE ?? ''
    expect(file.startsWith(job.temp)).toBe(true)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(dirname(file)).mode & 0o777).toBe(0o700)
    expect(read(file).auths).toEqual({ 'quay.io': somebody, 'docker.io': somebody, 'us.icr.io': entry() })
    expect(await skopeoPush()).toMatchObject({ exitCode: 0 })
    const [post] = await job.end()
    expect(post).toMatchObject({ exitCode: 0, annotations: [], exported: { REGISTRY_AUTH_FILE: '' } })
    expect(readdirSync(job.temp)).toEqual([])
    expect(existsSync(missing)).toBe(false)
  })
})

describe.each([
  ['skopeo', noRoot],
  ['podman', noRoot ?? noUserNamespace],
  ['buildah', noRoot ?? noUserNamespace],
])('%s as an unprivileged user', (client, lack) => {
  testUnless(lack)('with XDG_RUNTIME_DIR', async () => {
    job = testbed.newJob({ user: NOBODY })
    const login = await job.uses(inputs(credentials, { client }))
    expect(login).toMatchObject({ exitCode: 0, annotations: [] })
    expect(login.exported).toEqual({})
    const file = join(job.runtime, 'containers/auth.json')
    expect(read(file)).toEqual({ auths: { 'us.icr.io': entry() } })
    expect(statSync(file)).toMatchObject({ uid: NOBODY.uid, gid: NOBODY.gid })
    await job.end()
    expect(existsSync(file)).toBe(false)
  })

  testUnless(lack)('without XDG_RUNTIME_DIR', async () => {
    job = testbed.newJob({ user: NOBODY, env: { XDG_RUNTIME_DIR: '' } })
    const login = await job.uses(inputs(credentials, { client }))
    expect(login).toMatchObject({ exitCode: 0, annotations: [] })
    expect(Object.keys(login.exported)).toEqual(['REGISTRY_AUTH_FILE'])
    expect(await skopeoPush()).toMatchObject({ exitCode: 0 })
    expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
    expect(filesWithSecret(job.folder, credentials)).toEqual([])
  })
})

testUnless(noRoot)('docker as an unprivileged user', async () => {
  job = testbed.newJob({ user: NOBODY })
  const login = await job.uses(inputs(credentials))
  expect(login).toMatchObject({ exitCode: 0, annotations: [] })
  expect(login.exported).toEqual({})
  const file = join(job.home, '.docker/config.json')
  expect(read(file)).toEqual({ auths: { 'us.icr.io': entry() } })
  expect(statSync(file)).toMatchObject({ uid: NOBODY.uid, gid: NOBODY.gid })
  await job.end()
  expect(readdirSync(job.home)).toEqual([])
})

testUnless(noRoot)('root without XDG_RUNTIME_DIR: podman, buildah and skopeo share a file', async () => {
  job = testbed.newJob({ ownRun: true, env: { XDG_RUNTIME_DIR: '' } })
  const file = join(job.folder, 'run/containers/0/auth.json')
  const login = await job.uses(inputs(credentials, { client: 'podman, buildah, skopeo' }))
  expect(login).toMatchObject({ exitCode: 0, annotations: [] })
  expect(login.exported).toEqual({})
  expect(read(file)).toEqual({ auths: { 'us.icr.io': entry() } })
  for (const client of ['podman', 'buildah', 'skopeo'])
    expect(await loginOf(client)).toBe(credentials.profileId)
  await job.end()
  expect(existsSync(file)).toBe(false)
  expect(await loginOf('podman')).not.toBe(credentials.profileId)
})

// For podman and buildah, these do not count as root.
for (const [name, start, env, lack] of [
  [
    'without CAP_SYS_ADMIN',
    ['setpriv', '--bounding-set=-sys_admin', '--inh-caps=-sys_admin'],
    {},
    noUserNamespace,
  ],
  ['in a namespace that podman unshare has created', [], { _CONTAINERS_USERNS_CONFIGURED: 'done' }],
] as [string, string[], Record<string, string>, string?][]) {
  testUnless(noRoot ?? lack)(`root ${name}, without XDG_RUNTIME_DIR: later runs find the login`, async () => {
    job = testbed.newJob({ ownRun: true, start, env: { XDG_RUNTIME_DIR: '', ...env } })
    const login = await job.uses(inputs(credentials, { client: 'podman, buildah, skopeo' }))
    expect(login).toMatchObject({ exitCode: 0, annotations: [] })
    for (const client of ['podman', 'buildah', 'skopeo'])
      expect(await loginOf(client)).toBe(credentials.profileId)
    expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
    expect(await loginOf('buildah')).not.toBe(credentials.profileId)
    expect(filesWithSecret(job.folder, credentials)).toEqual([])
    // Ends the process that podman leaves running to keep its namespace.
    if (start.length > 0) await job.run('podman system migrate')
  })
}

for (const client of ['skopeo', 'podman', 'buildah']) {
  testUnless(noNextDebian)(
    `${client} of the next Debian release finds its login and the earlier ones`,
    async () => {
      job = testbed.newJob({ clients: 'next-debian' })
      job.env.XDG_RUNTIME_DIR = join(job.folder, 'missing')
      put(join(job.home, '.docker/config.json'), { auths: { 'quay.io': somebody } })
      const login = await job.uses(inputs(credentials, { client }))
      expect(login).toMatchObject({ exitCode: 0, annotations: [] })
      expect(await loginOf(client)).toBe(credentials.profileId)
      expect(await loginOf(client, 'quay.io')).toBe('somebody')
      await job.end()
      expect(await loginOf(client)).not.toBe(credentials.profileId)
    },
  )
}

for (const client of ['docker', 'skopeo']) {
  testUnless(noNextDebian)(`${client} of the next Debian release logs in to its usual file`, async () => {
    job = testbed.newJob({ clients: 'next-debian' })
    const login = await job.uses(inputs(credentials, { client }))
    expect(login).toMatchObject({ exitCode: 0, annotations: [] })
    expect(login.exported).toEqual({})
    expect(await skopeoPush()).toMatchObject({ exitCode: 0 })
    await job.end()
    expect(filesWithSecret(job.folder, credentials)).toEqual([])
  })
}

test('two steps with one domain: the end of the second one restores the first one’s login', async () => {
  const file = join(job.home, '.docker/config.json')
  const first = entry()
  await job.uses(inputs(credentials))
  credentials = testbed.credentials()
  await job.uses(inputs(credentials))
  expect(read(file).auths['us.icr.io']).toEqual(entry())
  const posts = await job.end()
  expect(posts[0]?.log).toContain('Restored the previous login in')
  expect(first).not.toEqual(entry())
  expect(existsSync(file)).toBe(false)
})

test('a login that a client writes at the same moment as the step is kept', async () => {
  const file = join(job.home, '.docker/config.json')
  put(file, { auths: { 'quay.io': somebody } })
  const others = { 'quay.io': somebody, 'ghcr.io': somebody }
  const login = await job.uses(inputs(credentials), {
    NODE_OPTIONS: `--require ${join(repository, '__tests__/testbed/write-between.cjs')}`,
    WRITE_FILE: file,
    WRITE_TEXT: JSON.stringify({ auths: others }),
  })
  expect(login).toMatchObject({ exitCode: 0, annotations: [] })
  expect(read(file).auths).toEqual({ ...others, 'us.icr.io': entry() })
  await job.end()
  expect(read(file).auths).toEqual(others)
})

test.each([
  '',
  '{"secret": fal',
  '"secret"',
  '["secret"]',
  '{"secret":1}',
  '{"files":["secret"],"helpers":[],"variables":[]}',
  '{"files":["secret"],"helpers":[],"variables":[],"withheld":[]}',
  '{"files":[null],"helpers":[],"variables":[],"withheld":[]}',
  '{"files":[],"helpers":["secret"],"variables":["secret"],"withheld":[]}',
])('an undo record damaged to %j: the login and the step’s folder are removed anyway', async text => {
  await job.uses(inputs(credentials))
  const [folder = ''] = readdirSync(job.temp)
  put(join(job.temp, folder, 'undo.json'), text)
  const [end] = await job.end()
  expect(end).toMatchObject({ exitCode: 0, annotations: [] })
  expect(end?.raw).not.toContain('secret')
  expect(filesWithSecret(job.folder, credentials)).toEqual([])
  expect(readdirSync(job.temp)).toEqual([])
})

test.each(['SIGTERM', 'SIGINT'] as const)(
  'a step that %s ends while it waits for the registry terminates its clients',
  async signal => {
    testbed.fault(({ path }) => (path === '/oauth/token' ? 'hang' : undefined))
    const { child, finished } = job.start(inputs(credentials, { client: 'docker, skopeo' }))
    await until(() => job.starts.length === 2)
    child.kill(signal)
    const login = await finished
    expect(login.exitCode).toBe(signal === 'SIGINT' ? 130 : 143)
    // Killed processes may take a moment to disappear. skopeo would wait forever.
    await until(() => processesNaming(credentials.profileId).length === 0)
    testbed.fault()
    expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
    expect(filesWithSecret(job.folder, credentials)).toEqual([])
  },
)

// docker is tested separately, because it waits for at most 15 seconds.
test.each(
  (['SIGKILL', 'SIGTERM', 'SIGINT'] as const).flatMap(signal => [
    { signal, clients: ['docker'] },
    { signal, clients: ['buildah', 'podman', 'skopeo'] },
  ]),
)(
  'clients that outlive a step that $signal ended, and its post step, write nothing any more: $clients',
  async ({ signal, clients }) => {
    for (const name of clients) wrap(join(job.folder, 'bin', name))
    let over = false
    testbed.fault(({ path }) => (path === '/oauth/token' ? { when: () => over } : undefined))
    const asked = () => testbed.requests.filter(({ path }) => path === '/oauth/token')
    const { child, finished } = job.start(inputs(credentials, { client: clients.join() }))
    await until(() => asked().length === clients.length)
    child.kill(signal)
    await finished
    const [end] = await job.end()
    expect(end).toMatchObject({ exitCode: 0, annotations: [] })
    expect(end?.log).toContain('step ended during a login')
    const processes = () => processesNaming(credentials.profileId)
    expect(processes().length).toBeGreaterThanOrEqual(clients.length)
    over = true
    await until(() => processes().length === 0)
    // All logins succeeded, so all clients tried to write.
    expect(asked().map(({ status }) => status)).toEqual(clients.map(() => 200))
    expect(filesWithSecret(job.folder, credentials)).toEqual([])
    // An empty file takes the place of the folder, so that they cannot recreate it.
    const [left, ...others] = readdirSync(job.temp)
    expect(others).toEqual([])
    expect(readFileSync(join(job.temp, left ?? ''), 'utf8')).toBe('')
  },
)

test('a step that is canceled after its logins leaves nothing in RUNNER_TEMP', async () => {
  let over = false
  testbed.fault(({ path }) => (/\/blobs\/uploads/.test(path) ? { when: () => over } : undefined))
  const more = { client: 'skopeo', 'check-push': 'team/canceled' }
  const { child, finished } = job.start(inputs(credentials, more))
  await until(() => testbed.requests.some(({ path }) => /\/blobs\/uploads/.test(path)))
  child.kill('SIGINT')
  await finished
  over = true
  const [end] = await job.end()
  expect(end).toMatchObject({ exitCode: 0, annotations: [] })
  expect(end?.log).toMatch(/^Logged out of us\.icr\.io \([^\n]*\n$/)
  expect(readdirSync(job.temp)).toEqual([])
  expect(filesWithSecret(job.folder, credentials)).toEqual([])
})

/** Wraps a client's program in one that starts it and waits for it, like the wrappers of distributions. */
function wrap(program: string): void {
  const text = readFileSync(program, 'utf8')
  const wrapped = text.replace(/^exec (.*)$/m, '$1; exit $?')
  expect(wrapped).not.toBe(text)
  writeFileSync(program, wrapped)
}
