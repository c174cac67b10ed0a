import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { filesWithSecret } from '../testbed/find-secret.ts'
import { entryOf, inputs, put, read, somebody } from '../testbed/helpers.ts'
import { type Credentials, startTestbed, type Testbed } from '../testbed/index.ts'
import type { Job } from '../testbed/runner.ts'
import { repository } from '../testbed/tools.ts'

// On Windows, a file that another program has open cannot be deleted or replaced. Programs that inspect every
// new file, such as virus scanners, interfere in this way. Here, system calls are made to fail as on Windows.

let testbed: Testbed
let credentials: Credentials
let job: Job
beforeAll(async () => {
  testbed = await startTestbed()
})
afterAll(() => testbed.stop())
beforeEach(() => {
  credentials = testbed.credentials()
  job = testbed.newJob({
    env: { NODE_OPTIONS: `--require ${join(repository, '__tests__/testbed/refuse.cjs')}` },
  })
  job.env.REFUSED = join(job.folder, 'refused')
})
afterEach(() => testbed.tidy())

const clean = { exitCode: 0, annotations: [] }
const config = () => join(job.home, '.docker/config.json')
const refused = () => readFileSync(job.env.REFUSED ?? '', 'utf8')

test('files that are in use for a moment are replaced and deleted anyway', async () => {
  expect(await job.uses(inputs(credentials))).toMatchObject(clean)
  expect(read(config()).auths).toEqual({ 'us.icr.io': entryOf(credentials) })
  expect(readdirSync(join(job.home, '.docker'))).toEqual(['config.json'])
  for (const call of [
    'rmdirSync .*/scratch',
    'openSync .*\\.lock',
    'renameSync .*/undo\\.json',
    'renameSync .*/config\\.json',
  ])
    expect(refused()).toMatch(new RegExp(`^${call}$`, 'm'))
  expect(await job.end()).toMatchObject([
    { ...clean, log: expect.stringContaining(`Logged out of us.icr.io (${config()})`) },
  ])
  for (const call of ['unlinkSync .*/config\\.json', 'unlinkSync .*/undo\\.json', 'rmdirSync .*/\\.docker'])
    expect(refused()).toMatch(new RegExp(`^${call}$`, 'm'))
  expect(readdirSync(job.home)).toEqual([])
  expect(readdirSync(job.temp)).toEqual([])
})

test('files of clients that are still open for a moment, on NFS, are deleted anyway', async () => {
  job.env.NFS = 'yes'
  expect(await job.uses(inputs(credentials))).toMatchObject(clean)
  expect(refused()).toMatch(/^unlinkSync .*\/scratch\/.*config\.json$/m)
  expect(await job.end()).toMatchObject([clean])
  expect(readdirSync(job.temp)).toEqual([])
})

test('a credential file that stays in use: no message that it was logged out, and everything else is cleaned up', async () => {
  const env: Record<string, string> = {}
  const auths = { 'us.icr.io': somebody }
  put(join(job.home, 'other/config.json'), { auths })
  expect(await job.uses(inputs(credentials), env)).toMatchObject(clean)
  job.env.DOCKER_CONFIG = join(job.home, 'other')
  expect(await job.uses(inputs(credentials), env)).toMatchObject(clean)
  env.REFUSE_ALWAYS = `unlinkSync ${config()}$`
  const [other, post] = await job.end()
  expect(other).toMatchObject(clean)
  expect(read(join(job.home, 'other/config.json'))).toEqual({ auths })
  expect(post).toMatchObject({
    exitCode: 0,
    annotations: [
      { kind: 'warning', message: expect.stringContaining(`${config()}: cannot be read or replaced`) },
    ],
  })
  expect(post?.log).not.toContain('Logged out')
  expect(filesWithSecret(job.folder, credentials)).toEqual([config()])
  expect(readdirSync(job.temp)).toEqual([])
})

test('a file of the step that stays in use: all others are deleted', async () => {
  const env: Record<string, string> = {}
  mkdirSync(join(job.home, '.docker/contexts'), { recursive: true })
  const { exported, ...step } = await job.uses(inputs(credentials, { isolated: 'true' }), env)
  expect(step).toMatchObject(clean)
  const { DOCKER_CONFIG = '' } = exported
  env.REFUSE_ALWAYS = `unlinkSync ${join(DOCKER_CONFIG, 'contexts')}$`
  expect(await job.end()).toMatchObject([
    { exitCode: 0, annotations: [{ kind: 'warning', message: expect.stringContaining('contexts') }] },
  ])
  expect(readdirSync(DOCKER_CONFIG)).toEqual(['contexts'])
  expect(readdirSync(dirname(DOCKER_CONFIG))).toEqual(['docker'])
  expect(existsSync(join(job.home, '.docker/contexts'))).toBe(true)
  expect(filesWithSecret(job.folder, credentials)).toEqual([])
})
