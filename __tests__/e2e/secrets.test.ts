import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { newApiKey } from '../testbed/cloud.ts'
import { filesWithSecret, holdsSecret } from '../testbed/find-secret.ts'
import { inputs, put, until } from '../testbed/helpers.ts'
import { type Credentials, startTestbed, type Testbed } from '../testbed/index.ts'
import { processesNaming } from '../testbed/processes.ts'
import type { Job, StepResult } from '../testbed/runner.ts'

let testbed: Testbed
let credentials: Credentials
let job: Job
beforeAll(async () => {
  testbed = await startTestbed()
})
afterAll(() => testbed.stop())
beforeEach(() => {
  credentials = testbed.credentials()
  job = testbed.newJob({ debug: true })
})
afterEach(() => testbed.tidy())

const base64 = (text: string) => Buffer.from(text).toString('base64')
const uses = (more: Record<string, string> = {}) => job.uses(inputs(credentials, more))

/** Adds a program to the job's PATH. */
function program(name: string, script: string): void {
  writeFileSync(join(job.folder, 'bin', name), `#!/bin/bash\n${script}\n`, { mode: 0o755 })
}

const MASK = '::add-mask::'

/** The masks that a step sets before any other output, and the rest of its output. */
function masksOf({ raw }: StepResult): { masks: Set<string>; rest: string } {
  const lines = raw.split('\n')
  const end = lines.findIndex(line => !line.startsWith(MASK))
  // Workflow commands use the same escapes as URLs.
  const masks = lines.slice(0, end).map(line => decodeURIComponent(line.slice(MASK.length)))
  return { masks: new Set(masks), rest: lines.slice(end).join('\n') }
}

describe('exactly these values are masked, before any other output', () => {
  const key = newApiKey()
  const second = newApiKey()
  const profile = 'Profile-01234567-89ab-cdef-0123-456789abcdef'
  const crn = `crn:v1:bluemix:public:iam-identity::a/${'0a'.repeat(16)}::profile:${profile}`
  const keyFile = JSON.stringify({ name: 'ci', apikey: key }, null, 2)

  const KEYS: [what: string, key: string, masked: string[]][] = [
    ['a key', key, [key]],
    ['a key surrounded by whitespace', `\t ${key} \n`, [`\t ${key} \n`, key]],
    [
      'a key with several lines',
      `${key}\r\n ${second}\n`,
      [`${key}\r\n ${second}\n`, `${key}\r\n ${second}`, key, second],
    ],
    // A mask for a line with only a brace would hide every brace in the log.
    ['a key file', keyFile, [keyFile, '"name": "ci",', `"apikey": "${key}"`, key]],
    ['a key with characters that commands escape', `${key}%0A`, [`${key}%0A`]],
    ['a key of the minimum length', 'abcd', ['abcd']],
    ['lines that are too short or have no letters', 'abc\n-----', ['abc\n-----']],
    ['a key that is too short', 'abc', []],
  ]
  const PROFILES: [form: string, profile: string, names: string[]][] = [
    ['an ID', profile, [profile]],
    ['an IAM ID', `iam-${profile}`, [`iam-${profile}`, profile]],
    ['a CRN', crn, [crn, profile]],
    ['something else', 'my-profile', ['my-profile']],
  ]
  const rows = KEYS.flatMap(([what, value, masked]) =>
    PROFILES.map(([form, profile, names]) => ({ what, form, value, profile, masked, names })),
  )

  test.each(rows)('$what, with $form for the profile', async ({ value, profile, masked, names }) => {
    // The region causes a warning, and then an error.
    const region = 'new.icr.io, nowhere'
    const step = await job.uses({ region, 'profile-id': profile, 'api-key': value })
    expect(step.annotations.map(({ kind }) => kind)).toEqual(['warning', 'error'])
    const { masks, rest } = masksOf(step)
    const pairs = masked.flatMap(key => names.map(name => base64(`${name}:${key}`)))
    expect(masks).toEqual(new Set([...masked, ...pairs]))
    expect(rest).not.toContain(MASK)
  })

  test('in a step that succeeds, with the password of a proxy', async () => {
    job.env.HTTPS_PROXY = testbed.proxy.url.replace('//', '//user:proxy-password@')
    const step = await uses({ region: 'us-south, new.icr.io', client: 'skopeo' })
    expect(step).toMatchObject({ exitCode: 0, annotations: [{ kind: 'warning' }] })
    const { profileId, apiKey } = credentials
    const { masks, rest } = masksOf(step)
    expect(masks).toEqual(new Set(['proxy-password', apiKey, base64(`${profileId}:${apiKey}`)]))
    expect(rest).not.toContain(MASK)
    expect(holdsSecret(rest, credentials)).toBe(false)
  })
})

