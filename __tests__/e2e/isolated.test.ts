import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { ClientName } from '../../src/clients/table.ts'
import { addHelper } from '../testbed/credential-helper.ts'
import { filesWithSecret } from '../testbed/find-secret.ts'
import { entryOf, inputs, put, read, somebody } from '../testbed/helpers.ts'
import { startTestbed, type Testbed } from '../testbed/index.ts'
import { laterSteps } from '../testbed/later-steps.ts'
import { noKubectl, noNextDebian, testUnless } from '../testbed/needs.ts'
import type { Job, StepResult } from '../testbed/runner.ts'
import type { ClientsOf } from '../testbed/shims.ts'
import { repository } from '../testbed/tools.ts'

let testbed: Testbed
beforeAll(async () => {
  testbed = await startTestbed({ daemon: true })
})
afterAll(() => testbed.stop())
afterEach(() => testbed.tidy())

const CLIENTS: ClientName[] = ['docker', 'buildah', 'podman', 'skopeo']

const CLIENTS_OF: [ClientsOf, lack?: string | undefined][] = [['machine'], ['next-debian', noNextDebian]]
for (const [clients, lack] of CLIENTS_OF) {
  testUnless(lack)(
    `isolated, clients of ${clients}: no credentials outside RUNNER_TEMP; earlier logins, contexts and plugins still work`,
    async () => {
      const credentials = testbed.credentials()
      const job = testbed.newJob({ clients })
      const config = {
        auths: { 'docker.io': somebody },
        HttpHeaders: { 'X-Mine': 'yes' },
        credHelpers: { 'gcr.io': 'mine' },
      }
      put(join(job.home, '.docker/config.json'), config)
      put(join(job.home, '.docker/contexts/meta/x.json'), {})
      put(join(job.home, '.docker/buildx/instances/mine'), {})
      put(join(job.runtime, 'containers/auth.json'), {
        auths: { 'quay.io': somebody, 'us.icr.io': somebody },
      })
      addHelper(job, 'mine')

      const step = await job.uses(inputs(credentials, { client: CLIENTS.join(), isolated: 'true' }))
      expect(step).toMatchObject({ exitCode: 0, annotations: [] })
      const { DOCKER_CONFIG = '', REGISTRY_AUTH_FILE = '' } = step.exported
      expect(filesWithSecret(job.folder, credentials).sort()).toEqual(
        [REGISTRY_AUTH_FILE, join(DOCKER_CONFIG, 'config.json')].sort(),
      )
      expect(REGISTRY_AUTH_FILE.startsWith(job.temp) && DOCKER_CONFIG.startsWith(job.temp)).toBe(true)
      expect(statSync(DOCKER_CONFIG).mode & 0o777).toBe(0o700)
      expect(statSync(REGISTRY_AUTH_FILE).mode & 0o777).toBe(0o600)

      expect(read(join(DOCKER_CONFIG, 'config.json'))).toEqual({
        ...config,
        auths: { ...config.auths, 'us.icr.io': entryOf(credentials) },
      })
      expect(read(REGISTRY_AUTH_FILE)).toEqual({
        auths: { 'quay.io': somebody, 'us.icr.io': entryOf(credentials), 'docker.io': somebody },
        credHelpers: { 'gcr.io': 'mine' },
      })
      expect(readdirSync(DOCKER_CONFIG).sort()).toEqual(['buildx', 'config.json', 'contexts'])
      expect(existsSync(join(DOCKER_CONFIG, 'buildx/instances/mine'))).toBe(true)
      for (const client of ['podman', 'buildah', 'skopeo']) {
        for (const [domain, user] of [
          ['us.icr.io', credentials.profileId],
          ['quay.io', 'somebody'],
          ['docker.io', 'somebody'],
        ]) {
          expect(
            (await job.run(`${client} login --get-login ${domain} 2>&1`)).log.trim().split('\n').at(-1),
          ).toBe(user)
        }
      }
      const pushers = clients === 'machine' ? CLIENTS : (['skopeo'] as const)
      for (const client of pushers) {
        expect(await laterSteps(job, client).push(`us.icr.io/team/isolated:${client}`)).toMatchObject({
          exitCode: 0,
        })
      }

      const [post] = await job.end()
      expect(post).toMatchObject({
        exitCode: 0,
        annotations: [],
        exported: { DOCKER_CONFIG: '', REGISTRY_AUTH_FILE: '' },
      })
      expect(readdirSync(job.temp)).toEqual([])
      expect(read(join(job.home, '.docker/config.json'))).toEqual(config)
      expect(existsSync(join(job.home, '.docker/buildx/instances/mine'))).toBe(true)
      expect(read(join(job.runtime, 'containers/auth.json')).auths['us.icr.io']).toEqual(somebody)
    },
  )
}

