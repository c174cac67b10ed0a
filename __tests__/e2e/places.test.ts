import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { ClientName } from '../../src/clients/table.ts'
import { filesWithSecret } from '../testbed/find-secret.ts'
import { entryOf, inputs, put, read, somebody } from '../testbed/helpers.ts'
import { type Credentials, startTestbed, type Testbed } from '../testbed/index.ts'
import { laterSteps } from '../testbed/later-steps.ts'
import { noRoot, testUnless } from '../testbed/needs.ts'
import { nodeBy } from '../testbed/programs.ts'
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
})
afterEach(() => testbed.tidy())

const CONTAINERS: ClientName[] = ['buildah', 'podman', 'skopeo']
const clean = { exitCode: 0, annotations: [] }
const homeConfig = () => join(job.home, '.docker/config.json')
const runtimeAuthFile = () => join(job.runtime, 'containers/auth.json')
const login = (client: string, more: Record<string, string> = {}) =>
  job.uses(inputs(credentials, { client, ...more }))

/** Verifies that later steps with these clients find the login and can push. */
async function expectPushes(...clients: ClientName[]): Promise<void> {
  for (const client of clients) {
    const { exitCode, log } = await laterSteps(job, client).push(`us.icr.io/team/places:${client}`)
    expect({ client, exitCode, log }).toMatchObject({ exitCode: 0 })
  }
}

describe.each(CONTAINERS)('%s', client => {
  test('REGISTRY_AUTH_FILE takes precedence over DOCKER_CONFIG', async () => {
    const [folder, file] = [join(job.folder, 'docker'), join(job.folder, 'auth.json')]
    Object.assign(job.env, { DOCKER_CONFIG: folder, REGISTRY_AUTH_FILE: file })
    const others = put(join(folder, 'config.json'), { auths: { 'us.icr.io': somebody } })
    expect(await login(client)).toMatchObject({ ...clean, exported: {} })
    expect(read(file)).toEqual({ auths: { 'us.icr.io': entryOf(credentials) } })
    expect(filesWithSecret(job.folder, credentials)).toEqual([file])
    await expectPushes(client)
    expect(await job.end()).toMatchObject([clean])
    expect(readFileSync(join(folder, 'config.json'), 'utf8')).toBe(others)
    expect(existsSync(file)).toBe(false)
  })

  test('only docker uses a keychain (credsStore): the login is in the auth file', async () => {
    const called = join(job.folder, 'called')
    writeFileSync(join(job.folder, 'bin/docker-credential-chain'), `#!/bin/sh\ntouch ${called}\nexit 1\n`, {
      mode: 0o755,
    })
    const before = put(runtimeAuthFile(), { credsStore: 'chain', auths: { 'quay.io': somebody } })
    expect(await login(client)).toMatchObject({ ...clean, exported: {} })
    expect(read(runtimeAuthFile()).auths).toEqual({ 'quay.io': somebody, 'us.icr.io': entryOf(credentials) })
    await expectPushes(client)
    expect(await job.end()).toMatchObject([clean])
    expect(readFileSync(runtimeAuthFile(), 'utf8')).toBe(before)
    expect(existsSync(called)).toBe(false)
  })
})

