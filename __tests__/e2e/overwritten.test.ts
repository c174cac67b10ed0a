import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { inputs, put, read } from '../testbed/helpers.ts'
import { startTestbed, type Testbed } from '../testbed/index.ts'
import type { Job } from '../testbed/runner.ts'
import { repository } from '../testbed/tools.ts'

let testbed: Testbed
let job: Job
beforeAll(async () => {
  testbed = await startTestbed()
})
afterAll(() => testbed.stop())
beforeEach(() => {
  job = testbed.newJob({ skips: 'pauses' })
})
afterEach(() => testbed.tidy())

/** Runs a step while another program overwrites all files that match. */
function overwriting(files: string, more: Record<string, string>) {
  const preload = ['skip-time', 'overwrite-after'].map(
    name => `--require ${join(repository, `__tests__/testbed/${name}.cjs`)}`,
  )
  return job.uses(inputs(testbed.credentials(), more), { NODE_OPTIONS: preload.join(' '), OVERWRITE: files })
}

test('a file that is overwritten again and again: a warning, and other files are restored', async () => {
  const config = join(job.home, '.docker/config.json')
  const authFile = join(job.home, 'auth.json')
  job.env.REGISTRY_AUTH_FILE = authFile
  // The other file is overwritten only once, after the logins are stored.
  testbed.fault(({ path }) => {
    if (path.endsWith('/blobs/uploads/')) put(authFile, { auths: {} })
    return undefined
  })
  const step = await overwriting(config, { client: 'docker, skopeo', 'check-push': 'team/app' })
  expect(step).toMatchObject({
    exitCode: 0,
    annotations: [
      {
        kind: 'warning',
        message: `${config}: another program keeps overwriting it, so later steps may not find this login there. End that program, or set isolated: true.`,
      },
    ],
  })
  expect(Object.keys(read(authFile).auths)).toEqual(['us.icr.io'])
})

// `isolated: true` would not help there.
test.each<[what: string, files: string, more: Record<string, string>, advice: string]>([
  [
    'the credentials-file',
    '/named\\.json$',
    { client: 'none', 'credentials-file': '../temp/named.json' },
    'End that program, or set credentials-file to another path.',
  ],
  [
    'a job-specific file',
    '/icr-login-[^/]*/docker/config\\.json$',
    { isolated: 'true' },
    'End that program.',
  ],
])(
  '%s is overwritten again and again: a warning that says what helps',
  async (_what, files, more, advice) => {
    const step = await overwriting(files, more)
    const message = expect.stringMatching(
      new RegExp(`${files.slice(0, -1)}: another program keeps overwriting it[^.]*\\. ${advice}$`),
    )
    expect(step).toMatchObject({ exitCode: 0, annotations: [{ kind: 'warning', message }] })
  },
)
