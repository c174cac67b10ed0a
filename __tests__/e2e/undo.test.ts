import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { filesWithSecret } from '../testbed/find-secret.ts'
import { inputs, NOTHING_TO_LOG_OUT_OF, put, read, somebody } from '../testbed/helpers.ts'
import { type Credentials, startTestbed, type Testbed } from '../testbed/index.ts'
import { laterSteps } from '../testbed/later-steps.ts'
import { noRoot, testUnless } from '../testbed/needs.ts'
import { NOBODY, nodeBy } from '../testbed/programs.ts'
import type { Job, JobOptions } from '../testbed/runner.ts'

let testbed: Testbed
let credentials: Credentials
let job: Job
beforeAll(async () => {
  testbed = await startTestbed()
})
afterAll(() => testbed.stop())
beforeEach(() => {
  credentials = testbed.credentials()
  newJob()
})
afterEach(() => testbed.tidy())

const config = () => join(job.home, '.docker/config.json')
const authFile = () => join(job.home, 'auth.json')
const login = (more: Record<string, string> = {}) => job.uses(inputs(credentials, more))

function newJob(options: JobOptions = {}): void {
  job = testbed.newJob(options)
  job.env.REGISTRY_AUTH_FILE = authFile()
}

/**
 * docker's credential helper for us.icr.io, which stores one login in a file. Runs `first` before anything
 * else. @returns the file
 */
function addHelper(first = ''): string {
  const kept = join(job.folder, 'kept-by-helper')
  const script = `#!/bin/bash
${first}
case $1 in
  list) [ -e ${kept} ] && echo '{"us.icr.io":"user"}' || echo '{}' ;;
  store) cat >${kept} ;;
  get) cat ${kept} 2>/dev/null || { echo 'credentials not found in native keychain'; exit 1; } ;;
  erase) rm ${kept} ;;
esac`
  writeFileSync(join(job.folder, 'bin/docker-credential-mine'), script, { mode: 0o755 })
  return kept
}

/** A Node for jobs in which a file is a mount point of the action's steps, so that it cannot be replaced. */
function nodeThatMounts(file: string): string {
  return nodeBy(testbed.folder, `unshare --mount bash -c 'mount --bind "$0" "$0" && exec "$@"' ${file}`)
}

const clean = { exitCode: 0, annotations: [] }

test('a helper fails to store: the login that is already in a file is removed', async () => {
  const written = join(job.folder, 'written')
  // Proves that the file contained the login.
  addHelper(`[ $1 != store ] || { cp ${config()} ${written}; echo 'no keychain here'; exit 1; }`)
  const settings = { auths: { 'de.icr.io': somebody }, credHelpers: { 'us.icr.io': 'mine' } }
  const before = put(config(), settings)
  const step = await login({ region: 'eu-de, us-south' })
  expect(step).toMatchObject({
    exitCode: 1,
    annotations: [{ kind: 'error', message: expect.stringContaining('no keychain here') }],
    outputs: {},
  })
  expect(filesWithSecret(job.folder, credentials)).toEqual([written])
  expect(readFileSync(config(), 'utf8')).toBe(before)
  expect(readdirSync(dirname(config()))).toEqual(['config.json'])
  expect(await job.end()).toMatchObject([clean])
  expect(readFileSync(config(), 'utf8')).toBe(before)
})

for (const [what, mounted] of Object.entries({
  'config.json': '.docker/config.json',
  'auth file': 'auth.json',
})) {
  testUnless(noRoot)(
    `one of two files cannot be replaced, because it is a mount point (${what}): the other one is restored`,
    async () => {
      const home = mkdtempSync(join(testbed.folder, 'home-'))
      newJob({
        home,
        node: nodeThatMounts(join(home, mounted)),
      })
      const before = { auths: { 'us.icr.io': somebody } }
      const texts = [put(config(), before), put(authFile(), before)]
      const files = readdirSync(home, { recursive: true })
      const step = await login({ client: 'docker, skopeo' })
      expect(step).toMatchObject({
        exitCode: 1,
        annotations: [
          {
            kind: 'error',
            message: expect.stringMatching(/json: .*EBUSY.* Mount its folder instead of the file itself,/),
          },
        ],
        outputs: {},
      })
      const asBefore = () => {
        expect([config(), authFile()].map(file => readFileSync(file, 'utf8'))).toEqual(texts)
        expect(readdirSync(home, { recursive: true })).toEqual(files)
      }
      asBefore()
      expect(await job.end()).toMatchObject([clean])
      asBefore()
      expect(filesWithSecret(job.folder, credentials)).toEqual([])
    },
  )
}