describe('no runtime folder', () => {
  beforeEach(() => {
    job.env.XDG_RUNTIME_DIR = join(job.folder, 'missing')
  })

  test('docker uses its usual file, skopeo a job-specific one', async () => {
    const before = put(homeConfig(), { auths: { 'quay.io': somebody } })
    const { exported, ...step } = await login('docker, skopeo')
    expect(step).toMatchObject(clean)
    const { REGISTRY_AUTH_FILE: file = '', ...others } = exported
    expect(others).toEqual({})
    const both = { auths: { 'quay.io': somebody, 'us.icr.io': entryOf(credentials) } }
    expect(read(homeConfig())).toEqual(both)
    expect(read(file)).toMatchObject(both)
    expect(filesWithSecret(job.folder, credentials).sort()).toEqual([homeConfig(), file].sort())
    await expectPushes('docker', 'skopeo')
    expect(await job.end()).toMatchObject([{ ...clean, exported: { REGISTRY_AUTH_FILE: '' } }])
    expect(readFileSync(homeConfig(), 'utf8')).toBe(before)
    expect(readdirSync(job.temp)).toEqual([])
    expect(existsSync(job.env.XDG_RUNTIME_DIR ?? '')).toBe(false)
  })

  test('podman uses the job-specific file too, because the variable applies to it as well', async () => {
    const folder = join(job.folder, 'docker')
    job.env.DOCKER_CONFIG = folder
    const before = put(join(folder, 'config.json'), { auths: { 'quay.io': somebody } })
    const { exported, ...step } = await login('podman, skopeo')
    expect(step).toMatchObject(clean)
    expect(filesWithSecret(job.folder, credentials)).toEqual([exported.REGISTRY_AUTH_FILE])
    await expectPushes('podman', 'skopeo')
    expect(await job.end()).toMatchObject([clean])
    expect(readFileSync(join(folder, 'config.json'), 'utf8')).toBe(before)
  })
})

test('one file with a keychain for docker and podman: docker’s login is in the keychain, podman’s in the file', async () => {
  const [folder, kept] = [join(job.folder, 'docker'), join(job.folder, 'kept')]
  const helper = `#!/bin/sh
case $1 in
list) echo '{}' ;;
store) cat >${kept} ;;
get) cat ${kept} ;;
erase) rm ${kept} ;;
esac`
  writeFileSync(join(job.folder, 'bin/docker-credential-chain'), helper, { mode: 0o755 })
  job.env.DOCKER_CONFIG = folder
  const before = put(join(folder, 'config.json'), { credsStore: 'chain', auths: {} })
  expect(await login('docker, podman')).toMatchObject({ ...clean, exported: {} })
  expect(read(kept)).toMatchObject({ Username: credentials.profileId, Secret: credentials.apiKey })
  expect(read(join(folder, 'config.json')).auths).toEqual({ 'us.icr.io': entryOf(credentials) })
  await expectPushes('docker', 'podman')
  expect(await job.end()).toMatchObject([clean])
  expect(existsSync(kept)).toBe(false)
  expect(readFileSync(join(folder, 'config.json'), 'utf8')).toBe(before)
})

// Written by older clients. Clients prefer the bare domain, so there is no warning.
test.each(['false', 'true'])(
  'keys such as https://us.icr.io/ and us.icr.io/v1/ are not the step’s, and are kept (isolated: %s)',
  async isolated => {
    const others = {
      'https://us.icr.io/': somebody,
      'https://us.icr.io/v1/': somebody,
      'us.icr.io/': somebody,
      'us.icr.io/v1/': somebody,
      'us.icr.io/v2/': somebody,
      'us.icr.io/v2': somebody,
    }
    const before = [homeConfig(), runtimeAuthFile()].map(file => put(file, { auths: others }))
    const { exported, ...step } = await login('docker, podman', { isolated })
    expect(step).toMatchObject(clean)
    const files =
      isolated === 'true'
        ? [join(exported.DOCKER_CONFIG ?? '', 'config.json'), exported.REGISTRY_AUTH_FILE ?? '']
        : [homeConfig(), runtimeAuthFile()]
    for (const file of files)
      expect(read(file).auths).toEqual({ ...others, 'us.icr.io': entryOf(credentials) })
    await expectPushes('docker', ...CONTAINERS)
    expect(await job.end()).toMatchObject([clean])
    expect([homeConfig(), runtimeAuthFile()].map(file => readFileSync(file, 'utf8'))).toEqual(before)
  },
)