describe('a client that prints its input', () => {
  test.each(['docker', 'podman'])('%s, and succeeds: its output is not in the log', async client => {
    renameSync(join(job.folder, 'bin', client), join(job.folder, 'bin/real'))
    program(client, 'key=$(cat); echo "$key"; echo "$key" >&2; printf %s "$key" | exec real "$@"')
    const step = await uses({ client })
    expect(step).toMatchObject({ exitCode: 0, annotations: [] })
    expect(holdsSecret(masksOf(step).rest, credentials)).toBe(false)
  })

  test.each(['docker', 'podman'])(
    '%s, and fails: the quoted output is masked, as is and in base64',
    async client => {
      // The third argument is the user name.
      program(
        client,
        `key=$(cat); pair=$(printf '%s:%s' "$3" "$key" | base64 -w0); echo "$key"; echo "status 503: $key, $pair" >&2; exit 1`,
      )
      const { profileId, apiKey } = credentials
      const step = await uses({ client, 'profile-id': `iam-${profileId}`, 'api-key': `${apiKey}\n` })
      expect(step.exitCode).toBe(1)
      // Without masks, the output would show the key.
      const { rest } = masksOf(step)
      expect(rest.match(/^Login to us\.icr\.io .*failed: status 503: .* Retrying/m)?.[0]).toContain(apiKey)
      expect(rest).toContain(base64(`${profileId}:${apiKey}`))
      expect(holdsSecret(step.log, credentials)).toBe(false)
      expect(step.log).toMatch(/ failed: status 503: \*\*\*, \*\*\*\. Retrying/)
      expect(step.log).toMatch(/^\| us\.icr\.io \(\w+\): \*\*\*$/m)
      expect(step.log).toMatch(/^\| status 503: \*\*\*, \*\*\*$/m)
    },
  )
})