test('isolated: docker plugins and contexts still work', async () => {
  const job = testbed.newJob()
  const plugin = join(job.home, '.docker/cli-plugins/docker-hello')
  const metadata = JSON.stringify({
    SchemaVersion: '0.1.0',
    Vendor: 'us',
    Version: '1',
    ShortDescription: 'hello',
  })
  const program = `#!/bin/sh\nif [ "$1" = docker-cli-plugin-metadata ]; then echo '${metadata}'; else echo hello from a plugin; fi\n`
  put(plugin, program, 0o755)
  expect(await job.run('docker context create mine --docker host=unix:///nowhere')).toMatchObject({
    exitCode: 0,
  })
  await job.uses(inputs(testbed.credentials(), { isolated: 'true' }))
  expect(await job.run('docker hello')).toMatchObject({ exitCode: 0, log: 'hello from a plugin\n' })
  expect((await job.run('docker context ls --quiet')).log).toContain('mine')
  await job.end()
  expect(await job.run('docker hello')).toMatchObject({ exitCode: 0 })
})

test('isolated, on a file system without links: a context is copied, and a warning lists what may be too large to copy', async () => {
  const { DOCKER_HOST } = testbed.env
  const refuse = `--require ${join(repository, '__tests__/testbed/refuse.cjs')}`
  const job = testbed.newJob({
    env: { DOCKER_HOST: '', NODE_OPTIONS: refuse, REFUSE_ALWAYS: '^symlinkSync' },
  })
  job.env.REFUSED = join(job.folder, 'refused')
  await job.run(`docker context create mine --docker host=${DOCKER_HOST} && docker context use mine`)
  put(join(job.home, '.docker/buildx/current'), {})
  put(join(job.home, '.docker/ca.pem'), 'of a daemon')
  const { exported, ...step } = await job.uses(inputs(testbed.credentials(), { isolated: 'true' }))
  const { DOCKER_CONFIG = '' } = exported
  expect(step).toMatchObject({
    exitCode: 0,
    annotations: [
      {
        kind: 'warning',
        message: `isolated: buildx of Docker's configuration folder cannot be linked into ${DOCKER_CONFIG}, so later steps cannot use it.`,
      },
    ],
  })
  expect(readdirSync(DOCKER_CONFIG).sort()).toEqual(['ca.pem', 'config.json', 'contexts'])
  expect(await laterSteps(job, 'docker').push('us.icr.io/team/without-links:1')).toMatchObject({
    exitCode: 0,
  })
  expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
  expect(readdirSync(job.temp)).toEqual([])
  expect(readdirSync(join(job.home, '.docker')).sort()).toEqual([
    'buildx',
    'ca.pem',
    'config.json',
    'contexts',
  ])
})

test('isolated: the keychain is not used, but its hosts are available', async () => {
  const credentials = testbed.credentials()
  const job = testbed.newJob()
  const kept = addHelper(job, 'chain')
  put(join(job.home, '.docker/config.json'), { credsStore: 'chain', auths: { 'quay.io': {} } })
  put(join(kept, 'quay.io'), { ServerURL: 'quay.io', Username: 'u', Secret: 's' })
  put(join(kept, 'us.icr.io'), { ServerURL: 'us.icr.io', Username: 'u', Secret: 's' })
  const step = await job.uses(inputs(credentials, { isolated: 'true' }))
  expect(step).toMatchObject({ exitCode: 0, annotations: [] })
  expect(read(join(step.exported.DOCKER_CONFIG ?? '', 'config.json'))).toEqual({
    credHelpers: { 'quay.io': 'chain' },
    auths: { 'us.icr.io': entryOf(credentials) },
  })
  expect(await laterSteps(job, 'docker').push('us.icr.io/team/chain:1')).toMatchObject({ exitCode: 0 })
  await job.end()
  expect(readdirSync(kept).sort()).toEqual(['quay.io', 'us.icr.io'])
})

test('isolated: a missing keychain is not an error', async () => {
  const job = testbed.newJob()
  put(join(job.home, '.docker/config.json'), { credsStore: 'missing' })
  expect(await job.uses(inputs(testbed.credentials(), { isolated: 'true' }))).toMatchObject({
    exitCode: 0,
    annotations: [
      {
        kind: 'warning',
        message: expect.stringMatching(/^isolated: docker-credential-missing .* could not list/),
      },
    ],
  })
  expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
})

