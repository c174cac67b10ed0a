import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect } from '@jest/globals'
import type { Outcome, Scenario } from '../testbed/compute-resource.ts'
import { noNamespaces, testUnless } from '../testbed/needs.ts'
import { node24, repository } from '../testbed/tools.ts'

const testInNamespace = testUnless(noNamespaces)

/** Runs a job with a simulated metadata service and simulated files of a pod. */
async function run(scenario: Scenario): Promise<Outcome> {
  const program = join(repository, '__tests__/testbed/compute-resource.ts')
  const child = spawn('unshare', ['--net', '--mount', '--', node24, program], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  child.stdin.end(JSON.stringify(scenario))
  const limit = setTimeout(() => child.kill('SIGKILL'), 120_000)
  const output = await text(child.stdout)
  clearTimeout(limit)
  return JSON.parse(output)
}

const onlyError = (message: unknown) => [{ kind: 'error', message }]
const VAULT = '/var/run/secrets/tokens/vault-token'
const SERVICE_ACCOUNT = '/var/run/secrets/tokens/sa-token'
const CODE_ENGINE = '/var/run/secrets/codeengine.cloud.ibm.com/compute-resource-token/token'

describe('a login without an API key', () => {
  const rows: [what: string, scenario: Scenario, metadataRequests: number, iamRequests: string[]][] = [
    ['on a VPC server, by http', { client: 'skopeo', metadata: 'http', isTrusted: true }, 2, []],
    ['on a VPC server, by https', { client: 'skopeo', metadata: 'https', isTrusted: true }, 2, []],
    ['on a VPC server that fails once', { client: 'skopeo', metadata: 'fails once', isTrusted: true }, 4, []],
    ['on a VPC server that waits for IAM', { client: 'skopeo', metadata: 'slow', isTrusted: true }, 4, []],
    ...[VAULT, SERVICE_ACCOUNT, CODE_ENGINE].map((projected): (typeof rows)[number] => [
      `in a pod, by ${projected}`,
      { client: 'skopeo', projected, isTrusted: true },
      0,
      ['POST /identity/token'],
    ]),
    [
      'in a pod on a VPC server: the pod’s own identity counts',
      { client: 'skopeo', metadata: 'http', projected: SERVICE_ACCOUNT, isTrusted: true },
      0,
      ['POST /identity/token'],
    ],
  ]
  for (const [what, scenario, metadataRequests, iamRequests] of rows) {
    testInNamespace(what, async () => {
      const outcome = await run(scenario)
      expect(outcome.main).toMatchObject({ exitCode: 0, annotations: [] })
      expect(outcome.pushed).toBe(0)
      expect(outcome.post).toMatchObject({ exitCode: 0, annotations: [] })
      expect(outcome.pulledAfterwards).not.toBe(0)
      expect(outcome.main.outputs['expires-at']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
      expect(outcome.filesWithTokens).toEqual([1, 0])
      expect(outcome.isShown).toBe(false)
      expect(outcome.metadataRequests).toHaveLength(metadataRequests)
      expect(outcome.iamRequests).toEqual(iamRequests)
      // The metadata service is link-local, so requests to it do not use the proxy.
      expect(
        outcome.proxied.filter(host => !host.endsWith('icr.io') && host !== 'iam.cloud.ibm.com'),
      ).toEqual([])
    })
  }
})

describe('no identity', () => {
  const rows: [what: string, scenario: Scenario, says: RegExp][] = [
    [
      'no metadata service',
      { client: 'skopeo', isTrusted: true },
      /no identity of an IBM Cloud compute resource\. Looked for: \/var\/run\/secrets\/tokens\/vault-token, [\s\S]*#no-compute-resource$/,
    ],
    [
      'a service that hangs',
      { client: 'skopeo', metadata: 'hangs', isTrusted: true },
      /#no-compute-resource$/,
    ],
    [
      'another cloud’s service, as on GitHub-hosted runners',
      { client: 'skopeo', metadata: 'azure', isTrusted: true },
      /#no-compute-resource$/,
    ],
    [
      'a service that is disabled',
      { client: 'skopeo', metadata: 'off', isTrusted: true },
      /is disabled \(unauthorized: metadata service is not enabled\)[\s\S]*ibmcloud is instance-update[\s\S]*#metadata-off$/,
    ],
    [
      'a profile that is not linked',
      { client: 'skopeo', metadata: 'http', isTrusted: false },
      /is not linked to this VPC server[\s\S]*trusted-profile-link-create Profile-[\s\S]*#profile-not-linked$/,
    ],
    [
      'a token file that is empty',
      { client: 'skopeo', projected: SERVICE_ACCOUNT, isEmpty: true, isTrusted: true },
      /Looked for: \/var\/run\/secrets\/tokens\/vault-token, \/var\/run\/secrets\/tokens\/sa-token \(empty\), [\s\S]*#no-compute-resource$/,
    ],
    [
      'a service that refuses for an unknown reason: nothing is said about an API key',
      { client: 'skopeo', metadata: 'refuses', isTrusted: true },
      /did not issue an access token for the trusted profile Profile-[^\n]*: new_code: No command\. [\s\S]*#token-not-issued$/,
    ],
    [
      'a pod that the profile does not trust',
      { client: 'skopeo', projected: SERVICE_ACCOUNT, isTrusted: false },
      /rejected the token of this pod's service account .*BXNIM0398E[\s\S]*#projected-token-refused$/,
    ],
  ]
  for (const [what, scenario, says] of rows) {
    testInNamespace(what, async () => {
      const outcome = await run(scenario)
      expect(outcome.main.annotations).toEqual(onlyError(expect.stringMatching(says)))
      // Two seconds for each of two hosts, plus time for a loaded machine.
      expect(outcome.main.milliseconds).toBeLessThan(20_000)
      expect(outcome.filesWithTokens).toEqual([0, 0])
      expect(outcome.isShown).toBe(false)
      expect(outcome.main.outputs).toEqual({})
    })
  }
})
