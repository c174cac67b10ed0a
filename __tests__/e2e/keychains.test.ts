import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { addProgram, type Keyring, startKeyring } from '../testbed/companions.ts'
import { addHelper } from '../testbed/credential-helper.ts'
import { filesWithSecret } from '../testbed/find-secret.ts'
import { inputs, NOTHING_TO_LOG_OUT_OF, put, read } from '../testbed/helpers.ts'
import { type Credentials, startTestbed, type Testbed } from '../testbed/index.ts'
import { laterSteps } from '../testbed/later-steps.ts'
import { noCompanions, testUnless } from '../testbed/needs.ts'
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

const clean = { exitCode: 0, annotations: [] }
const login = (more: Record<string, string> = {}) => job.uses(inputs(credentials, more))
const error = (message: RegExp) => ({
  exitCode: 1,
  annotations: [{ kind: 'error', message: expect.stringMatching(message) }],
})
const push = (domain: string) => laterSteps(job, 'docker').push(`${domain}/team/keychain:1`)

/** The credentials that a helper stores for a domain. */
const kept = (ServerURL: string, { profileId: Username, apiKey: Secret }: Credentials) => ({
  ServerURL,
  Username,
  Secret,
})

const dockerFile = () => join(job.home, '.docker/config.json')

/** Configures a helper as docker's keychain. @returns the folder in which it stores credentials */
function addKeychain(first = '', name = 'chain'): string {
  put(dockerFile(), { credsStore: name })
  return addHelper(job, name, first)
}

/** A `list` that prints hosts in the given format. */
const listing = (host: string) => `
if [ "$1" = list ]; then
  cd "$kept"; printf '{'; c=
  for h in *; do [ -e "$h" ] || continue; printf '%s"${host}":"user"' "$c" "$h"; c=,; done
  printf '}'; exit
fi`

describe.each([
  ['labels, as of secretservice 0.9', listing('Registry credentials for %s')],
  ['URLs, as macOS’s keychain does', listing('https://%s')],
  ['nothing', `[ "$1" != list ] || { echo '{}'; exit; }`],
  // As macOS's keychain did until 2019 if it contained nothing, and helpers that are not docker's.
  ['nothing, but fails', `[ "$1" != list ] || { echo 'The item could not be found.'; exit 1; }`],
])('a keychain that lists %s', (what, first) => {
  test('the keychain stores the credentials, and they are erased at the end', async () => {
    const folder = addKeychain(first)
    expect(await login()).toMatchObject(clean)
    expect(read(join(folder, 'us.icr.io'))).toEqual(kept('us.icr.io', credentials))
    expect(await push('us.icr.io')).toMatchObject({ exitCode: 0 })
    expect(await login()).toMatchObject(clean)
    expect(await job.end()).toMatchObject([clean, clean])
    expect(readdirSync(folder)).toEqual([])
  })

  test('someone else’s credentials are noticed and kept', async () => {
    const folder = addKeychain(first)
    const others = put(join(folder, 'us.icr.io'), kept('us.icr.io', testbed.credentials()))
    expect(await login()).toMatchObject(
      error(/docker-credential-chain already stores another login for us\.icr\.io/),
    )
    expect(await job.end()).toMatchObject([clean])
    expect(readFileSync(join(folder, 'us.icr.io'), 'utf8')).toBe(others)
    expect(filesWithSecret(job.folder, credentials)).toEqual([])
  })

  if (what.startsWith('nothing')) return
  test('isolated: earlier logins of the job still work', async () => {
    const folder = addKeychain(first)
    put(join(folder, 'de.icr.io'), kept('de.icr.io', testbed.credentials()))
    expect(await login({ isolated: 'true' })).toMatchObject(clean)
    for (const domain of ['us.icr.io', 'de.icr.io']) expect(await push(domain)).toMatchObject({ exitCode: 0 })
    expect(await job.end()).toMatchObject([clean])
    expect(readdirSync(folder)).toEqual(['de.icr.io'])
  })
})

