import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { inputs, put, read } from '../testbed/helpers.ts'
import { startTestbed, type Testbed } from '../testbed/index.ts'
import type { Job } from '../testbed/runner.ts'

let testbed: Testbed
let job: Job
beforeAll(async () => {
  testbed = await startTestbed()
})
afterAll(() => testbed.stop())
beforeEach(() => {
  job = testbed.newJob()
})
afterEach(() => testbed.tidy())

test('a file that is overwritten again and again: a warning, and other files are restored', async () => {
  const config = join(job.home, '.docker/config.json')
  const authFile = join(job.home, 'auth.json')
  job.env.REGISTRY_AUTH_FILE = authFile
  const overwrite = (file: string) => put(file, { auths: {} })

  // The check starts after the logins are stored. From then on, another program keeps overwriting one file.
  // It overwrites the other file only once.
  let overwriting: NodeJS.Timeout | undefined
  testbed.fault(({ path }) => {
    if (overwriting === undefined && path.endsWith('/blobs/uploads/')) {
      overwrite(authFile)
      overwriting = setInterval(() => overwrite(config), 20)
    }
    return undefined
  })
  const step = await job
    .uses(inputs(testbed.credentials(), { client: 'docker, skopeo', 'check-push': 'team/app' }))
    .finally(() => clearInterval(overwriting))
  expect(step).toMatchObject({
    exitCode: 0,
    annotations: [
      {
        kind: 'warning',
        message: expect.stringMatching(
          `^${config}: another program keeps overwriting it.*. End that program, or set isolated: true\\.$`,
        ),
      },
    ],
  })
  expect(Object.keys(read(authFile).auths)).toEqual(['us.icr.io'])
})

// `isolated: true` would not help there.
test.each<[what: string, more: Record<string, string>, advice: string]>([
  [
    'the credentials-file',
    { client: 'none' },
    'End that program, or set credentials-file to another path\\.',
  ],
  ['a job-specific file', { client: 'docker', isolated: 'true' }, 'End that program\\.'],
])('%s is overwritten again and again: a warning that says what helps', async (what, more, advice) => {
  const named = join(job.temp, 'named.json')
  let overwriting: NodeJS.Timeout | undefined
  testbed.fault(({ path }) => {
    if (path.endsWith('/blobs/uploads/')) {
      const [step = ''] = readdirSync(job.temp).filter(name => name.startsWith('icr-login-'))
      const file = what === 'the credentials-file' ? named : join(job.temp, step, 'docker/config.json')
      overwriting ??= setInterval(() => put(file, { auths: {} }), 20)
    }
    return undefined
  })
  const withFile = what === 'the credentials-file' ? { 'credentials-file': named } : {}
  const step = await job
    .uses(inputs(testbed.credentials(), { ...more, ...withFile, 'check-push': 'team/app' }))
    .finally(() => clearInterval(overwriting))
  const message = expect.stringMatching(
    new RegExp(`json: another program keeps overwriting it[^.]*\\. ${advice}$`),
  )
  expect(step).toMatchObject({ exitCode: 0, annotations: [{ kind: 'warning', message }] })
})