describe('a warning if the credentials are inside the workspace', () => {
  const inside = (file: string, name = '') => ({
    exitCode: 0,
    annotations: [
      {
        kind: 'warning',
        message: `${name}${file} is inside the workspace. Add it to .dockerignore and do not upload it as an artifact, or use a path in RUNNER_TEMP.`,
      },
    ],
  })

  /** Creates a link outside the workspace to a folder inside. */
  function link(): string {
    const [from, to] = [join(job.folder, 'link'), join(job.workspace, 'linked')]
    mkdirSync(to)
    symlinkSync(to, from)
    return from
  }

  test.each<[client: ClientName, name: string, value: string, file: string]>([
    ['docker', 'DOCKER_CONFIG', '~/.docker', '~/.docker/config.json'],
    ['docker', 'DOCKER_CONFIG', '$HOME/.docker', '$HOME/.docker/config.json'],
    ['docker', 'DOCKER_CONFIG', './.docker', '.docker/config.json'],
    ['podman', 'DOCKER_CONFIG', '~/.docker', '~/.docker/config.json'],
    ['skopeo', 'REGISTRY_AUTH_FILE', '~/auth.json', '~/auth.json'],
    ['buildah', 'REGISTRY_AUTH_FILE', './auth.json', 'auth.json'],
  ])('%s, %s=%s', async (client, name, value, relative) => {
    job.env[name] = value
    const file = join(job.workspace, relative)
    const sign = value.match(/^[~$]/)
    const why = sign ? ` begins with ${sign}, which is not expanded here` : ''
    expect(await login(client)).toMatchObject(inside(file, `${name}${why}: `))
    expect(filesWithSecret(job.folder, credentials)).toEqual([file])
    await expectPushes(client)
    expect(await job.end()).toMatchObject([clean])
    expect(readdirSync(job.workspace)).toEqual([])
  })

  test('through a link from outside, also for the credentials file', async () => {
    const linked = link()
    job.env.REGISTRY_AUTH_FILE = join(linked, 'auth.json')
    const step = await login('skopeo', { 'credentials-file': join(linked, 'icr.json') })
    const [one, other] = ['auth.json', 'icr.json'].map(name => join(linked, name))
    expect(step.annotations).toEqual([
      ...inside(one ?? '', 'REGISTRY_AUTH_FILE: ').annotations,
      ...inside(other ?? '', 'credentials-file: ').annotations,
    ])
    expect(await job.end()).toMatchObject([clean])
  })

  test('if the workspace is a link', async () => {
    job.env.GITHUB_WORKSPACE = link()
    job.env.DOCKER_CONFIG = join(job.workspace, 'linked')
    expect(await login('docker')).toMatchObject(
      inside(join(job.env.DOCKER_CONFIG, 'config.json'), 'DOCKER_CONFIG: '),
    )
    expect(await job.end()).toMatchObject([clean])
  })

  test('if it is the home directory', async () => {
    job.env.HOME = job.workspace
    expect(await login('docker')).toMatchObject(inside(join(job.workspace, '.docker/config.json')))
    expect(await job.end()).toMatchObject([clean])
  })

  test('but not with isolated, or if the name only begins the same', async () => {
    job.env.DOCKER_CONFIG = '~/.docker'
    expect(await login('docker', { isolated: 'true' })).toMatchObject(clean)
    job.env.DOCKER_CONFIG = `${job.workspace}-beside`
    expect(await login('docker')).toMatchObject(clean)
    expect(await job.end()).toMatchObject([clean, clean])
    expect(readdirSync(job.workspace)).toEqual([])
  })
})

test('empty variables count as unset', async () => {
  Object.assign(job.env, { DOCKER_CONFIG: '', REGISTRY_AUTH_FILE: '', XDG_CONFIG_HOME: '' })
  expect(await login('docker, podman')).toMatchObject({ ...clean, exported: {} })
  expect(filesWithSecret(job.folder, credentials).sort()).toEqual([homeConfig(), runtimeAuthFile()].sort())
  await expectPushes('docker', 'podman')
  expect(await job.end()).toMatchObject([clean])
  expect(filesWithSecret(job.folder, credentials)).toEqual([])
})

