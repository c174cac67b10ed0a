import { execFileSync } from 'node:child_process'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { filesWithSecret } from '../testbed/find-secret.ts'
import { entryOf, inputs, put, read, somebody } from '../testbed/helpers.ts'
import { type Credentials, startTestbed, type Testbed } from '../testbed/index.ts'
import { laterSteps } from '../testbed/later-steps.ts'
import { noMounts, testUnless } from '../testbed/needs.ts'
import type { Job } from '../testbed/runner.ts'

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
  job.env.REGISTRY_AUTH_FILE = join(job.home, 'auth.json')
})
afterEach(() => testbed.tidy())

const config = () => join(job.home, '.docker/config.json')

/** Like a step that frees disk space. */
function emptyTemp(): void {
  for (const name of readdirSync(job.temp)) rmSync(join(job.temp, name), { recursive: true })
}

/** A credential helper that records its calls and their environment. It needs an environment to work. */
function addHelper(): { kept: string; calls: string } {
  const [kept, calls] = [join(job.folder, 'kept'), join(job.folder, 'calls')]
  for (const folder of [kept, calls]) mkdirSync(folder)
  const script = `#!/bin/bash
[ -n "$HOME" ] || { echo 'no environment'; exit 1; }
env >"$(mktemp ${calls}/$1.XXXXXX)"
case $1 in
  list) echo '{}' ;;
  store) cat >${kept}/login ;;
  get) [ -e ${kept}/login ] && cat ${kept}/login || { echo 'credentials not found in native keychain'; exit 1; } ;;
  erase) rm ${kept}/login ;;
esac`
  writeFileSync(join(job.folder, 'bin/docker-credential-mine'), script, { mode: 0o755 })
  put(config(), { credsStore: 'mine' })
  return { kept, calls }
}

describe('RUNNER_TEMP is emptied during the job', () => {
  test('the post step still logs out, and warns about what cannot be restored', async () => {
    const others = { 'quay.io': somebody, 'us.icr.io': somebody }
    put(config(), { auths: others })
    const step = await job.uses(inputs(credentials, { region: 'us-south, eu-de', client: 'docker, skopeo' }))
    expect(step).toMatchObject({ exitCode: 0, annotations: [] })
    expect(filesWithSecret(job.folder, credentials)).not.toEqual([])
    // The state outlives the folder, and everyone can read it, so it must not contain secrets.
    const state = JSON.stringify(step.state)
    expect(state).not.toContain(somebody.auth)
    expect(state).not.toContain(credentials.apiKey)
    expect(state).not.toContain(entryOf(credentials).auth)

    emptyTemp()
    expect(await job.end()).toMatchObject([
      {
        exitCode: 0,
        annotations: [
          {
            kind: 'warning',
            message: expect.stringContaining(
              `The login for us.icr.io that was in ${config()} before this step could not be restored`,
            ),
          },
        ],
      },
    ])
    expect(read(config())).toEqual({ auths: { 'quay.io': somebody } })
    expect(existsSync(join(job.home, 'auth.json'))).toBe(false)
    expect(filesWithSecret(job.folder, credentials)).toEqual([])
    expect(readdirSync(job.temp)).toEqual([])
    expect(await laterSteps(job, 'skopeo').push('us.icr.io/team/left:1')).toMatchObject({ exitCode: 1 })
  })

  test.each([{}, null, { auth: '' }])(
    'an earlier entry %j was not a login, so there is no warning',
    async entry => {
      put(config(), { auths: { 'us.icr.io': entry, 'quay.io': somebody } })
      await job.uses(inputs(credentials))
      emptyTemp()
      expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
      expect(read(config())).toEqual({ auths: { 'quay.io': somebody } })
    },
  )

  test('a helper erases the credentials, and variables are restored', async () => {
    const { kept } = addHelper()
    expect(await job.uses(inputs(credentials))).toMatchObject({ exitCode: 0, annotations: [] })
    expect(existsSync(join(kept, 'login'))).toBe(true)
    const isolated = await job.uses(inputs(credentials, { region: 'eu-de', isolated: 'true' }))
    expect(isolated).toMatchObject({ exitCode: 0 })
    emptyTemp()
    const [second, first] = await job.end()
    expect(second?.exported).toEqual({ DOCKER_CONFIG: '', REGISTRY_AUTH_FILE: join(job.home, 'auth.json') })
    expect(first).toMatchObject({ exitCode: 0, annotations: [] })
    expect(readdirSync(kept)).toEqual([])
    expect(readdirSync(job.temp)).toEqual([])
  })

  test('with logout: false, the credentials are kept', async () => {
    await job.uses(inputs(credentials, { logout: 'false' }))
    emptyTemp()
    const [end] = await job.end()
    expect(end).toMatchObject({ exitCode: 0, annotations: [] })
    expect(end?.log.trim()).toBe('Credentials kept, because logout is false')
    expect(Object.keys(read(config()).auths)).toEqual(['us.icr.io'])
  })

  test('credentials that someone else has written since are kept', async () => {
    await job.uses(inputs(credentials))
    put(config(), { auths: { 'us.icr.io': somebody } })
    emptyTemp()
    const [end] = await job.end()
    expect(end).toMatchObject({ exitCode: 0, annotations: [] })
    expect(end?.log.trim()).toBe(
      `Nothing to log out of: ${config()} does not contain this step's credentials for us.icr.io`,
    )
    expect(read(config())).toEqual({ auths: { 'us.icr.io': somebody } })
  })
})

