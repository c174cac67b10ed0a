import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { REGIONS } from '../../src/ibm/regions.ts'
import { inputs, put, read } from '../testbed/helpers.ts'
import { type Credentials, startTestbed, type Testbed } from '../testbed/index.ts'
import type { Job } from '../testbed/runner.ts'
import { repository } from '../testbed/tools.ts'

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

/** Makes the job's steps load a file before their program. */
function preload(file: string): void {
  job.env.NODE_OPTIONS = `--require ${file}`
}

describe('slow-loading modules of Node are loaded only when needed', () => {
  const SLOW = ['assert', 'child_process', 'crypto', 'http', 'https', 'perf_hooks', 'sqlite', 'tls']
  const slow = (loaded: string[]) => loaded.filter(name => SLOW.includes(name)).sort()
  let file: string
  beforeEach(() => {
    preload(join(repository, '__tests__/testbed/note-modules.cjs'))
    file = join(job.folder, 'modules.json')
    job.env.MODULES = file
  })

  test('before the client starts: what starts it; while it runs: what storing needs', async () => {
    expect(await job.uses(inputs(credentials))).toMatchObject({ exitCode: 0, annotations: [] })
    const { before, meanwhile, end } = read(file)
    expect(slow(before)).toEqual(['child_process'])
    expect(slow(meanwhile)).toEqual(['child_process', 'crypto', 'sqlite'])
    expect(slow(end)).toEqual(slow(meanwhile))
  })

  test('before the checks, and while the client runs: what sends requests', async () => {
    expect(await job.uses(inputs(credentials, { 'check-push': 'team/app' }))).toMatchObject({ exitCode: 0 })
    const { before, meanwhile } = read(file)
    expect(slow(before)).toEqual(['child_process'])
    expect(slow(meanwhile)).toEqual(['child_process', 'crypto', 'https', 'sqlite', 'tls'])
  })

  test('in the post step: what logging out needs', async () => {
    await job.uses(inputs(credentials))
    expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
    const { end } = read(file)
    expect(slow(end)).toEqual(['sqlite'])
  })
})

test('the main and post steps end even if something is still open', async () => {
  preload(join(job.folder, 'open.cjs'))
  put(join(job.folder, 'open.cjs'), 'setInterval(() => {}, 1000)')
  expect(await job.uses(inputs(credentials))).toMatchObject({ exitCode: 0, annotations: [] })
  expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
})

test('a long error is printed completely before the step ends, even if it is read slowly', async () => {
  const docker =
    '#!/bin/bash\nyes "a line of what docker says" | head --lines 10000 >&2\necho the end >&2\nexit 1\n'
  writeFileSync(join(job.folder, 'bin', 'docker'), docker, { mode: 0o755 })
  const { child, finished } = job.start(inputs(credentials, { region: REGIONS.map(({ id }) => id).join() }))
  child.stdout?.pause()
  await sleep(1000)
  child.stdout?.resume()
  const step = await finished
  expect(step).toMatchObject({ exitCode: 1, annotations: [{ kind: 'error' }] })
  expect(step.raw.length).toBeGreaterThan(512 * 1024)
  expect(step.raw).toMatch(/^\| the end\n::endgroup::\n$/m)
})