describe('credentials stored by a helper are verified immediately', () => {
  const locked = `[ "$1" != get ] || [ ! -e "$kept/us.icr.io" ] || { echo 'gpg: decryption failed: No secret key'; exit 1; }`

  const noisy = `[ "$1" != get ] || [ ! -e "$kept/us.icr.io" ] || echo 'A new version is available'`

  test.each<[what: string, first: string, says: RegExp]>([
    [
      'keeps nothing',
      '[ "$1" != store ] || exec cat >/dev/null',
      /docker-credential-chain, .* failed to store: it saved no credentials for us\.icr\.io\..* credHelpers.* Set isolated: true/,
    ],
    [
      'is locked, as pass may be: it stores, but cannot get',
      locked,
      /docker-credential-chain, .* failed to get: gpg: decryption failed: No secret key\. Set isolated: true/,
    ],
    [
      'prints a notice before its JSON, which no client can read',
      noisy,
      /docker-credential-chain, .* failed to get: its output is not JSON\. Set isolated: true/,
    ],
    [
      'stores, but does not find what it has stored',
      `[ "$1" != get ] || { echo 'credentials not found in native keychain'; exit 1; }`,
      /docker-credential-chain, .* failed to store: it saved no credentials for us\.icr\.io\./,
    ],
  ])('one that %s: an error, and nothing is left', async (_what, first, says) => {
    const folder = addKeychain(first)
    expect(await login()).toMatchObject(error(says))
    expect(readdirSync(folder)).toEqual([])
    expect(await job.end()).toMatchObject([{ ...clean, log: expect.stringMatching(NOTHING_TO_LOG_OUT_OF) }])
    expect(filesWithSecret(job.folder, credentials)).toEqual([])
  })

  test('one that prints a notice by the end of the job: the post step warns that the credentials may be there', async () => {
    const notice = join(job.folder, 'notice')
    addKeychain(`[ ! -e ${notice} ] || cat ${notice}`)
    expect(await login()).toMatchObject(clean)
    put(notice, 'A new version is available')
    const message = expect.stringMatching(/Failed to log out.* failed to get: its output is not JSON/)
    expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [{ kind: 'warning', message }] }])
  })

  test('one that is locked and cannot erase: an error, and the post step warns that the credentials may be there', async () => {
    addKeychain(`${locked}\n[ "$1" != erase ] || { echo locked; exit 1; }`)
    expect(await login()).toMatchObject(error(/failed to get: gpg: decryption failed/))
    expect(await job.end()).toMatchObject([
      {
        exitCode: 0,
        annotations: [{ kind: 'warning', message: expect.stringMatching(/Failed to log out.*gpg/) }],
      },
    ])
  })

  test('one that returns other credentials than it was given: an error that says so', async () => {
    const others = join(job.folder, 'others')
    const folder = addKeychain(`[ "$1" != get ] || [ ! -e "$kept/us.icr.io" ] || exec cat ${others}`)
    put(others, kept('us.icr.io', testbed.credentials()))
    expect(await login()).toMatchObject(
      error(
        /failed to store: it returns other credentials for us\.icr\.io than were stored, and may have stored both/,
      ),
    )
    expect(await job.end()).toMatchObject([clean])
    // It is unknown whose entry this is.
    expect(readdirSync(folder)).toEqual(['us.icr.io'])
  })
})

const STAND_IN = `case $1 in
list) echo '{}'; exit ;;
store | erase) echo 'not implemented'; exit 1 ;;
esac`

describe.each([
  ['a stand-in', undefined, () => addHelper(job, 'ecr-login', STAND_IN)],
  ['Debian’s ecr-login', noCompanions, () => addProgram(job, 'docker-credential-ecr-login')],
])('a helper that creates credentials instead of storing them: %s', (_which, lack, add) => {
  beforeEach(() => {
    add()
    // Otherwise it looks for a service that exists on Amazon's machines.
    job.env.AWS_EC2_METADATA_DISABLED = 'true'
  })

  testUnless(lack)('as keychain: an error that says where to configure it', async () => {
    put(dockerFile(), { credsStore: 'ecr-login' })
    expect(await login()).toMatchObject(
      error(
        /docker-credential-ecr-login, .* failed to store: not implemented\. .* in credHelpers for its own registries .*dkr\.ecr.* Set isolated: true/,
      ),
    )
    expect(await job.end()).toMatchObject([clean])
    expect(filesWithSecret(job.folder, credentials)).toEqual([])
  })

  testUnless(lack)('as keychain, isolated: a warning that it is not used', async () => {
    put(dockerFile(), { credsStore: 'ecr-login' })
    const warning = {
      kind: 'warning',
      message: expect.stringMatching(
        /^isolated: docker-credential-ecr-login \(credsStore\) lists no credentials.* in credHelpers for its own registries/,
      ),
    }
    expect(await login({ isolated: 'true' })).toMatchObject({ exitCode: 0, annotations: [warning] })
    expect(await push('us.icr.io')).toMatchObject({ exitCode: 0 })
    expect(await job.end()).toMatchObject([clean])
  })

  testUnless(lack)('as helper of other hosts, isolated or not: unchanged', async () => {
    const host = '1.dkr.ecr.eu-west-1.amazonaws.com'
    put(dockerFile(), { credHelpers: { [host]: 'ecr-login' } })
    for (const isolated of ['false', 'true']) {
      expect(await login({ isolated })).toMatchObject(clean)
      expect(await push('us.icr.io')).toMatchObject({ exitCode: 0 })
    }
    expect(read(join(`${job.env.DOCKER_CONFIG}`, 'config.json')).credHelpers).toEqual({ [host]: 'ecr-login' })
    expect(await job.end()).toMatchObject([clean, clean])
    expect((await push('us.icr.io')).exitCode).not.toBe(0)
  })
})