testUnless(noRoot)(
  'empty HOME: the home directory is the one in the system’s user database, as for the clients',
  async () => {
    // In a folder of the test: the machine's users, except that root has another home directory.
    const passwd = join(testbed.folder, 'passwd')
    const home = join(testbed.folder, 'home-of-root')
    mkdirSync(home)
    const users = readFileSync('/etc/passwd', 'utf8')
    writeFileSync(passwd, users.replace(/^(root:(?:[^:]*:){4})[^:]*/m, `$1${home}`))
    const start = `unshare --mount bash -c 'mount --bind ${passwd} /etc/passwd && exec "$@"' bash`
    job = testbed.newJob({ node: nodeBy(testbed.folder, start), ownRun: true, env: { XDG_RUNTIME_DIR: '' } })
    job.env.HOME = ''
    put(join(home, '.config/containers/auth.json'), { auths: { 'quay.io': somebody } })

    expect(await login('docker')).toMatchObject({ ...clean, exported: {} })
    expect(read(join(home, '.docker/config.json'))).toEqual({ auths: { 'us.icr.io': entryOf(credentials) } })
    expect(await job.run(`${start} skopeo login --get-login us.icr.io`)).toMatchObject({
      log: `${credentials.profileId}\n`,
    })
    const isolated = await login('skopeo', { isolated: 'true' })
    expect(read(isolated.exported.REGISTRY_AUTH_FILE ?? '').auths).toMatchObject({ 'quay.io': somebody })
    expect(await job.end()).toMatchObject([clean, clean])
    expect(readdirSync(home)).toEqual(['.config'])
    expect(readdirSync(job.workspace)).toEqual([])
  },
)

testUnless(noRoot)('no HOME, and no entry in the system’s user database: an error', async () => {
  job = testbed.newJob({ user: { uid: 4711, gid: 4711 } })
  job.env.HOME = ''
  const message =
    'HOME is not set, and this user has no entry in /etc/passwd. Set HOME to a folder of this user.'
  for (const isolated of ['false', 'true']) {
    const failed = { exitCode: 1, exported: {}, annotations: [{ kind: 'error', message }] }
    expect(await login('docker', { isolated })).toMatchObject(failed)
  }
  job.env.HOME = job.home
  expect(await login('docker')).toMatchObject(clean)
  await expectPushes('docker')
  expect(await job.end()).toMatchObject([clean, clean, clean])
  expect(filesWithSecret(job.folder, credentials)).toEqual([])
})

test('DOCKER_CONFIG that names the file: an error, and isolated: true helps', async () => {
  const text = put(homeConfig(), { auths: { 'quay.io': somebody } })
  job.env.DOCKER_CONFIG = homeConfig()
  for (const client of ['docker', 'podman', 'buildah']) {
    const message = `${homeConfig()}/config.json: its folder is a file. Set DOCKER_CONFIG to another folder, or set isolated: true.`
    expect(await login(client)).toMatchObject({ exitCode: 1, annotations: [{ kind: 'error', message }] })
  }
  expect(await login('docker, podman', { isolated: 'true' })).toMatchObject({ exitCode: 0 })
  await expectPushes('docker', 'podman')
  expect(await job.end()).toMatchObject([clean, clean, clean, clean])
  expect(filesWithSecret(job.folder, credentials)).toEqual([])
  expect(readFileSync(homeConfig(), 'utf8')).toBe(text)
})

test('a line break in RUNNER_TEMP cannot change the folder in the step’s state', async () => {
  job.env.RUNNER_TEMP = join(job.folder, 'temp\nwork-folder=elsewhere')
  mkdirSync(job.env.RUNNER_TEMP)
  expect(await login('docker', { isolated: 'true' })).toMatchObject(clean)
  expect(filesWithSecret(job.folder, credentials)).not.toEqual([])
  expect(await job.end()).toMatchObject([clean])
  expect(readdirSync(job.env.RUNNER_TEMP)).toEqual([])
})
