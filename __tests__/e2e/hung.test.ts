import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { startTestbed, type Testbed } from '../testbed/index.ts'
import { processesNaming } from '../testbed/processes.ts'
import { Job } from '../testbed/runner.ts'

let testbed: Testbed
beforeAll(async () => {
  testbed = await startTestbed()
})
afterAll(() => testbed.stop())

test('a registry that never answers: the step ends in its time, and no client process is left', async () => {
  const { profileId, apiKey } = testbed.credentials()
  const job = new Job({ env: { ...testbed.env, XDG_RUNTIME_DIR: testbed.folder } })
  testbed.fault(() => 'hang')
  const client = 'docker,buildah,podman,skopeo'
  const step = await job.uses({ region: 'us-south', 'profile-id': profileId, 'api-key': apiKey, client })
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
  expect(processesNaming(profileId)).toEqual([])
  expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
  job.remove()
}, 240_000)