describe('after a failed step, the post step does not warn about logins that do not exist', () => {
  const error = (text: string) => ({
    exitCode: 1,
    annotations: [{ kind: 'error', message: expect.stringContaining(text) }],
  })

  test('a helper that fails to store and to get', async () => {
    const kept = addHelper(`[ $1 = list ] || { echo 'keychain is locked'; exit 1; }`)
    put(config(), { credHelpers: { 'us.icr.io': 'mine' } })
    expect(await login({ region: 'eu-de, us-south' })).toMatchObject(error('keychain is locked'))
    expect(read(config())).toEqual({ credHelpers: { 'us.icr.io': 'mine' }, auths: {} })
    expect(await job.end()).toMatchObject([{ ...clean, log: expect.stringMatching(NOTHING_TO_LOG_OUT_OF) }])
    expect(existsSync(kept)).toBe(false)
    expect(readdirSync(job.temp)).toEqual([])
  })

  test('but a helper that was killed is called again, because it may have stored', async () => {
    const unlocked = join(job.folder, 'unlocked')
    const kept =
      addHelper(`if [ $1 = store ]; then cat >${join(job.folder, 'kept-by-helper')}; kill -KILL $$; fi
[ $1 = list ] || [ -e ${unlocked} ] || { echo 'keychain is locked'; exit 1; }`)
    put(config(), { credHelpers: { 'us.icr.io': 'mine' } })
    expect(await login()).toMatchObject(error('it was terminated by SIGKILL'))
    expect(existsSync(kept)).toBe(true)
    writeFileSync(unlocked, '')
    expect(await job.end()).toMatchObject([clean])
    expect(existsSync(kept)).toBe(false)
  })

  testUnless(noRoot)('a folder that is not writable', async () => {
    newJob({ user: NOBODY })
    const before = put(config(), { auths: { 'us.icr.io': somebody } })
    job.own(dirname(config()))
    chmodSync(dirname(config()), 0o500)
    expect(await login()).toMatchObject(error('config.json: cannot be read or replaced (EACCES'))
    expect(await job.end()).toMatchObject([{ ...clean, log: expect.stringMatching(NOTHING_TO_LOG_OUT_OF) }])
    expect(readFileSync(config(), 'utf8')).toBe(before)
    expect(readdirSync(dirname(config()))).toEqual(['config.json'])
  })
})

test('credentials that someone else has stored in the helper since are kept', async () => {
  const kept = addHelper()
  put(config(), { credHelpers: { 'us.icr.io': 'mine' } })
  expect(await login()).toMatchObject(clean)
  const since = put(kept, { ServerURL: 'us.icr.io', Username: 'somebody', Secret: 'else' })
  const [post] = await job.end()
  expect(post).toMatchObject({ ...clean, log: expect.stringMatching(NOTHING_TO_LOG_OUT_OF) })
  expect(readFileSync(kept, 'utf8')).toBe(since)
})

test.each(['DOCKER_CONFIG', 'REGISTRY_AUTH_FILE'])(
  '%s is kept if a later step has changed it; the other variable is restored',
  async name => {
    job.env.DOCKER_CONFIG = join(job.home, '.docker')
    const before = { DOCKER_CONFIG: job.env.DOCKER_CONFIG, REGISTRY_AUTH_FILE: authFile() }
    const { exported, ...step } = await login({ isolated: 'true' })
    expect(step).toMatchObject(clean)
    expect(Object.keys(exported).sort()).toEqual(Object.keys(before))
    job.env[name] = join(job.folder, 'set-since')
    const { [name]: _, ...others } = before as Record<string, string>
    const [post] = await job.end()
    expect(post).toMatchObject(clean)
    expect(post?.exported).toEqual(others)
    expect(readdirSync(job.temp)).toEqual([])
  },
)

test('a file that cannot be restored: a warning, and everything else is restored', async () => {
  const kept = addHelper()
  put(config(), { credHelpers: { 'us.icr.io': 'mine' } })
  put(authFile(), { auths: { 'us.icr.io': somebody } })
  expect(await login({ region: 'us-south, eu-de', client: 'docker, skopeo' })).toMatchObject(clean)
  expect(existsSync(kept)).toBe(true)
  writeFileSync(config(), 'broken')
  const [post] = await job.end()
  expect(post).toMatchObject({
    exitCode: 0,
    annotations: [{ kind: 'warning', message: expect.stringContaining(config()) }],
  })
  expect(readFileSync(config(), 'utf8')).toBe('broken')
  expect(read(authFile())).toEqual({ auths: { 'us.icr.io': somebody } })
  expect(existsSync(kept)).toBe(false)
  expect(readdirSync(job.temp)).toEqual([])
})

test('logout: false keeps the folder with the isolated logins', async () => {
  const { exported } = await login({ client: 'docker, skopeo', isolated: 'true', logout: 'false' })
  const { DOCKER_CONFIG = '', REGISTRY_AUTH_FILE = '' } = exported
  const files = [join(DOCKER_CONFIG, 'config.json'), REGISTRY_AUTH_FILE].sort()
  const [post] = await job.end()
  expect(post).toMatchObject(clean)
  expect(post?.exported).toEqual({})
  expect(filesWithSecret(job.folder, credentials).sort()).toEqual(files)
  expect(await laterSteps(job, 'skopeo').push('us.icr.io/team/kept:1')).toMatchObject({ exitCode: 0 })
  expect(await job.run('skopeo login --get-login us.icr.io')).toMatchObject({
    log: `${credentials.profileId}\n`,
  })
})

test('a credential file that is a link to a missing file stays a link, and the login is in its target', async () => {
  const target = join(job.folder, 'elsewhere/docker.json')
  mkdirSync(dirname(config()))
  symlinkSync('link-to-it', config())
  symlinkSync('../../elsewhere/docker.json', join(dirname(config()), 'link-to-it'))
  expect(await login()).toMatchObject(clean)
  expect(lstatSync(config()).isSymbolicLink()).toBe(true)
  expect(Object.keys(read(target).auths)).toEqual(['us.icr.io'])
  expect(await job.end()).toMatchObject([clean])
  expect(lstatSync(config()).isSymbolicLink()).toBe(true)
  expect(existsSync(dirname(target))).toBe(false)
  expect(readdirSync(dirname(config())).sort()).toEqual(['config.json', 'link-to-it'])
})