test('isolated: no warning for an empty keychain of a kind that lists everything', async () => {
  addKeychain('', 'pass')
  expect(await login({ isolated: 'true' })).toMatchObject(clean)
  expect(await job.end()).toMatchObject([clean])
})

describe('keychains of Debian', () => {
  let keyring: Keyring | undefined
  beforeAll(async () => {
    if (noCompanions === undefined) keyring = await startKeyring(join(testbed.folder, 'keyring'))
  })
  afterAll(() => keyring?.stop())

  /** `pass` with a new key, which may have a passphrase. */
  async function addPass(passphrase = ''): Promise<void> {
    addProgram(job, 'docker-credential-pass')
    const made = await job.run(
      `next-debian gpg --batch --passphrase '${passphrase}' --quick-generate-key us default default never
       next-debian pass init us
       next-debian gpgconf --kill gpg-agent`,
    )
    expect(made).toMatchObject({ exitCode: 0 })
  }

  async function addSecretservice(): Promise<void> {
    addProgram(job, 'docker-credential-secretservice')
    Object.assign(job.env, keyring?.env)
  }

  /** Like version 0.9, which Debian does not have yet. */
  async function addLabels(): Promise<void> {
    await addSecretservice()
    const list = `docker-credential-secretservice list | sed 's/"\\([^"]*\\)":/"Registry credentials for \\1":/g'`
    const script = `#!/bin/sh\n[ "$1" = list ] || exec docker-credential-secretservice "$@"\n${list}\n`
    put(join(job.folder, 'bin/docker-credential-labels'), script, 0o755)
  }

  beforeEach(() => {
    // If /run/user/0 exists, gpg-agent would be the one of the machine.
    if (noCompanions === undefined) job = testbed.newJob({ ownRun: true })
    addProgram(job, 'next-debian', 'env')
  })
  afterEach(() => job.run('next-debian gpgconf --kill gpg-agent || true'))

  for (const [name, add] of [
    ['pass', addPass],
    ['secretservice', addSecretservice],
    ['labels', addLabels],
  ] as const) {
    const call = (action: string, input: string | object) =>
      job.run(
        `docker-credential-${name} ${action} <<<'${typeof input === 'string' ? input : JSON.stringify(input)}'`,
      )

    testUnless(noCompanions)(
      `${name}: the keychain stores the credentials, and they are erased at the end`,
      async () => {
        await add()
        put(dockerFile(), { credsStore: name })
        expect(await call('store', kept('de.icr.io', testbed.credentials()))).toMatchObject({ exitCode: 0 })
        expect(await login()).toMatchObject(clean)
        expect(JSON.parse((await call('get', 'us.icr.io')).raw)).toEqual(kept('us.icr.io', credentials))
        expect(filesWithSecret(job.folder, credentials)).toEqual([])
        expect(await push('us.icr.io')).toMatchObject({ exitCode: 0 })

        expect(await login({ isolated: 'true' })).toMatchObject(clean)
        for (const domain of ['us.icr.io', 'de.icr.io'])
          expect(await push(domain)).toMatchObject({ exitCode: 0 })

        expect(await job.end()).toMatchObject([clean, clean])
        expect((await push('us.icr.io')).exitCode).not.toBe(0)
        expect(await push('de.icr.io')).toMatchObject({ exitCode: 0 })
        expect((await call('list', '')).log).toMatch(/^{"[^"]*de\.icr\.io":"[^"]*"}\s*$/)
        expect(await call('erase', 'de.icr.io')).toMatchObject({ exitCode: 0 })
      },
    )

    testUnless(noCompanions)(`${name}: someone else’s credentials are noticed and kept`, async () => {
      await add()
      put(dockerFile(), { credsStore: name })
      const others = kept('us.icr.io', testbed.credentials())
      expect(await call('store', others)).toMatchObject({ exitCode: 0 })
      expect(await login()).toMatchObject(error(/already stores another login for us\.icr\.io/))
      expect(await job.end()).toMatchObject([clean])
      expect(JSON.parse((await call('get', 'us.icr.io')).raw)).toEqual(others)
      expect(await call('erase', 'us.icr.io')).toMatchObject({ exitCode: 0 })
    })
  }

  testUnless(noCompanions)('pass that is locked: it stores, but cannot get', async () => {
    await addPass('passphrase')
    put(dockerFile(), { credsStore: 'pass' })
    expect(await login()).toMatchObject(
      error(/docker-credential-pass, .* failed to get: .*decryption failed.* Set isolated: true/s),
    )
    expect((await job.run('docker-credential-pass list')).log.trim()).toBe('{}')
    expect(await job.end()).toMatchObject([{ ...clean, log: expect.stringMatching(NOTHING_TO_LOG_OUT_OF) }])

    expect(await login({ isolated: 'true' })).toMatchObject(clean)
    expect(await push('us.icr.io')).toMatchObject({ exitCode: 0 })
    expect(await job.end()).toMatchObject([clean])
  })
})
