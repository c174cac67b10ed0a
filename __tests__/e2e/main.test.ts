import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { CLIENT_NAMES } from '../../src/clients/table.ts'
import { filesWithSecret, holdsSecret } from '../testbed/find-secret.ts'
import { inputs, put, read } from '../testbed/helpers.ts'
import { startTestbed, type Testbed } from '../testbed/index.ts'
import { laterSteps } from '../testbed/later-steps.ts'

let testbed: Testbed
beforeAll(async () => {
  testbed = await startTestbed({ daemon: true })
})
afterEach(() => testbed.tidy())
afterAll(() => testbed.stop())

const REFUSED = /unauthorized|denied|authentication required/

describe.each(CLIENT_NAMES)('%s', client => {
  test('logs in, pushes and pulls; the post step removes everything, and then a pull is refused', async () => {
    const credentials = testbed.credentials()
    const { profileId, apiKey } = credentials
    const job = testbed.newJob()
    const image = `us.icr.io/team/main:${client}`
    const later = laterSteps(job, client)
    // A job that also has the API key in its `env:`.
    const env = { ICR_KEY: apiKey, ICR_PAIR: Buffer.from(`${profileId}:${apiKey}`).toString('base64') }

    const login = await job.uses(inputs(credentials, { client }), env)
    expect(login).toMatchObject({
      exitCode: 0,
      annotations: [],
      outputs: { registry: 'us.icr.io', registries: '["us.icr.io"]' },
    })
    const store =
      client === 'docker' ? join(job.home, '.docker/config.json') : join(job.runtime, 'containers/auth.json')
    const [proven, saved, ...more] = login.log.trim().split('\n')
    expect(proven).toMatch(
      new RegExp(`^Logged in to us.icr.io as ${profileId} with ${client} \\(\\d+\\.\\d s\\)$`),
    )
    expect([saved, ...more]).toEqual([`Credentials saved to ${store}`])
    expect(statSync(store).mode & 0o777).toBe(0o600)
    expect(Object.keys(read(store).auths)).toEqual(['us.icr.io'])

    expect(job.starts).toHaveLength(1)
    expect(job.starts.filter(({ args, env }) => holdsSecret(`${args}${env}`, credentials))).toEqual([])
    expect(job.starts[0]?.env).not.toMatch(/^(INPUT|STATE)_/m)
    expect(holdsSecret(login.log, credentials)).toBe(false)

    expect(await later.push(image)).toMatchObject({ exitCode: 0 })
    expect(await later.pull(image)).toMatchObject({ exitCode: 0 })

    const [end] = await job.end()
    expect(end).toMatchObject({ exitCode: 0, annotations: [] })
    expect(end?.log.trim()).toBe(`Logged out of us.icr.io (${store})`)
    expect(() => statSync(store)).toThrow('ENOENT')
    expect(filesWithSecret(job.folder, credentials)).toEqual([])
    const refused = await later.pull(image)
    expect(refused.exitCode).not.toBe(0)
    expect(refused.log).toMatch(REFUSED)
  })
})

test('the step in the README logs in and out, and the README shows its log', async () => {
  const readme = readFileSync('README.md', 'utf8')
  const [, yaml = ''] = readme.match(/```yaml\n(.*?)```/s) ?? []
  const [, shown] = readme.match(/```text\n(.*?)```/s) ?? []
  const [step] = parse(yaml) as { uses: string; with: Record<string, string> }[]
  const credentials = testbed.credentials()
  const job = testbed.newJob()
  const login = await job.uses({ ...step?.with, ...inputs(credentials, {}) })
  const [post] = await job.end()
  const log = [`Run ${step?.uses}`, login.log, `Post Run ${step?.uses}`, post?.log]
    .flatMap(text => text?.trim().split('\n'))
    .map(line => (line?.includes('Run ') ? line : `  ${line}`))
    .join('\n')
  expect(
    log
      .replaceAll(credentials.profileId, 'Profile-6e1f7ea6-734c-49f5-832a-cd8f4aaed739')
      .replaceAll(job.home, '/home/runner')
      .replace(/\d+\.\d s/, '0.9 s'),
  ).toBe(shown?.trim())
})