test('a folder that was deleted together with its file is not recreated', async () => {
  // The step does not remove a folder that existed before.
  mkdirSync(join(job.home, '.docker'))
  await job.uses(inputs(credentials))
  rmSync(join(job.home, '.docker'), { recursive: true })
  const [end] = await job.end()
  expect(end).toMatchObject({ exitCode: 0, annotations: [] })
  expect(end?.log).toMatch(/^Nothing to log out of: .*config\.json does not contain/)
  expect(existsSync(join(job.home, '.docker'))).toBe(false)
})

test('if the disk is full at the end of the job, credentials are still removed', async () => {
  const env: Record<string, string> = {}
  const step = await job.uses(inputs(credentials, { client: 'docker, podman', isolated: 'true' }), env)
  const shared = await job.uses(inputs(credentials, { region: 'eu-de' }))
  expect([step.exitCode, shared.exitCode]).toEqual([0, 0])
  // Only in the post step, because the main step exports variables too.
  env.GITHUB_ENV = '/dev/full'
  const [, isolated] = await job.end()
  expect(isolated?.exitCode).toBe(0)
  expect(isolated?.annotations.length).toBeGreaterThan(0)
  for (const { kind, message } of isolated?.annotations ?? []) {
    expect([kind, message]).toEqual(['warning', expect.stringContaining('ENOSPC')])
  }
  expect(filesWithSecret(job.folder, credentials)).toEqual([])
  expect(readdirSync(job.temp)).toEqual([])
})

for (const [what, options, fill] of [
  ['disk space', 'size=64k', 'head -c 1M /dev/zero >full'],
  ['inodes', 'nr_inodes=6', 'while touch $((i += 1)); do :; done'],
] as const) {
  testUnless(noMounts)(
    `a credential file on a disk that has run out of ${what} gets its earlier login back`,
    async () => {
      const folder = join(job.home, '.docker')
      mkdirSync(folder)
      execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder])
      try {
        const before = put(config(), { auths: { 'us.icr.io': somebody } })
        expect(await job.uses(inputs(credentials))).toMatchObject({ exitCode: 0, annotations: [] })
        execFileSync('bash', ['-c', `${fill} 2>/dev/null || true`], { cwd: folder })
        expect(() => writeFileSync(join(folder, 'more'), 'more')).toThrow('ENOSPC')
        rmSync(join(folder, 'more'), { force: true })
        expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
        expect(readFileSync(config(), 'utf8')).toBe(before)
        expect(readdirSync(folder).filter(name => /config|lock/.test(name))).toEqual(['config.json'])
      } finally {
        execFileSync('umount', [folder])
      }
    },
  )
}

test('a credential file whose place a link has taken since: the login is removed where that leads', async () => {
  put(config(), { auths: { 'quay.io': somebody } })
  expect(await job.uses(inputs(credentials))).toMatchObject({ exitCode: 0, annotations: [] })
  const moved = join(job.home, 'docker.json')
  renameSync(config(), moved)
  symlinkSync('../docker.json', config())
  expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
  expect(lstatSync(config()).isSymbolicLink()).toBe(true)
  expect(read(moved)).toEqual({ auths: { 'quay.io': somebody } })
})

test('an entry that got more fields since is still the step’s', async () => {
  put(config(), { auths: { 'us.icr.io': somebody } })
  await job.uses(inputs(credentials))
  put(config(), { auths: { 'us.icr.io': { email: '', identitytoken: '', ...entryOf(credentials) } } })
  expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
  expect(read(config())).toEqual({ auths: { 'us.icr.io': somebody } })
})

describe('a credential file that is broken since: the key goes, and all else stays', () => {
  test.each<[what: string, break_: (text: string) => string]>([
    ['a byte order mark', text => `\ufeff${text}`],
    ['a comment', text => `// mine\n${text}`],
    ['text after its end', text => `${text}\n}`],
    ['half of it', text => text.slice(0, text.indexOf('"quay.io"'))],
    ['a keychain that is a number', text => text.replace('{', '{"credsStore": 5,')],
  ])('%s', async (_what, break_) => {
    put(config(), { auths: { 'us.icr.io': somebody, 'quay.io': somebody } })
    await job.uses(inputs(credentials))
    const broken = put(config(), break_(readFileSync(config(), 'utf8')))
    const [end] = await job.end()
    const message = `${config()} is no longer a valid credential file. This step's credentials were removed from it, but previous logins were not restored.`
    expect(end).toMatchObject({ exitCode: 0, annotations: [{ kind: 'warning', message }] })
    expect(filesWithSecret(job.folder, credentials)).toEqual([])
    expect(readFileSync(config(), 'utf8')).toBe(broken.replace(entryOf(credentials).auth, ''))
  })

  test('without the key in it, it is left alone, and told', async () => {
    await job.uses(inputs(credentials))
    const broken = put(config(), '{"auths": {"us.icr.io": {"auth": "mine"}}')
    const [end] = await job.end()
    const message = expect.stringMatching(/^Failed to log out\. .*: it is not a valid credential file/)
    expect(end).toMatchObject({ exitCode: 0, annotations: [{ kind: 'warning', message }] })
    expect(readFileSync(config(), 'utf8')).toBe(broken)
  })
})

