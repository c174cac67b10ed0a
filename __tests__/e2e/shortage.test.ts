import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { REGIONS } from '../../src/ibm/regions.ts'
import { addHelper } from '../testbed/credential-helper.ts'
import { filesWithSecret, holdsSecret } from '../testbed/find-secret.ts'
import { inputs, NOTHING_TO_LOG_OUT_OF, put, somebody } from '../testbed/helpers.ts'
import { type Credentials, startTestbed, type Testbed } from '../testbed/index.ts'
import { noFilters, noMounts, refusing, testUnless } from '../testbed/needs.ts'
import { processesNaming } from '../testbed/processes.ts'
import { nodeBy } from '../testbed/programs.ts'
import type { StepResult } from '../testbed/runner.ts'

let testbed: Testbed
let credentials: Credentials
beforeAll(async () => {
  testbed = await startTestbed()
})
afterAll(() => testbed.stop())
beforeEach(() => {
  credentials = testbed.credentials()
})
afterEach(() => testbed.tidy())

const clean = { exitCode: 0, annotations: [] }

/** The step prints one error, and Node prints no stack trace. */
function expectOneError(step: StepResult, message: RegExp): void {
  expect(step).toMatchObject({
    exitCode: 1,
    annotations: [{ kind: 'error', message: expect.stringMatching(message) }],
  })
  expect(step.raw).not.toMatch(/^ +at |^Node\.js /m)
  expect(holdsSecret(step.log, credentials)).toBe(false)
}

test('too few file handles for all the clients', async () => {
  // Keeps all clients that run in parallel from ending before the last one is started.
  testbed.delayMs = 2_000
  const start = `bash -c 'ulimit -n 48; exec "$@"' bash`
  const job = testbed.newJob({ node: nodeBy(testbed.folder, start) })
  const region = REGIONS.map(({ id }) => id).join()
  const step = await job.uses(inputs(credentials, { region, client: 'docker, skopeo' }))
  expectOneError(
    step,
    /^Login to .* failed \(.*\)\. This machine ran out of file handles \(ulimit -n\)\..*#shortage$/s,
  )
  expect(step.log).toMatch(/^\| .*spawn .*EMFILE$/m)
  expect(await job.end()).toMatchObject([{ ...clean, log: expect.stringMatching(NOTHING_TO_LOG_OUT_OF) }])
  expect(filesWithSecret(job.folder, credentials)).toEqual([])
  expect(readdirSync(job.temp)).toEqual([])
  expect(processesNaming(credentials.profileId)).toEqual([])
})

