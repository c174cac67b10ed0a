import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { addHelper } from '../testbed/credential-helper.ts'
import { inputs, put } from '../testbed/helpers.ts'
import { type Credentials, startTestbed, type Testbed } from '../testbed/index.ts'
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
  job = testbed.newJob()
})
afterEach(() => testbed.tidy())

function login(client: string, more: Record<string, string> = {}): Promise<StepResult> {
  return job.uses(inputs(credentials, { client, ...more }))
}

const withoutClient = () => login('none', { 'credentials-file': join(job.temp, 'icr.json') })

/**
 * The commands in a step's log that the runner would execute: `::` at the start of a line or after
 * whitespace, and `##[` anywhere. A line that is a command is not searched for another one.
 *
 * Source: src/Runner.Common/ActionCommand.cs of https://github.com/actions/runner
 */
function commandsIn({ raw }: StepResult): string[] {
  return raw
    .split(/\r\n|\r|\n/)
    .filter(line => /^\s*::/.test(line) || line.includes('##['))
    .map(line => line.match(/^::(\w[\w-]*)/)?.[1] ?? line)
    .filter(command => command !== 'add-mask')
}

/** The commands that a failed step prints: the error, and a group with the output of clients and servers. */
const OF_A_FAILURE = ['error', 'group', 'endgroup']

const COMMANDS = [
  '::warning::not ours',
  ' \t::save-state name=work-folder::/elsewhere',
  '##[warning]not ours',
  'text before ##[add-path]/elsewhere',
  '##[[##[error]not ours',
]

/** Replaces podman with a program that prints one text at its first start, another one later, and fails. */
function podmanThatSays(first: string, later = first): void {
  const started = join(job.folder, 'started')
  const script = `#!/bin/bash
[ -e '${started}' ] && says=$LATER || says=$FIRST
touch '${started}'
printf %s "$says" >&2
exit 1
`
  Object.assign(job.env, { FIRST: first, LATER: later })
  writeFileSync(join(job.folder, 'bin', 'podman'), script, { mode: 0o755 })
}

test.each(['\n', '\r', '\r\n'])(
  'commands in a failed client’s output are not executed: lines that end in %j',
  async end => {
    podmanThatSays(['first', ...COMMANDS, 'last'].join(end))
    const step = await login('podman')
    expect(commandsIn(step)).toEqual(OF_A_FAILURE)
    expect(step.annotations).toMatchObject([{ kind: 'error' }])
    // The output was printed, but not as commands.
    expect(step.log).toMatch(/^\| .*::save-state name=work-folder::\/elsewhere$/m)
    expect(step.log).toMatch(/^\| text before ## \[add-path\]\/elsewhere$/m)
    expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
    expect(readdirSync(job.temp)).toEqual([])
  },
)

const LAST_LINES = [
  '\n::warning::not ours',
  '\r ::warning::not ours',
  '\n##[warning]not ours',
  '\r\n##[[##[error]not ours',
]

describe('commands in the last line of a failed attempt, which the log quotes, are not executed', () => {
  test.each(LAST_LINES)('a client’s: %j', async line => {
    podmanThatSays(`status 503${line}`, 'no')
    const step = await login('podman')
    expect(step.log).toMatch(/^Login to us\.icr\.io with podman failed: .*\. Retrying/m)
    expect(commandsIn(step)).toEqual(OF_A_FAILURE)
  })

  test.each(LAST_LINES)('the registry’s: %j', async line => {
    let asked = 0
    const body = { errors: [{ message: `passing${line}` }] }
    testbed.fault(({ path }) =>
      path === '/oauth/token' && ++asked === 1 ? { status: 503, body } : undefined,
    )
    const step = await withoutClient()
    expect(step.exitCode).toBe(0)
    expect(step.log).toMatch(/^Login to us\.icr\.io failed: .*\. Retrying/m)
    expect(commandsIn(step)).toEqual([])
  })
})

describe('commands in a path, which the log shows, are not executed, in main and post', () => {
  const folderWith = (end: string) => {
    const folder = join(job.folder, ['odd', ...COMMANDS, 'last'].join(end))
    mkdirSync(folder, { recursive: true })
    return folder
  }

  test.each(['\n', '\r', '\r\n'])('of the clients’ files: lines that end in %j', async end => {
    job.env.DOCKER_CONFIG = folderWith(end)
    job.env.XDG_RUNTIME_DIR = job.env.DOCKER_CONFIG
    const step = await login('docker, skopeo')
    expect(step.log).toMatch(/^Credentials saved to .*save-state.*config\.json$/m)
    expect(commandsIn(step)).toEqual([])
    const [post] = await job.end()
    expect(post?.log).toMatch(/^Logged out of us\.icr\.io .*save-state.*config\.json\)$/m)
    expect(commandsIn(post as StepResult)).toEqual([])
    expect(readdirSync(job.env.DOCKER_CONFIG)).toEqual([])
  })

  test('of RUNNER_TEMP', async () => {
    job.env.RUNNER_TEMP = folderWith('\n')
    const step = await login('docker', { isolated: 'true' })
    expect(step.log).toMatch(/^Set DOCKER_CONFIG to .*save-state.*docker$/m)
    expect(commandsIn(step)).toEqual([])
    const [post] = await job.end()
    expect(commandsIn(post as StepResult)).toEqual([])
    expect(readdirSync(job.env.RUNNER_TEMP)).toEqual([])
  })
})