// Older skopeo, podman and buildah read docker's file at each login, regardless of their options, and fail if
// it is malformed.
test('isolated: a malformed file is not an error, and is not changed', async () => {
  const job = testbed.newJob()
  const file = join(job.home, '.docker/config.json')
  put(file, '{"auths": ')
  const login = await job.uses(inputs(testbed.credentials(), { isolated: 'true' }))
  const warning = { kind: 'warning', message: expect.stringContaining(`${file} cannot be read`) }
  expect(login).toMatchObject({ exitCode: 0, annotations: [warning] })
  expect(await laterSteps(job, 'docker').push('us.icr.io/team/broken:1')).toMatchObject({ exitCode: 0 })
  await job.end()
  expect(readFileSync(file, 'utf8')).toBe('{"auths": ')
})

test('isolated: two jobs with the same home and domain do not affect each other', async () => {
  const home = join(testbed.folder, 'home-of-two')
  mkdirSync(home)
  const [first, second] = [testbed.newJob({ home }), testbed.newJob({ home })]
  const credentials = [testbed.credentials(), testbed.credentials()] as const
  await first.uses(inputs(credentials[0], { isolated: 'true' }))
  await second.uses(inputs(credentials[1], { isolated: 'true' }))
  await first.end()
  expect(await laterSteps(second, 'docker').push('us.icr.io/team/two:2')).toMatchObject({ exitCode: 0 })
  await second.end()
  expect(readdirSync(home)).toEqual([])
})

describe('isolated: the credentials are in both files, for any client', () => {
  const filesOf = ({ exported }: StepResult) => [
    join(exported.DOCKER_CONFIG ?? '', 'config.json'),
    exported.REGISTRY_AUTH_FILE ?? '',
  ]
  // Like a tool that reads only one file.
  const docker = (job: Job) => laterSteps(job, 'docker').push('us.icr.io/team/both:docker')
  const skopeo = (job: Job) =>
    job.run('skopeo list-tags --authfile "$REGISTRY_AUTH_FILE" docker://us.icr.io/team/both')

  test.each(CLIENTS)('%s', async client => {
    const credentials = testbed.credentials()
    const job = testbed.newJob()
    const step = await job.uses(inputs(credentials, { client, isolated: 'true' }))
    expect(step).toMatchObject({ exitCode: 0, annotations: [] })
    expect(filesWithSecret(job.folder, credentials).sort()).toEqual(filesOf(step).sort())
    expect(await docker(job)).toMatchObject({ exitCode: 0 })
    expect(await skopeo(job)).toMatchObject({ exitCode: 0 })
    expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
    expect(readdirSync(job.temp)).toEqual([])
    expect((await docker(job)).exitCode).not.toBe(0)
  })

  // podman 5 and other clients of its time read only the file that the first step's variable points to.
  test.each<ClientName>(['docker', 'podman'])(
    'and so are those of a later step with %s, without isolated',
    async client => {
      const credentials = testbed.credentials()
      const job = testbed.newJob()
      const first = await job.uses(inputs(testbed.credentials(), { region: 'eu-de', isolated: 'true' }))
      expect(await job.uses(inputs(credentials, { client }))).toMatchObject({ exitCode: 0, exported: {} })
      for (const file of filesOf(first))
        expect(read(file).auths).toMatchObject({ 'us.icr.io': entryOf(credentials) })
      expect(await docker(job)).toMatchObject({ exitCode: 0 })
      expect(await skopeo(job)).toMatchObject({ exitCode: 0 })
      expect((await job.end()).map(({ exitCode, annotations }) => [exitCode, annotations])).toEqual([
        [0, []],
        [0, []],
      ])
      expect(filesWithSecret(job.folder, credentials)).toEqual([])
    },
  )

  test('client: none with credentials-file: neither file has them', async () => {
    const credentials = testbed.credentials()
    const job = testbed.newJob()
    const file = join(job.folder, 'pull.json')
    const more = { client: 'none', isolated: 'true', 'credentials-file': file }
    const step = await job.uses(inputs(credentials, more))
    expect(step).toMatchObject({ exitCode: 0, annotations: [] })
    expect(filesWithSecret(job.folder, credentials)).toEqual([file])
    expect(filesOf(step).every(existsSync)).toBe(true)
    expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
    expect(readdirSync(job.temp)).toEqual([])
  })
})

