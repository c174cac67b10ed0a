import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import { inputs } from '../testbed/helpers.ts'
import { startTestbed, type Testbed } from '../testbed/index.ts'
import { processesNaming } from '../testbed/processes.ts'

let testbed: Testbed
beforeAll(async () => {
  testbed = await startTestbed()
})
afterEach(() => testbed.tidy())
afterAll(() => testbed.stop())

test('a registry that never answers: the step ends in its time, and no client process is left', async () => {
  const credentials = testbed.credentials()
  const job = testbed.newJob()
  testbed.fault(() => 'hang')
  const step = await job.uses(inputs(credentials, { client: 'docker,buildah,podman,skopeo' }))
  testbed.fault()
  expect(step.exitCode).toBe(1)
  expect(step.annotations).toEqual([
    {
      kind: 'error',
      message: expect.stringContaining('no answer came in time. The way leads through the proxy 127.0.0.1'),
    },
  ])
  // Three tries of 45 seconds fit into the step's budget of 150; a fourth does not.
  expect(job.starts.length).toBeLessThanOrEqual(12)
  expect(processesNaming(credentials.profileId)).toEqual([])
  expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
}, 240_000)
