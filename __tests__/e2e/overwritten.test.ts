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
        message: expect.stringContaining(`${config}: another program keeps overwriting it`),
      },
    ],
  })
  expect(Object.keys(read(authFile).auths)).toEqual(['us.icr.io'])
})