test('a step after an isolated one stores in the same files, and everything is restored at the end', async () => {
  const job = testbed.newJob({ env: { DOCKER_CONFIG: join(testbed.folder, 'own-docker') } })
  const [one, two] = [testbed.credentials(), testbed.credentials()]
  const first = await job.uses(inputs(one, { isolated: 'true' }))
  await job.uses(inputs(two, { region: 'eu-de' }))
  expect(Object.keys(read(join(first.exported.DOCKER_CONFIG ?? '', 'config.json')).auths)).toEqual([
    'us.icr.io',
    'de.icr.io',
  ])
  const posts = await job.end()
  expect(posts.at(-1)?.exported).toEqual({
    DOCKER_CONFIG: join(testbed.folder, 'own-docker'),
    REGISTRY_AUTH_FILE: '',
  })
  expect(readdirSync(job.temp)).toEqual([])
})

describe('credential helpers', () => {
  test.each([
    ['credHelpers', { credHelpers: { 'us.icr.io': 'mine' } }],
    ['credsStore', { credsStore: 'mine' }],
  ])(
    '%s: the helper stores the credentials, no file does, and they are erased at the end',
    async (_name, config) => {
      const credentials = testbed.credentials()
      const job = testbed.newJob()
      const kept = addHelper(job, 'mine')
      const file = join(job.home, '.docker/config.json')
      put(file, config)
      expect(await job.uses(inputs(credentials))).toMatchObject({ exitCode: 0, annotations: [] })
      expect(read(join(kept, 'us.icr.io'))).toEqual({
        ServerURL: 'us.icr.io',
        Username: credentials.profileId,
        Secret: credentials.apiKey,
      })
      expect(filesWithSecret(job.folder, credentials)).toEqual([join(kept, 'us.icr.io')])
      const pushed = await laterSteps(job, 'docker').push('us.icr.io/team/helper:1')
      expect(pushed).toMatchObject({ exitCode: 0 })
      expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
      expect(readdirSync(kept)).toEqual([])
      expect(read(file)).toEqual(config)
    },
  )

  test('one that stores the same credentials of an earlier step: kept until the post step of that step', async () => {
    const credentials = testbed.credentials()
    const job = testbed.newJob()
    const kept = addHelper(job, 'mine')
    put(join(job.home, '.docker/config.json'), { credsStore: 'mine' })
    expect(await job.uses(inputs(credentials))).toMatchObject({ exitCode: 0, annotations: [] })
    expect(await job.uses(inputs(credentials))).toMatchObject({ exitCode: 0, annotations: [] })
    const [second, first] = await job.end()
    expect(second).toMatchObject({
      exitCode: 0,
      log: 'Nothing to log out of: this step stored no credentials\n',
      annotations: [],
    })
    expect(first).toMatchObject({
      exitCode: 0,
      log: expect.stringContaining('Logged out'),
      annotations: [],
    })
    expect(readdirSync(kept)).toEqual([])
  })

  test('one that is locked at the end of the job: a warning that the credentials are still there', async () => {
    const credentials = testbed.credentials()
    const job = testbed.newJob()
    const locked = join(job.folder, 'locked')
    const kept = addHelper(job, 'mine', `[ ! -e ${locked} ] || { echo 'keychain is locked'; exit 1; }`)
    put(join(job.home, '.docker/config.json'), { credsStore: 'mine' })
    expect(await job.uses(inputs(credentials))).toMatchObject({ exitCode: 0, annotations: [] })
    writeFileSync(locked, '')
    expect(await job.end()).toMatchObject([
      {
        exitCode: 0,
        annotations: [
          { kind: 'warning', message: expect.stringMatching(/Failed to log out.*keychain is locked/) },
        ],
      },
    ])
    expect(readdirSync(kept)).toEqual(['us.icr.io'])
  })

  test.each([
    [
      'that already has the domain',
      'held',
      /docker-credential-mine already stores another login for us\.icr\.io.* Set isolated: true/,
    ],
    [
      'that cannot store',
      'broken',
      /docker-credential-mine, .* failed to store: no keychain here.* Set isolated: true/,
    ],
    [
      'whose list cannot be read',
      'garbage',
      /docker-credential-mine, .* failed to list: its output is not JSON\. Set isolated: true/,
    ],
    [
      'that is missing',
      'missing',
      /docker-credential-mine, .* failed to list: not found in PATH\. Set isolated: true/,
    ],
  ])('one %s: an error, and nothing changes', async (_name, how, says) => {
    const credentials = testbed.credentials()
    const job = testbed.newJob()
    put(join(job.home, '.docker/config.json'), { credHelpers: { 'us.icr.io': 'mine' } })
    const kept =
      how === 'missing'
        ? ''
        : addHelper(
            job,
            'mine',
            {
              broken: '[ "$1" != store ] || { echo "no keychain here"; exit 1; }',
              garbage: '[ "$1" != list ] || echo "gpg: warning"',
            }[how] ?? '',
          )
    if (how === 'held' || how === 'garbage')
      put(join(kept, 'us.icr.io'), { ServerURL: 'us.icr.io', Username: 'u', Secret: 's' })
    const step = await job.uses(inputs(credentials))
    expect(step.exitCode).toBe(1)
    expect(step.annotations).toEqual([{ kind: 'error', message: expect.stringMatching(says) }])
    expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
    expect(filesWithSecret(job.folder, credentials)).toEqual([])
    if (how === 'held' || how === 'garbage')
      expect(read(join(kept, 'us.icr.io'))).toMatchObject({ Username: 'u' })
  })
})