test.each(['\n', '\r', '\r\n'])(
  'commands in a credential helper’s output are not executed, in main and post: lines that end in %j',
  async end => {
    const locked = join(job.folder, 'locked')
    job.env.SAYS = [...COMMANDS, 'last'].join(end)
    addHelper(job, 'mine', `[ ! -e ${locked} ] || { printf %s "$SAYS"; exit 1; }`)
    put(join(job.home, '.docker/config.json'), { credsStore: 'mine' })
    expect(await login('docker')).toMatchObject({ exitCode: 0, annotations: [] })
    writeFileSync(locked, '')
    const says = expect.stringContaining('::warning::not ours')
    const step = await login('docker')
    expect(commandsIn(step)).toEqual(['error'])
    expect(step.annotations).toEqual([{ kind: 'error', message: says }])
    const [, first] = await job.end()
    expect(first?.annotations).toEqual([{ kind: 'warning', message: says }])
    expect(commandsIn(first as StepResult)).toEqual(['warning'])
  },
)

test.each(['\n', '\r', '\r\n'])(
  'commands in IAM’s responses are not executed: lines that end in %j',
  async end => {
    const errorMessage = [...COMMANDS, 'last'].join(end)
    testbed.fault(({ path }) => {
      if (path === '/oauth/token') return { status: 401, body: 'no' }
      return path === '/identity/token'
        ? { status: 400, body: { errorCode: 'BXNIM9999E', errorMessage } }
        : undefined
    })
    const step = await withoutClient()
    expect(commandsIn(step)).toEqual(OF_A_FAILURE)
    expect(step.annotations).toEqual([
      { kind: 'error', message: expect.stringContaining('::warning::not ours') },
    ])
  },
)

describe('IDs in IAM’s responses are shown only if they are valid IDs', () => {
  const ODD = [
    'x\n::warning::not ours',
    'x\r::warning::not ours',
    '##[warning]x',
    'x; id',
    'x`id`',
    '$(id)',
    "x'",
    'x".',
    'x|id',
    'x&',
    'x>y',
    'x'.repeat(101),
    'x\u202e',
  ]
  const GOOD = { iamId: 'iam-ServiceId-1', profiles: ['Profile-of-others-1', 'Profile-of-others-2'] }

  /** A step whose key the registry refuses, and for which IAM responds with these IDs. */
  async function refused({ iamId, profiles }: { iamId: unknown; profiles: unknown[] }): Promise<StepResult> {
    const claims = Buffer.from(JSON.stringify({ iam_id: iamId })).toString('base64url')
    testbed.fault(({ path }) => {
      if (path === '/oauth/token') return { status: 401, body: 'no' }
      if (path === '/identity/token') return { status: 200, body: { access_token: `e.${claims}.s` } }
      if (path === '/identity/profiles')
        return { status: 200, body: { profiles: profiles.map(id => ({ id })) } }
      return undefined
    })
    const step = await withoutClient()
    expect(commandsIn(step)).toEqual(OF_A_FAILURE)
    return step
  }
  const error = (message: RegExp) => [{ kind: 'error', message: expect.stringMatching(message) }]

  test('valid ones are shown, also in the command to copy', async () => {
    expect((await refused(GOOD)).annotations).toEqual(
      error(
        /does not trust its service ID \(iam-ServiceId-1\).* trust it: Profile-of-others-1, Profile-of-others-2\.[\s\S]* --id ServiceId-1 --id-type/,
      ),
    )
  })

  test.each([...ODD.map(id => `iam-ServiceId-${id}`), 'IBMid-x; id', '', 17])(
    'an invalid IAM ID is not shown, and not mistaken for a user’s: %j',
    async iamId => {
      expect((await refused({ ...GOOD, iamId })).annotations).toEqual(
        error(
          /does not trust its service ID, or does not exist\. .* trust it: Profile-of-others-1, Profile-of-others-2\.[\s\S]* --id SERVICE_ID --id-type/,
        ),
      )
    },
  )

  test.each([...ODD, '', 17, null])('no ID is shown if the list of profiles contains %j', async id => {
    const { annotations } = await refused({ ...GOOD, profiles: ['Profile-of-others-1', id] })
    expect(annotations).toEqual(
      error(
        /^Login to us\.icr\.io failed\. The API key is valid \(iam-ServiceId-1\), but .* IAM could not tell whether the profile/,
      ),
    )
    expect(annotations[0]?.message).not.toContain('Profile-of-others')
  })
})