describe('a credential helper', () => {
  let calls: string
  let kept: string

  /**
   * Adds a helper that already stores another login, and records arguments, input, and environment of each
   * call.
   */
  beforeEach(() => {
    calls = join(job.folder, 'calls')
    kept = join(job.folder, 'kept')
    mkdirSync(calls)
    put(join(kept, 'quay.io'), { Username: 'somebody', Secret: 'else' })
    put(join(job.home, '.docker/config.json'), { credsStore: 'mine' })
    program(
      'docker-credential-mine',
      `input=$(cat)
{ echo "$*"; echo "$input"; env; } >"$(mktemp ${calls}/XXXXXX)"
cd ${kept}
case $1 in
  list) printf '{'; comma=; for host in *; do printf '%s"%s":"user"' "$comma" "$host"; comma=,; done; printf '}' ;;
  store) printf %s "$input" >us.icr.io ;;
  get) cat "$input" ;;
  erase) rm "$input" ;;
esac`,
    )
  })

  /** The calls since this function was last called. */
  function newCalls(): { asked: Set<string>; environments: string[] } {
    const folder = `${calls}-before-${readdirSync(job.folder).length}`
    renameSync(calls, folder)
    mkdirSync(calls)
    const noted = readdirSync(folder).map(name => readFileSync(join(folder, name), 'utf8').split('\n'))
    return {
      asked: new Set(noted.map(([args, input]) => `${args}: ${input}`)),
      environments: noted.map(([, , ...env]) => env.join('\n')),
    }
  }

  test('is called only to list hosts, and for the credentials of the step’s domain', async () => {
    const { profileId, apiKey } = credentials
    const stored = JSON.stringify({ ServerURL: 'us.icr.io', Username: profileId, Secret: apiKey })
    expect(await uses()).toMatchObject({ exitCode: 0, annotations: [] })
    expect(newCalls().asked).toEqual(new Set(['list: ', `store: ${stored}`, 'get: us.icr.io']))
    expect(await uses()).toMatchObject({ exitCode: 0, annotations: [] })
    expect(newCalls().asked).toEqual(new Set(['list: ', 'get: us.icr.io']))
    expect(await uses({ isolated: 'true' })).toMatchObject({ exitCode: 0, annotations: [] })
    expect(newCalls().asked).toEqual(new Set(['list: ']))

    for (const post of await job.end()) expect(post).toMatchObject({ exitCode: 0, annotations: [] })
    expect(newCalls().asked).toEqual(new Set(['get: us.icr.io', 'erase: us.icr.io']))
    expect(readdirSync(kept)).toEqual(['quay.io'])
  })

  test('gets an environment without inputs, state and API key, in main and in post', async () => {
    const { profileId, apiKey } = credentials
    const pair = base64(`${profileId}:${apiKey}`)
    const holders = {
      KEY: apiKey,
      AMONG_OTHERS: `key=${apiKey};`,
      IN_BASE64: base64(apiKey),
      OTHERWISE_ALIGNED: base64(`a${apiKey}`),
      DOCKER_AUTH_CONFIG: JSON.stringify({ auths: { 'quay.io': { auth: pair } } }),
    }
    Object.assign(job.env, holders, { HARMLESS: 'as it is' })
    const expectNoKey = ({ asked, environments }: ReturnType<typeof newCalls>, actions: string[]) => {
      expect([...asked].map(call => call.replace(/:.*/, '')).sort()).toEqual(actions)
      for (const environment of environments) {
        expect(environment).toMatch(/^HARMLESS=as it is$/m)
        expect(environment).toMatch(/^PATH=.*\/bin/m)
        expect(environment).not.toMatch(/^(?:INPUT|STATE)_/m)
        expect(holdsSecret(environment, credentials)).toBe(false)
        for (const name of Object.keys(holders)) expect(environment).not.toContain(`${name}=`)
      }
    }
    expect(await uses()).toMatchObject({ exitCode: 0, annotations: [] })
    expectNoKey(newCalls(), ['get', 'list', 'store'])
    // Like a later step that exports it.
    job.env.EXPORTED_LATER = apiKey
    expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
    expectNoKey(newCalls(), ['erase', 'get'])
    expect(readdirSync(kept)).toEqual(['quay.io'])
  })
})

test.each([
  ['SIGTERM', 143],
  ['SIGINT', 130],
] as const)(
  'after %s, the credentials that clients have written are deleted, even before the post step',
  async (signal, exitCode) => {
    const written = join(job.folder, 'written')
    program('docker', `cat >"$DOCKER_CONFIG/config.json"; touch ${written}; exec -a "client of $3" sleep 150`)
    const { child, finished } = job.start(inputs(credentials))
    await until(() => existsSync(written))
    expect(filesWithSecret(job.temp, credentials)).toHaveLength(1)
    child.kill(signal)
    expect((await finished).exitCode).toBe(exitCode)
    await until(() => processesNaming(credentials.profileId).length === 0)

    expect(filesWithSecret(job.folder, credentials)).toEqual([])
    const folders = readdirSync(job.temp, { recursive: true, encoding: 'utf8' })
    const scratch = folders.filter(name => name.endsWith('scratch'))
    expect(scratch.map(name => statSync(join(job.temp, name)).size)).toEqual([0])
    expect(scratch.filter(name => statSync(join(job.temp, name)).isDirectory())).toEqual([])
    expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
    expect(filesWithSecret(job.folder, credentials)).toEqual([])
  },
)