describe('credentials-file', () => {
  test('has only these credentials, for all regions; works with skopeo and DOCKER_CONFIG; is deleted', async () => {
    const credentials = testbed.credentials()
    const job = testbed.newJob({ clients: 'nobody' })
    const step = await job.uses(
      inputs(credentials, {
        region: 'us-south,eu-de',
        client: 'none',
        'credentials-file': 'new/config.json',
      }),
    )
    const file = join(job.workspace, 'new/config.json')
    expect(step).toMatchObject({ exitCode: 0, outputs: { 'credentials-file': file } })
    expect(step.annotations).toEqual([
      { kind: 'warning', message: expect.stringMatching(/inside the workspace.*\.dockerignore.*artifact/) },
    ])
    expect(read(file)).toEqual({
      auths: { 'us.icr.io': entryOf(credentials), 'de.icr.io': entryOf(credentials) },
    })
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(job.starts).toEqual([])
    expect(readdirSync(job.home)).toEqual([])

    const later = testbed.newJob()
    expect(
      await later.run(`skopeo list-tags --authfile ${file} docker://us.icr.io/team/none 2>&1 || true`),
    ).toMatchObject({
      log: expect.stringMatching(/404|not known/),
    })
    later.env.DOCKER_CONFIG = dirname(file)
    expect(await laterSteps(later, 'docker').push('us.icr.io/team/file:1')).toMatchObject({ exitCode: 0 })
    expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
    expect(existsSync(dirname(file))).toBe(false)
  })

  testUnless(noKubectl)('can be used by kubectl to create a pull secret', async () => {
    const credentials = testbed.credentials()
    const job = testbed.newJob()
    const file = join(job.temp, 'pull.json')
    await job.uses(inputs(credentials, { client: 'none', 'credentials-file': file }))
    const secret = await job.run(
      `kubectl create secret generic pull --type=kubernetes.io/dockerconfigjson --from-file=.dockerconfigjson=${file} --dry-run=client --output=json`,
    )
    expect(secret.exitCode).toBe(0)
    const { type, data } = JSON.parse(secret.raw)
    expect(type).toBe('kubernetes.io/dockerconfigjson')
    expect(JSON.parse(Buffer.from(data['.dockerconfigjson'], 'base64').toString())).toEqual({
      auths: { 'us.icr.io': entryOf(credentials) },
    })
  })

  test('is replaced completely by a second step; a file that clients use is refused', async () => {
    const credentials = testbed.credentials()
    const job = testbed.newJob()
    const file = join(job.temp, 'icr.json')
    await job.uses(inputs(credentials, { 'credentials-file': file }))
    put(file, { auths: { ...read(file).auths, 'jp.icr.io': somebody } })
    await job.uses(inputs(credentials, { region: 'us-south', 'credentials-file': file }))
    expect(read(file)).toEqual({ auths: { 'us.icr.io': entryOf(credentials) } })
    await job.uses(inputs(credentials, { region: 'us-south, eu-de', 'credentials-file': file }))
    expect(Object.keys(read(file).auths)).toEqual(['us.icr.io', 'de.icr.io'])

    const refused = await job.uses(
      inputs(credentials, { 'credentials-file': join(job.home, '.docker/config.json') }),
    )
    expect(refused.annotations).toEqual([
      {
        kind: 'error',
        message: expect.stringMatching(/^credentials-file: .* is used by a client of this step/),
      },
    ])
    await job.end()
    expect(filesWithSecret(job.folder, credentials)).toEqual([])
  })

  test('is kept with logout: false', async () => {
    const credentials = testbed.credentials()
    const job = testbed.newJob()
    const file = join(job.folder, 'pull.json')
    await job.uses(inputs(credentials, { client: 'none', 'credentials-file': file, logout: 'false' }))
    await job.end()
    expect(filesWithSecret(job.folder, credentials)).toEqual([file])
  })

  test('replaces a file with only ICR credentials, and no other', async () => {
    const credentials = testbed.credentials()
    const job = testbed.newJob()
    const file = join(job.folder, 'pull.json')
    put(file, { auths: { 'jp.icr.io': somebody } })
    await job.uses(inputs(credentials, { client: 'none', 'credentials-file': file }))
    expect(read(file)).toEqual({ auths: { 'us.icr.io': entryOf(credentials) } })
    for (const other of [{ auths: { 'quay.io': somebody } }, { auths: {}, credsStore: 'mine' }]) {
      put(file, other)
      const step = await job.uses(inputs(credentials, { client: 'docker', 'credentials-file': file }))
      expect(step.annotations.filter(({ kind }) => kind === 'error')).toEqual([
        {
          kind: 'error',
          message: expect.stringContaining(`credentials-file: ${file} exists and contains more than`),
        },
      ])
      expect(read(file)).toEqual(other)
      expect(filesWithSecret(job.home, credentials)).toEqual([])
    }
  })

  test.each([
    [{ client: 'none' }, /^client: none requires credentials-file/],
    [
      { client: 'none, docker', 'credentials-file': 'x.json' },
      /^client: none cannot be combined with other clients/,
    ],
    [{ isolated: 'perhaps' }, /^isolated: "perhaps" is not supported. Accepted: true, false/],
  ])('%j is an error', async (more, says) => {
    const job = testbed.newJob()
    const step = await job.uses(inputs(testbed.credentials(), more as Record<string, string>))
    expect(step.annotations).toEqual([{ kind: 'error', message: expect.stringMatching(says) }])
  })

  test('client: none has the same explanations and retries', async () => {
    const credentials = { ...testbed.credentials(), apiKey: 'k'.repeat(44) }
    const job = testbed.newJob()
    const file = join(job.folder, 'pull.json')
    const refused = await job.uses(inputs(credentials, { client: 'none', 'credentials-file': file }))
    expect(refused.annotations).toEqual([
      {
        kind: 'error',
        message: expect.stringMatching(
          /^Login to us\.icr\.io failed\. IBM Cloud IAM does not know the API key/,
        ),
      },
    ])
    expect(existsSync(file)).toBe(false)
    let left = 1
    testbed.fault(({ path }) => (path === '/oauth/token' && left-- > 0 ? { status: 503 } : undefined))
    const good = await job.uses(inputs(testbed.credentials(), { client: 'none', 'credentials-file': file }))
    testbed.fault()
    expect(good).toMatchObject({ exitCode: 0, annotations: [] })
    expect(good.log).toContain('Retrying')
  })
})

