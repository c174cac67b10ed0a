/**
 * Runs a job on a compute resource of IBM Cloud: in separate namespaces, in which this program controls the
 * metadata service's address, the files of a pod's service account, and /etc/hosts.
 *
 * usage: unshare --net --mount node compute-resource.ts SCENARIO   prints the result as JSON
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { filesWithSecret } from './find-secret.ts'
import { startTestbed } from './index.ts'
import { laterSteps } from './later-steps.ts'
import { METADATA_ADDRESS, METADATA_HOST, type Metadata, startMetadata } from './metadata.ts'
import type { StepResult } from './runner.ts'

export interface Scenario {
  client: 'skopeo'
  /** Undefined: nothing listens at the address. */
  metadata?: Metadata
  /** The path of the token of a pod's service account. */
  projected?: string
  /** The token's file exists, but contains none. */
  isEmpty?: boolean
  /** Whether the profile trusts the resource. */
  isTrusted: boolean
}

export interface Outcome {
  main: StepResult
  post: StepResult | undefined
  /** Exit codes of a push in a later step, and of a pull after the post step. */
  pushed: number | undefined
  pulledAfterwards: number | undefined
  metadataRequests: string[]
  iamRequests: string[]
  proxied: string[]
  /** The number of files that contain a token of the resource or the profile, after main and after post. */
  filesWithTokens: [afterMain: number, afterPost: number]
  /** Whether a token is in the masked log or in the arguments or environment of a client. */
  isShown: boolean
}

async function main({ client, metadata, projected, isEmpty, isTrusted }: Scenario): Promise<Outcome> {
  const sh = (script: string) => execFileSync('/bin/sh', ['-ec', script])
  sh(
    `ip link set lo up; mount -t tmpfs tmpfs /run; ${metadata ? `ip addr add ${METADATA_ADDRESS}/32 dev lo` : ''}`,
  )
  const testbed = await startTestbed()
  try {
    const hosts = join(testbed.folder, 'hosts')
    writeFileSync(
      hosts,
      `127.0.0.1 localhost\n${metadata === 'https' ? `${METADATA_ADDRESS} ${METADATA_HOST}\n` : ''}`,
    )
    sh(`mount --bind ${hosts} /etc/hosts`)

    const resource = testbed.cloud.computeResource()
    const metadataRequests: string[] = []
    if (metadata)
      await startMetadata(metadata, testbed.cloud, resource.profileId, testbed.authority, metadataRequests)
    if (projected) {
      mkdirSync(dirname(projected), { recursive: true })
      writeFileSync(projected, isEmpty ? '\n' : `${resource.token}\n`)
    }
    const profileId = isTrusted ? resource.profileId : testbed.cloud.profile([])

    const job = testbed.newJob({ debug: true })
    const result = await job.uses({
      region: 'us-south',
      'auth-method': 'compute-resource',
      'profile-id': profileId,
      client,
    })
    const tokens = [resource.token, ...testbed.cloud.tokens.keys()]
    const holding = () =>
      new Set(tokens.flatMap(apiKey => filesWithSecret(job.folder, { profileId: 'iambearer', apiKey }))).size
    const afterMain = holding()
    const later = laterSteps(job, client)
    const pushed = result.exitCode === 0 ? (await later.push('us.icr.io/team/compute:1')).exitCode : undefined
    const [post] = await job.end()
    const pulledAfterwards = (await later.pull('us.icr.io/team/compute:1')).exitCode
    const shown = [
      result.log,
      post?.log,
      ...job.starts.flatMap(({ args, env }) => [args.join(' '), env]),
    ].join('\n')
    return {
      main: result,
      post,
      pushed,
      pulledAfterwards,
      metadataRequests,
      iamRequests: testbed.requests
        .filter(({ host }) => host.includes('iam'))
        .map(({ method, path }) => `${method} ${path}`),
      proxied: [...testbed.proxy.connections.keys()],
      filesWithTokens: [afterMain, holding()],
      isShown: tokens.some(token => shown.includes(token)),
    }
  } finally {
    testbed.tidy()
    await testbed.stop()
  }
}

console.log(JSON.stringify(await main(JSON.parse(readFileSync(0, 'utf8')))))
process.exit()