test('a lock file that cannot be one is named, and keeps no login from being removed', async () => {
  const before = put(config(), { auths: { 'quay.io': somebody } })
  const lock = `${config()}.icr-login.lock`
  expect(await job.uses(inputs(credentials))).toMatchObject({ exitCode: 0, annotations: [] })
  const foreign = put(lock, 'not a lock '.repeat(100))
  expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
  expect(readFileSync(config(), 'utf8')).toBe(before)

  const message = expect.stringContaining(`${lock}: cannot be read or replaced`)
  expect(await job.uses(inputs(credentials))).toMatchObject({
    exitCode: 1,
    annotations: [{ kind: 'error', message }],
  })
  await job.end()
  expect([readFileSync(config(), 'utf8'), readFileSync(lock, 'utf8')]).toEqual([before, foreign])
})

test('the post step needs no inputs: a helper works in it, and does not see the API key', async () => {
  const { kept, calls } = addHelper()
  job.env.SOMEBODYS_KEY = credentials.apiKey
  const env: Record<string, string> = {}
  expect(await job.uses(inputs(credentials), env)).toMatchObject({ exitCode: 0, annotations: [] })
  // As the runner does in composite actions: the inputs are those of the outer action, which may lack the
  // key.
  Object.assign(env, { 'INPUT_API-KEY': '', 'INPUT_PROFILE-ID': '' })
  expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
  expect(readdirSync(kept)).toEqual([])
  const seen = readdirSync(calls).map(name => [name.split('.')[0], readFileSync(join(calls, name), 'utf8')])
  expect(seen.map(([action]) => action)).toEqual(expect.arrayContaining(['list', 'store', 'get', 'erase']))
  for (const [action, text = ''] of seen) {
    expect([action, text.includes(credentials.apiKey)]).toEqual([action, false])
    expect([action, text.match(/^(?:INPUT|STATE)_.*$/m)]).toEqual([action, null])
    expect([action, text.includes('SOMEBODYS_KEY')]).toEqual([action, false])
  }
})

describe('a client that writes its login elsewhere is noticed', () => {
  const failed = (client: string, because: string, topic: string) => [
    {
      kind: 'error',
      message: expect.stringMatching(
        new RegExp(
          `^Login to us\\.icr\\.io failed \\(${client}\\)\\. The client reported success, but .*${because}.*\n {4}${client} logout us\\.icr\\.io\n.*#${topic}$`,
          's',
        ),
      ),
    },
  ]

  test('docker in a script that resets the environment, as sudo does', async () => {
    const elsewhere = join(job.folder, 'elsewhere')
    mkdirSync(elsewhere)
    const shim = join(job.folder, 'bin/docker')
    rmSync(shim, { force: true })
    const real = (await job.run('command -v docker')).log.trim()
    const environment = Object.entries({ ...testbed.env, HOME: elsewhere }).map(
      ([name, value]) => `${name}='${value}'`,
    )
    const script = `#!/bin/sh\nexec env -i PATH="$PATH" ${environment.join(' ')} ${real} "$@"\n`
    writeFileSync(shim, script, { mode: 0o755 })
    const step = await job.uses(inputs(credentials))
    expect(step).toMatchObject({ exitCode: 1, annotations: failed('docker', 'a wrapper', 'wrote-elsewhere') })
    expect(existsSync(config())).toBe(false)
    expect(step.outputs).toEqual({})
    // The login is where the error says, and docker's own logout removes it.
    expect(filesWithSecret(elsewhere, credentials)).toEqual([join(elsewhere, '.docker/config.json')])
    await job.run('docker logout us.icr.io')
    expect(filesWithSecret(elsewhere, credentials)).toEqual([])
    await job.end()
    expect(filesWithSecret(job.folder, credentials)).toEqual([])
  })

  test.each(['podman', 'buildah', 'skopeo'])(
    '%s with a credential helper in registries.conf',
    async client => {
      const { kept } = addHelper()
      put(join(job.home, '.config/containers/registries.conf'), 'credential-helpers = ["mine"]\n')
      delete job.env.REGISTRY_AUTH_FILE
      const step = await job.uses(inputs(credentials, { client }))
      const annotations = failed(client, 'credential-helpers in registries\\.conf', 'wrote-to-helper')
      expect(step).toMatchObject({ exitCode: 1, annotations })
      expect(step.annotations[0]?.message).not.toContain('wrapper')
      expect(readdirSync(kept)).toEqual(['login'])
      expect(existsSync(join(job.runtime, 'containers/auth.json'))).toBe(false)
      // The command in the error removes it.
      await job.run(`${client} logout us.icr.io`)
      expect(readdirSync(kept)).toEqual([])
    },
  )
})
