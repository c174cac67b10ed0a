import { mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { entryOf, inputs, put, read, somebody, until } from '../testbed/helpers.ts'
import { type Credentials, startTestbed, type Testbed } from '../testbed/index.ts'
import { noteLockTries } from '../testbed/lock-tries.ts'
import { noFilters, refusing, testUnless } from '../testbed/needs.ts'
import { nodeBy } from '../testbed/programs.ts'
import type { Job } from '../testbed/runner.ts'

let testbed: Testbed
let credentials: Credentials
/** A folder shared by jobs. */
let shared: string
beforeAll(async () => {
  testbed = await startTestbed()
})
afterAll(() => testbed.stop())
beforeEach(() => {
  credentials = testbed.credentials()
  shared = mkdtempSync(join(testbed.folder, 'shared-'))
})
afterEach(() => testbed.tidy())

const clean = { exitCode: 0, annotations: [] }

/** A job whose steps record their attempts to take a lock. */
function newJob(variables: Record<string, string>): { job: Job; tries: () => number } {
  const { env, tries } = noteLockTries(shared)
  return { job: testbed.newJob({ env: { ...env, ...variables } }), tries }
}

/** Starts a step that pauses after taking its first lock (LOCK_WHEN=before: before that) until told to continue. */
async function startAndStop(variables: Record<string, string>, more: Record<string, string> = {}) {
  const go = join(shared, `go-${readdirSync(shared).length}`)
  const { job, tries } = newJob({ ...variables, LOCK_GO: go })
  const { finished } = job.start(inputs(credentials, more))
  await until(() => tries() === 1)
  return { job, finished, tries, goOn: () => writeFileSync(go, '') }
}

test('two steps that use the same two files in opposite order lock them in the same order', async () => {
  const [one, two] = [join(shared, 'one/config.json'), join(shared, 'two/config.json')]
  const files = (docker: string, others: string) => ({
    DOCKER_CONFIG: dirname(docker),
    REGISTRY_AUTH_FILE: others,
  })
  const first = await startAndStop(files(one, two), { client: 'docker, skopeo' })
  const second = newJob(files(two, one))
  const finished = second.job.uses(inputs(credentials, { client: 'docker, skopeo', region: 'eu-de' }))
  // It has taken its first lock, or waits for it.
  await until(() => second.tries() > 0)
  first.goOn()
  expect(await first.finished).toMatchObject(clean)
  expect(await finished).toMatchObject(clean)
  const entry = entryOf(credentials)
  for (const file of [one, two]) expect(read(file).auths).toEqual({ 'us.icr.io': entry, 'de.icr.io': entry })
  expect([...(await second.job.end()), ...(await first.job.end())]).toMatchObject([clean, clean])
  expect(readdirSync(shared).filter(name => !/^(?:tries|go)-/.test(name))).toEqual([])
})

describe('while a step holds the lock of a file, no other step changes the file', () => {
  const others = { 'us.icr.io': somebody }
  let file: string
  let text: string
  beforeEach(() => {
    file = join(shared, 'docker/config.json')
    text = put(file, { auths: others })
  })

  /** More attempts than a step makes that does not have to wait. */
  const waits = (tries: number) => tries >= 5

  test.each(['by its name', 'by a link to it'])('to store, %s', async how => {
    const folder = how === 'by its name' ? dirname(file) : join(shared, 'link')
    if (folder !== dirname(file)) {
      mkdirSync(folder)
      symlinkSync(file, join(folder, 'config.json'))
    }
    const holder = await startAndStop({ DOCKER_CONFIG: dirname(file) })
    const { job, tries } = newJob({ DOCKER_CONFIG: folder })
    const { finished } = job.start(inputs(credentials, { region: 'eu-de' }))
    await until(() => waits(tries()) || readFileSync(file, 'utf8') !== text)
    expect(readFileSync(file, 'utf8')).toBe(text)
    holder.goOn()
    expect(await holder.finished).toMatchObject(clean)
    expect(await finished).toMatchObject(clean)
    const entry = entryOf(credentials)
    expect(read(file).auths).toEqual({ 'us.icr.io': entry, 'de.icr.io': entry })
    expect([...(await holder.job.end()), ...(await job.end())]).toMatchObject([clean, clean])
    expect(readFileSync(file, 'utf8')).toBe(text)
  })

  test('to store, even if it has opened the lock file that the previous holder has deleted since', async () => {
    const DOCKER_CONFIG = dirname(file)
    const last = await startAndStop({ DOCKER_CONFIG })
    const late = await startAndStop({ DOCKER_CONFIG, LOCK_WHEN: 'before' }, { region: 'eu-de' })
    last.goOn()
    expect(await last.finished).toMatchObject(clean)
    const holder = await startAndStop({ DOCKER_CONFIG }, { region: 'jp-tok' })
    const stored = readFileSync(file, 'utf8')
    late.goOn()
    await until(() => waits(late.tries()) || readFileSync(file, 'utf8') !== stored)
    expect(readFileSync(file, 'utf8')).toBe(stored)
    holder.goOn()
    expect(await holder.finished).toMatchObject(clean)
    expect(await late.finished).toMatchObject(clean)
    expect(Object.keys(read(file).auths)).toEqual(['us.icr.io', 'jp.icr.io', 'de.icr.io'])
    for (const { job } of [last, late, holder]) expect(await job.end()).toMatchObject([clean])
    expect(readFileSync(file, 'utf8')).toBe(text)
    expect(readdirSync(DOCKER_CONFIG)).toEqual(['config.json'])
  })

  test('to log out', async () => {
    const { job, tries } = newJob({ DOCKER_CONFIG: dirname(file) })
    expect(await job.uses(inputs(credentials, { region: 'eu-de' }))).toMatchObject(clean)
    const stored = readFileSync(file, 'utf8')
    const holder = await startAndStop({ DOCKER_CONFIG: dirname(file) })
    const before = tries()
    const post = job.end()
    await until(() => waits(tries() - before) || readFileSync(file, 'utf8') !== stored)
    expect(readFileSync(file, 'utf8')).toBe(stored)
    holder.goOn()
    expect(await holder.finished).toMatchObject(clean)
    expect(await post).toMatchObject([clean])
    expect(read(file).auths).toEqual({ 'us.icr.io': entryOf(credentials) })
    expect(await holder.job.end()).toMatchObject([clean])
    expect(readFileSync(file, 'utf8')).toBe(text)
  })
})

// Errors of network file systems, FUSE, and kernels other than Linux, each of which SQLite handles
// differently.
describe.each(['ENOLCK', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL', 'EPERM', 'EACCES', 'EIO'])(
  'a file system without locks (%s)',
  error => {
    const jobWithout = () => testbed.newJob({ node: nodeBy(testbed.folder, refusing('lock', error)) })

    testUnless(noFilters)('the login is stored and removed without a lock, with a warning', async () => {
      const job = jobWithout()
      const file = join(job.home, '.docker/config.json')
      const text = put(file, { auths: { 'us.icr.io': somebody } })
      const step = await job.uses(inputs(credentials))
      const message = expect.stringMatching(
        /^\/.*\/\.docker\/config\.json: its file system does not support locks, .*isolated: true\.$/,
      )
      expect(step).toMatchObject({ exitCode: 0, annotations: [{ kind: 'warning', message }] })
      expect(read(file).auths).toEqual({ 'us.icr.io': entryOf(credentials) })
      expect(readdirSync(dirname(file))).toEqual(['config.json'])
      expect(await job.end()).toMatchObject([clean])
      expect(readFileSync(file, 'utf8')).toBe(text)
      expect(readdirSync(dirname(file))).toEqual(['config.json'])
    })

    testUnless(noFilters)('isolated: true needs no lock, so there is no warning', async () => {
      const job = jobWithout()
      expect(await job.uses(inputs(credentials, { isolated: 'true' }))).toMatchObject(clean)
      expect(read(join(`${job.env.DOCKER_CONFIG}`, 'config.json')).auths).toEqual({
        'us.icr.io': entryOf(credentials),
      })
      expect(await job.end()).toMatchObject([clean])
      expect(readdirSync(job.temp)).toEqual([])
    })
  },
)

testUnless(noFilters)(
  'credentials-file on a file system without locks: the warning does not advise isolated: true',
  async () => {
    const job = testbed.newJob({ node: nodeBy(testbed.folder, refusing('lock', 'ENOLCK')) })
    const file = join(job.home, 'named.json')
    const step = await job.uses(inputs(credentials, { client: 'none', 'credentials-file': file }))
    const message = expect.stringMatching(
      /json: its file system does not support locks, .* share this file, set credentials-file to another path\.$/,
    )
    expect(step).toMatchObject({ exitCode: 0, annotations: [{ kind: 'warning', message }] })
    expect(read(file).auths).toEqual({ 'us.icr.io': entryOf(credentials) })
    expect(await job.end()).toMatchObject([clean])
    expect(readdirSync(job.home)).toEqual([])
  },
)

test('another step removes the folder just before the lock file is opened: the folder is created again', async () => {
  const job = testbed.newJob()
  const preload = join(job.folder, 'remove-folder.cjs')
  put(
    preload,
    `const fs = require('node:fs')
     const { openSync } = fs
     fs.openSync = (file, ...more) => {
       if (/\\.lock$/.test(file)) {
         fs.openSync = openSync
         fs.rmdirSync(require('node:path').dirname(file))
       }
       return openSync(file, ...more)
     }`,
  )
  job.env.NODE_OPTIONS = `--require ${preload}`
  expect(await job.uses(inputs(credentials))).toMatchObject(clean)
  delete job.env.NODE_OPTIONS
  expect(read(join(job.home, '.docker/config.json'))).toEqual({
    auths: { 'us.icr.io': entryOf(credentials) },
  })
  expect(await job.end()).toMatchObject([clean])
  expect(readdirSync(job.home)).toEqual([])
})