test('a self-hosted runner without isolated: a one-line hint', async () => {
  const credentials = testbed.credentials()
  const told = async (more: Record<string, string>) =>
    (await testbed.newJob({ environment: 'self-hosted' }).uses(inputs(credentials, more))).log.match(
      /another job on the same registry domain can log this one out\. .* isolated: true/g,
    )?.length ?? 0
  expect([await told({}), await told({ isolated: 'true' })]).toEqual([1, 0])
})

test('logins that take precedence over the entry: warnings', async () => {
  const DOCKER_AUTH_CONFIG = JSON.stringify({ auths: { 'us.icr.io': somebody } })
  const job = testbed.newJob({ env: { DOCKER_AUTH_CONFIG } })
  put(join(job.runtime, 'containers/auth.json'), { auths: { 'us.icr.io/team': somebody } })
  const step = await job.uses(inputs(testbed.credentials(), { client: 'docker,skopeo' }))
  expect(step.annotations.map(({ message }) => message)).toEqual([
    'DOCKER_AUTH_CONFIG contains a login for us.icr.io, which takes precedence over this login in docker 28.3 and later.',
    `${join(job.runtime, 'containers/auth.json')} contains a login for us.icr.io/team, which takes precedence over this login in podman, buildah and skopeo.`,
  ])
})