describe('no more processes can be started', () => {
  testUnless(noFilters)('EAGAIN: a limit', async () => {
    const job = testbed.newJob({ node: nodeBy(testbed.folder, refusing('fork', 'EAGAIN')) })
    const step = await job.uses(inputs(credentials, { region: 'us-south, eu-de' }))
    expectOneError(
      step,
      /^Login to us\.icr\.io, de\.icr\.io failed \(docker\)\. This machine ran out of processes \(ulimit -u.*#shortage$/s,
    )
    expect(await job.end()).toMatchObject([{ ...clean, log: expect.stringMatching(NOTHING_TO_LOG_OUT_OF) }])
    expect(readdirSync(job.temp)).toEqual([])
  })

  // For this error, Node throws an exception, which @actions/exec does not catch.
  testUnless(noFilters)('ENOMEM: no memory', async () => {
    const job = testbed.newJob({ node: nodeBy(testbed.folder, refusing('fork', 'ENOMEM')) })
    expectOneError(
      await job.uses(inputs(credentials)),
      /^Login to us\.icr\.io failed \(docker\)\. This machine ran out of memory\..*#shortage$/s,
    )
    expect(await job.end()).toMatchObject([{ ...clean, log: expect.stringMatching(NOTHING_TO_LOG_OUT_OF) }])
    expect(readdirSync(job.temp)).toEqual([])
  })

  testUnless(noFilters)('ENOMEM in the post step: a warning', async () => {
    const short = join(mkdtempSync(join(testbed.folder, 'short-')), 'of-memory')
    const start = `bash -c '[ ! -e ${short} ] || exec ${refusing('fork', 'ENOMEM')} "$@"; exec "$@"' bash`
    const job = testbed.newJob({ node: nodeBy(testbed.folder, start) })
    const kept = addHelper(job, 'mine')
    put(join(job.home, '.docker/config.json'), { credsStore: 'mine' })
    expect(await job.uses(inputs(credentials))).toMatchObject(clean)
    expect(readdirSync(kept)).toEqual(['us.icr.io'])
    writeFileSync(short, '')
    const [post] = await job.end()
    const message = expect.stringMatching(
      /^Failed to log out\. .*docker-credential-mine.* failed to get: .*spawn ENOMEM/,
    )
    expect(post).toMatchObject({ exitCode: 0, annotations: [{ kind: 'warning', message }] })
    expect(post?.raw).not.toMatch(/^ +at /m)
    expect(readdirSync(job.temp)).toEqual([])
  })
})

describe('a disk that is full', () => {
  /** A Node with a full file system mounted on a folder of the job. */
  const nodeWithFull = (variable: string) =>
    nodeBy(
      testbed.folder,
      `unshare --mount bash -c 'mount -t tmpfs -o size=16k tmpfs "$${variable}" && ! head -c 64k /dev/zero 2>/dev/null >"$${variable}/full" && exec "$@"' bash`,
    )

  const loginFailed = (client: string) =>
    new RegExp(`^Login to us\\.icr\\.io failed \\(${client}\\)\\. This machine ran out of disk space\\.`)
  const stepFailed = /^This machine ran out of disk space\. ENOSPC: no space left on device, write$/

  for (const [what, client, more, message] of [
    ['docker', 'docker', {}, loginFailed('docker')],
    ['skopeo, which reports it itself', 'skopeo', {}, loginFailed('skopeo')],
    ['the undo record', 'none', {}, stepFailed],
    ['job-specific files', 'none', { isolated: 'true' }, stepFailed],
  ] as const) {
    testUnless(noMounts)(`RUNNER_TEMP: ${what}`, async () => {
      const job = testbed.newJob({ node: nodeWithFull('RUNNER_TEMP') })
      const file = join(job.home, 'icr.json')
      const none = client === 'none' ? { 'credentials-file': file } : {}
      expectOneError(await job.uses(inputs(credentials, { client, ...none, ...more })), message)
      expect(await job.end()).toMatchObject([{ ...clean, log: expect.stringMatching(NOTHING_TO_LOG_OUT_OF) }])
      expect(readdirSync(job.home)).toEqual([])
    })
  }

  testUnless(noMounts)('the file system of the clients’ file', async () => {
    const job = testbed.newJob({ node: nodeWithFull('DOCKER_CONFIG') })
    job.env.DOCKER_CONFIG = join(job.home, 'docker')
    put(join(job.env.DOCKER_CONFIG, 'below'), '')
    expectOneError(
      await job.uses(inputs(credentials)),
      /docker\/config\.json: it was not changed, because this machine ran out of disk space \(ENOSPC, write\)\.$/,
    )
    expect(await job.end()).toMatchObject([{ ...clean, log: expect.stringMatching(NOTHING_TO_LOG_OUT_OF) }])
    expect(filesWithSecret(job.folder, credentials)).toEqual([])
  })
})

describe('a runner file that is on a full disk or missing', () => {
  const files = [
    ['/dev/full', /^This machine ran out of disk space\. ENOSPC: no space left on device, write$/],
    [
      '/no/such/file',
      /^RUNNER_TEMP, or a file .*, is missing or not writable\. Missing file .* \/no\/such\/file$/,
    ],
  ] as const

  test.each(
    ['GITHUB_STATE', 'GITHUB_ENV', 'GITHUB_OUTPUT'].flatMap(name =>
      files.map(([file, message]) => [name, file, message] as const),
    ),
  )('%s=%s', async (name, file, message) => {
    const job = testbed.newJob()
    const before = put(join(job.home, '.docker/config.json'), { auths: { 'us.icr.io': somebody } })
    expectOneError(
      await job.uses(inputs(credentials, { client: 'skopeo', isolated: 'true' }), { [name]: file }),
      message,
    )
    // Without the state, the post step could not clean up, so the step does nothing.
    if (name === 'GITHUB_STATE') expect([job.starts, testbed.requests]).toEqual([[], []])
    expect(await job.end()).toMatchObject([clean])
    expect(readdirSync(job.temp)).toEqual([])
    expect(readFileSync(join(job.home, '.docker/config.json'), 'utf8')).toBe(before)
    expect(filesWithSecret(job.folder, credentials)).toEqual([])
  })
})