test('all clients at once, in several regions, with debug logging', async () => {
  const credentials = testbed.credentials()
  const job = testbed.newJob({ debug: true })
  const login = await job.uses({
    region: 'US-South, uk-south\n private.de.icr.io, us.icr.io',
    'profile-id': `iam-${credentials.profileId}`,
    'api-key': `${credentials.apiKey}\n`,
    client: 'docker, podman\nbuildah,skopeo',
  })
  const domains = ['us.icr.io', 'uk.icr.io', 'private.de.icr.io']
  expect(login).toMatchObject({
    exitCode: 0,
    outputs: { registry: 'us.icr.io', registries: JSON.stringify(domains) },
  })
  expect(job.starts).toHaveLength(12)
  expect(holdsSecret(login.log, credentials)).toBe(false)
  const { auths } = read(join(job.home, '.docker/config.json'))
  expect(Object.keys(auths)).toEqual(domains)
  for (const client of ['podman', 'buildah', 'skopeo']) {
    for (const domain of domains) {
      expect(await job.run(`${client} login --get-login ${domain}`)).toMatchObject({
        log: `${credentials.profileId}\n`,
      })
    }
  }
  await job.end()
  expect(filesWithSecret(job.folder, credentials)).toEqual([])
})

test('logout: false keeps the credentials, and nothing else', async () => {
  const credentials = testbed.credentials()
  const job = testbed.newJob()
  await job.uses(inputs(credentials, { logout: 'false' }))
  expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
  expect(filesWithSecret(job.folder, credentials)).toEqual([join(job.home, '.docker/config.json')])
  expect(await laterSteps(job, 'docker').push('us.icr.io/team/kept:1')).toMatchObject({ exitCode: 0 })
})

test('with a docker context, the login is performed by the context’s daemon', async () => {
  const job = testbed.newJob({ env: { DOCKER_HOST: '' } })
  const host = testbed.env.DOCKER_HOST
  await job.run(`docker context create mine --docker host=${host} && docker context use mine`)
  const login = await job.uses(inputs(testbed.credentials()))
  expect(login.exitCode).toBe(0)
  const agents = testbed.requests.map(({ userAgent }) => userAgent)
  expect(agents.length).toBeGreaterThan(0)
  // The daemon's user agent contains the client's.
  expect(agents.filter(agent => !/^docker\/\S+ .*UpstreamClient/.test(agent))).toEqual([])
  expect(await laterSteps(job, 'docker').push('us.icr.io/team/context:1')).toMatchObject({ exitCode: 0 })
  await job.end()
  expect(read(join(job.home, '.docker/config.json'))).toEqual({
    auths: {},
    currentContext: 'mine',
  })
})

test('what in PATH cannot be searched, or is no program, is skipped without a word in the log', async () => {
  const job = testbed.newJob()
  const folder = (name: string) => join(job.folder, 'path', name)
  put(folder('a-file'), '')
  symlinkSync('a-loop', folder('a-loop'))
  mkdirSync(join(folder('a-folder'), 'docker'), { recursive: true })
  put(join(folder('no-program'), 'docker'), '#!/bin/sh\nexit 1\n')
  job.env.PATH = [
    ...['a-file', 'a-loop', 'a-folder', 'no-program', 'x'.repeat(300)].map(folder),
    '',
    job.env.PATH,
  ].join(':')
  put(join(job.workspace, 'docker'), '#!/bin/sh\nexit 1\n', 0o755)
  const login = await job.uses(inputs(testbed.credentials()))
  expect(login).toMatchObject({ exitCode: 0, annotations: [] })
  expect(login.log).toMatch(/^(?:\*\*\*\n)*Logged in to us\.icr\.io as .*\nCredentials saved to .*\n$/)
  expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
})

test('a client that is not installed', async () => {
  const job = testbed.newJob({ env: { PATH: '/nowhere' } })
  const login = await job.uses(inputs(testbed.credentials(), { client: 'skopeo' }))
  expect(login.exitCode).toBe(1)
  expect(login.annotations).toEqual([
    {
      kind: 'error',
      message:
        'client: skopeo not found in PATH. Install it in an earlier step (apt-get install skopeo, dnf install skopeo, brew install skopeo), or use another client.',
    },
  ])
  expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
})

test('a client that cannot be started, because its interpreter is missing: the error names it', async () => {
  const job = testbed.newJob()
  const docker = join(job.folder, 'bin/docker')
  rmSync(docker, { force: true })
  put(docker, '#!/nowhere/sh\n', 0o755)
  const { annotations, exitCode } = await job.uses(inputs(testbed.credentials()))
  expect(exitCode).toBe(1)
  expect(annotations).toEqual([{ kind: 'error', message: expect.stringMatching(`^Login .*${docker}`) }])
  expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
  expect(readdirSync(job.temp)).toEqual([])
})
