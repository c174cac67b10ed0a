import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from '@jest/globals'
import { REGIONS } from '../../src/ibm/regions.ts'
import { Cloud } from '../testbed/cloud.ts'
import { filesWithSecret } from '../testbed/find-secret.ts'
import { entryOf, inputs, put, read, somebody, until } from '../testbed/helpers.ts'
import { noFileLinks, noFolderLinks, testUnless } from '../testbed/needs.ts'
import { Job, type JobOptions } from '../testbed/runner.ts'

// The action on Windows. Run manually with `script/test windows`, under wine with a minimal docker client,
// and by CI on a Windows runner, with the real docker and with the stand-in that serve.ts starts.

const { STAND_IN_PROFILE_ID: profileId, STAND_IN_API_KEY: apiKey } = process.env
const hasDocker = profileId !== undefined && apiKey !== undefined
const credentials = hasDocker ? { profileId, apiKey } : new Cloud().credentials()
const noSmallClient = hasDocker ? 'needs a docker that hangs' : undefined

/** Variables of the test environment that point to the stand-in, if there is one. */
const WAY_TO_STAND_IN = ['HTTPS_PROXY', 'NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'DOCKER_HOST']

const jobs: Job[] = []
const held = new Set<DatabaseSync>()
afterEach(() => {
  for (const database of held) release(database)
  for (const job of jobs.splice(0)) job.remove()
})

function newJob(options: JobOptions = {}): Job {
  const env = hasDocker ? WAY_TO_STAND_IN.map(name => [name, process.env[name] ?? '']) : []
  const job = new Job({ ...options, env: { ...Object.fromEntries(env), ...options.env } })
  if (!hasDocker) addProgram(job, 'docker', 'docker.cjs')
  jobs.push(job)
  return job
}

/** Adds a program as npm does: a batch file that starts the actual program. */
function addProgram(job: Job, name: string, file: string): void {
  const path = fileURLToPath(new URL(file, import.meta.url))
  writeFileSync(join(job.folder, 'bin', `${name}.cmd`), `@"${process.execPath}" "${path}" %*\r\n`)
}

/**
 * Keeps a file open so that no other process can replace or delete it. SQLite opens files this way, Node does
 * not.
 */
function hold(file: string): DatabaseSync {
  const database = new DatabaseSync(file)
  held.add(database)
  return database
}

function release(database: DatabaseSync): void {
  held.delete(database)
  database.close()
}

const clean = { exitCode: 0, annotations: [] }
const ours = entryOf(credentials)
const dockerFolder = (job: Job) => join(job.home, '.docker')
const config = (job: Job) => join(dockerFolder(job), 'config.json')

/** Waits until a step is about to replace config.json, or fails to. */
const untilReplacing = (job: Job) =>
  until(() => readdirSync(dockerFolder(job)).some(name => name.startsWith('.config.json.')))

// The second name is in the code page of western Europe, the third in none of a runner's.
describe.each(['plain', ' Jürgen', ' 田中'])('in folders named "%s"', name => {
  test('a login is stored and removed, and nothing is left', async () => {
    const job = newJob({ name })
    expect(await job.uses(inputs(credentials, { region: 'us-south, eu-de' }))).toMatchObject({
      ...clean,
      outputs: { registry: 'us.icr.io', registries: '["us.icr.io","de.icr.io"]' },
    })
    expect(read(config(job))).toEqual({ auths: { 'us.icr.io': ours, 'de.icr.io': ours } })
    expect(readdirSync(dockerFolder(job))).toEqual(['config.json'])
    expect(filesWithSecret(job.folder, credentials)).toEqual([config(job)])
    expect(await job.end()).toMatchObject([clean])
    expect(readdirSync(job.home)).toEqual([])
    expect(readdirSync(job.temp)).toEqual([])
  })

  test('a credential file that another program has open for 400 ms', async () => {
    const job = newJob({ name })
    const before = put(config(job), { auths: { 'quay.io': somebody } })
    const meanwhile = async (step: () => Promise<unknown>) => {
      const other = hold(config(job))
      const result = step()
      await untilReplacing(job)
      await sleep(400)
      release(other)
      return result
    }
    expect(await meanwhile(() => job.uses(inputs(credentials)))).toMatchObject(clean)
    expect(read(config(job)).auths).toEqual({ 'quay.io': somebody, 'us.icr.io': ours })
    expect(await meanwhile(() => job.end())).toMatchObject([clean])
    expect(readFileSync(config(job), 'utf8')).toBe(before)
    expect(readdirSync(dockerFolder(job))).toEqual(['config.json'])
    expect(readdirSync(job.temp)).toEqual([])
  })

  test('a credential file that stays open: a warning, and no message that it was logged out', async () => {
    const job = newJob({ name })
    expect(await job.uses(inputs(credentials))).toMatchObject(clean)
    const other = hold(config(job))
    const [post] = await job.end()
    release(other)
    expect(post).toMatchObject({
      exitCode: 0,
      annotations: [{ kind: 'warning', message: expect.stringContaining(config(job)) }],
    })
    expect(post?.log.split('\n').filter(line => line.startsWith('us.icr.io: '))).toEqual([])
    expect(read(config(job))).toEqual({ auths: { 'us.icr.io': ours } })
    expect(readdirSync(job.temp)).toEqual([])
  })

  test('isolated: the credentials are only in RUNNER_TEMP, and are deleted', async () => {
    const job = newJob({ name })
    const text = put(config(job), { auths: { 'quay.io': somebody } })
    put(join(dockerFolder(job), 'contexts/meta/mine/meta.json'), { Name: 'mine' })
    const { exported, ...step } = await job.uses(inputs(credentials, { isolated: 'true' }))
    expect(step).toMatchObject(clean)
    const { DOCKER_CONFIG = '', REGISTRY_AUTH_FILE = '' } = exported
    const auths = { 'quay.io': somebody, 'us.icr.io': ours }
    expect(read(join(DOCKER_CONFIG, 'config.json')).auths).toEqual(auths)
    expect(read(join(DOCKER_CONFIG, 'contexts/meta/mine/meta.json'))).toEqual({ Name: 'mine' })
    expect(read(REGISTRY_AUTH_FILE).auths).toEqual(auths)
    expect(readFileSync(config(job), 'utf8')).toBe(text)
    expect(await job.end()).toMatchObject([clean])
    expect(readdirSync(job.temp)).toEqual([])
    expect(readdirSync(dockerFolder(job)).sort()).toEqual(['config.json', 'contexts'])
    expect(existsSync(join(dockerFolder(job), 'contexts/meta/mine/meta.json'))).toBe(true)
  })

  test('killed while it replaces the credential file: post restores it', async () => {
    const job = newJob({ name })
    const text = put(config(job), { auths: { 'us.icr.io': somebody } })
    const other = hold(config(job))
    const { child, finished } = job.start(inputs(credentials))
    await untilReplacing(job)
    await until(() => filesWithSecret(job.home, credentials).length === 1)
    child.kill()
    await finished
    release(other)
    expect(await job.end()).toMatchObject([clean])
    expect(readFileSync(config(job), 'utf8')).toBe(text)
    expect(readdirSync(dockerFolder(job))).toEqual(['config.json'])
    expect(readdirSync(job.temp)).toEqual([])
  })

  testUnless(noSmallClient)(
    'killed during a login: the post step prevents the client from writing later',
    async () => {
      const job = newJob({ name, env: { DOCKER_HANGS: 'yes' } })
      const { child, finished } = job.start(inputs(credentials))
      const started = () => readdirSync(job.temp, { recursive: true, encoding: 'utf8' })
      await until(() => started().some(name => name.endsWith('config.json')))
      child.kill()
      await finished
      const [post] = await job.end()
      expect(post).toMatchObject(clean)
      const [folder = ''] = readdirSync(job.temp)
      expect(readFileSync(join(job.temp, folder), 'utf8')).toBe('')
      expect(readdirSync(job.home)).toEqual([])
    },
  )

  test('a credential helper in a batch file', async () => {
    const job = newJob({ name })
    job.env.HELPER_KEEPS = join(job.folder, 'kept.json')
    addProgram(job, 'docker-credential-mine', 'helper.cjs')
    const text = put(config(job), { credsStore: 'mine' })
    expect(await job.uses(inputs(credentials))).toMatchObject(clean)
    expect(read(job.env.HELPER_KEEPS)).toEqual({
      'us.icr.io': {
        ServerURL: 'us.icr.io',
        Username: credentials.profileId,
        Secret: credentials.apiKey,
      },
    })
    expect(readFileSync(config(job), 'utf8')).toBe(text)
    expect(await job.end()).toMatchObject([clean])
    expect(read(job.env.HELPER_KEEPS)).toEqual({})
    expect(readdirSync(job.temp)).toEqual([])
  })
})

test('a credentials file that is docker’s config.json in different case', async () => {
  const job = newJob()
  const text = put(config(job), { auths: { 'quay.io': somebody } })
  const step = await job.uses(inputs(credentials, { 'credentials-file': config(job).toUpperCase() }))
  expect(step).toMatchObject({
    exitCode: 1,
    annotations: [{ kind: 'error', message: expect.stringContaining(`credentials-file: ${config(job)} `) }],
  })
  expect(readFileSync(config(job), 'utf8')).toBe(text)
  expect(await job.end()).toMatchObject([clean])
  expect(readdirSync(job.temp)).toEqual([])
})

test.each([
  ['drive', `${['Q', 'R', 'S', 'T', 'V'].find(letter => !existsSync(`${letter}:\\`))}:\\`],
  ['share', '\\\\nowhere.invalid\\share\\'],
])('a %s that does not exist', async (_what, root) => {
  const job = newJob({ env: { DOCKER_CONFIG: `${root}docker` } })
  expect(await job.uses(inputs(credentials))).toMatchObject({
    exitCode: 1,
    annotations: [
      {
        kind: 'error',
        message: expect.stringContaining(`the drive or share ${root} does not exist or cannot be reached.`),
      },
    ],
  })
  expect(await job.end()).toMatchObject([clean])
  expect(filesWithSecret(job.folder, credentials)).toEqual([])
  expect(readdirSync(job.temp)).toEqual([])
})

test('eight steps at the same time: no login is lost or left behind', async () => {
  const regions = REGIONS.slice(0, 8)
  const first = newJob()
  const all = [first, ...regions.slice(1).map(() => newJob({ home: first.home }))]
  const steps = all.map((job, index) => job.uses(inputs(credentials, { region: regions[index]?.id ?? '' })))
  for (const step of await Promise.all(steps)) expect(step).toMatchObject(clean)
  expect(read(config(first)).auths).toEqual(Object.fromEntries(regions.map(({ domain }) => [domain, ours])))
  expect(readdirSync(dockerFolder(first))).toEqual(['config.json'])
  for (const [post] of await Promise.all(all.map(job => job.end()))) expect(post).toMatchObject(clean)
  expect(filesWithSecret(first.home, credentials)).toEqual([])
  for (const job of all) expect(readdirSync(job.temp)).toEqual([])
})

describe('isolated: builders and plugins', () => {
  const current = join('buildx', 'current')

  async function isolated(job: Job) {
    put(join(dockerFolder(job), current), 'mine')
    const { exported, ...step } = await job.uses(inputs(credentials, { isolated: 'true' }))
    return { step, folder: exported.DOCKER_CONFIG ?? '' }
  }

  testUnless(noFolderLinks)('are linked by junctions, of which only the junctions are removed', async () => {
    const job = newJob()
    const { step, folder } = await isolated(job)
    expect(step).toMatchObject(clean)
    expect(readFileSync(join(folder, current), 'utf8')).toBe('mine')
    expect(await job.end()).toMatchObject([clean])
    expect(readdirSync(job.temp)).toEqual([])
    expect(readFileSync(join(dockerFolder(job), current), 'utf8')).toBe('mine')
  })

  testUnless(noFolderLinks ? undefined : 'needs a drive without junctions')(
    'cause a warning if junctions are not supported',
    async () => {
      const { step } = await isolated(newJob())
      expect(step).toMatchObject({
        exitCode: 0,
        annotations: [{ kind: 'warning', message: expect.stringContaining('isolated: buildx of ') }],
      })
    },
  )

  testUnless(noFileLinks)('a link to a file is followed', async () => {
    const job = newJob()
    const link = join(dockerFolder(job), 'daemon.json')
    mkdirSync(dockerFolder(job))
    symlinkSync(join(job.folder, 'real.json'), link, 'file')
    put(join(job.folder, 'real.json'), 'of somebody')
    const { folder } = await isolated(job)
    expect(readFileSync(join(folder, 'daemon.json'), 'utf8')).toBe('of somebody')
    expect(await job.end()).toMatchObject([clean])
    expect(readFileSync(link, 'utf8')).toBe('of somebody')
  })
})
