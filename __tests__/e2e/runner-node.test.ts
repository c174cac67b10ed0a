import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { filesWithSecret } from '../testbed/find-secret.ts'
import { startTestbed, type Testbed } from '../testbed/index.ts'
import { laterSteps } from '../testbed/later-steps.ts'
import { Job } from '../testbed/runner.ts'
import { nodeOfRunner } from '../testbed/tools.ts'

let testbed: Testbed
beforeAll(async () => {
  testbed = await startTestbed()
})
afterAll(() => testbed.stop())

// Those of runner 2.327, the first that runs actions of today, and of 2.330.
test.each(['24.5.0', '24.11.1'])(
  'Node %s: a login, a check, a push, the post step, and no warning',
  async version => {
    const { profileId, apiKey } = testbed.credentials()
    const job = new Job({ env: testbed.env, node: nodeOfRunner(version) })
    job.env.REGISTRY_AUTH_FILE = join(job.home, 'auth.json')
    const step = await job.uses({
      region: 'us-south',
      'profile-id': profileId,
      'api-key': apiKey,
      client: 'skopeo',
      'check-push': 'team/old-node',
    })
    expect(step).toMatchObject({ exitCode: 0, annotations: [] })
    expect(await laterSteps(job, 'skopeo').push('us.icr.io/team/old-node:1')).toMatchObject({ exitCode: 0 })
    const [post] = await job.end()
    expect(post).toMatchObject({ exitCode: 0, annotations: [] })
    expect(`${step.raw}${post?.raw}`).not.toMatch(/warning/i)
    expect(filesWithSecret(job.folder, { profileId, apiKey })).toEqual([])
    job.remove()
  },
)
