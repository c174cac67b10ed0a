import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from '@jest/globals'
import { addProgram } from '../testbed/companions.ts'
import { type Container, startContainer } from '../testbed/container.ts'
import { filesWithSecret } from '../testbed/find-secret.ts'
import { inputs, put } from '../testbed/helpers.ts'
import { type Credentials, startTestbed, type Testbed } from '../testbed/index.ts'
import { laterSteps } from '../testbed/later-steps.ts'
import { noCompanions, noPodmanDocker, noRoot, noUserNamespace, testUnless } from '../testbed/needs.ts'
import type { Job } from '../testbed/runner.ts'
import { podmanDocker } from '../testbed/tools.ts'

// Other tools that read the credential files of the clients, in a typical job.

let testbed: Testbed
let credentials: Credentials
beforeAll(async () => {
  testbed = await startTestbed({ daemon: true })
})
afterAll(() => testbed.stop())
beforeEach(() => {
  credentials = testbed.credentials()
})
afterEach(() => testbed.tidy())

const clean = { exitCode: 0, annotations: [] }

/** Runs commands in the folder `work`. @returns the exit code, and the output if that is not 0 */
async function run(job: Job, commands: string): Promise<{ exitCode: number | undefined; log?: string }> {
  const { exitCode, log } = await job.run(`cd '${job.folder}/work'\n${commands}`, { COSIGN_PASSWORD: '' })
  return exitCode === 0 ? { exitCode } : { exitCode, log }
}

const refused = {
  exitCode: expect.any(Number),
  log: expect.stringMatching(/unauthorized|authentication required|\b401\b/i),
}

/**
 * The commands of each tool, with the private image us.icr.io/team/base:1, on which the Dockerfile in the
 * folder is based.
 */
const TOOLS: [name: string, commands: string[]][] = [
  [
    'docker buildx',
    [
      'docker buildx build --builder default --no-cache --pull --push --tag us.icr.io/team/app:buildx .',
      'docker buildx imagetools create --tag us.icr.io/team/app:imagetools us.icr.io/team/base:1',
    ],
  ],
  [
    'docker compose',
    ['docker compose build --no-cache --pull', 'docker compose push', 'docker compose pull'],
  ],
  [
    'oras',
    [
      'oras push us.icr.io/team/artifact:oras hello',
      'oras pull --output pulled us.icr.io/team/artifact:oras',
      'oras copy us.icr.io/team/base:1 us.icr.io/team/copy:oras',
    ],
  ],
  [
    'cosign',
    [
      `[ -e cosign.key ] || cosign generate-key-pair
       cosign sign --yes --tlog-upload=false --key cosign.key us.icr.io/team/base:1`,
      'cosign verify --insecure-ignore-tlog --key cosign.pub us.icr.io/team/base:1',
    ],
  ],
  [
    'umoci between two copies of skopeo',
    [
      `skopeo --insecure-policy copy docker://us.icr.io/team/base:1 oci:image:1
       umoci insert --image image:1 hello /hello
       skopeo --insecure-policy copy oci:image:1 docker://us.icr.io/team/app:umoci`,
    ],
  ],
]

for (const [name, commands] of TOOLS) {
  for (const isolated of ['false', 'true']) {
    testUnless(noCompanions)(`${name}, isolated: ${isolated}`, async () => {
      const job = testbed.newJob({ clients: 'next-debian' })
      for (const program of ['oras', 'cosign', 'umoci']) addProgram(job, program)
      const work = join(job.folder, 'work')
      put(join(work, 'hello'), 'hello\n')
      put(join(work, 'Dockerfile'), 'FROM us.icr.io/team/base:1\nCOPY hello /\n')
      put(join(work, 'compose.yaml'), 'services: { app: { build: ., image: us.icr.io/team/app:compose } }\n')
      // With isolated, the files of all clients have the credentials.
      const client = isolated === 'true' ? 'docker' : 'docker, skopeo'
      expect(await job.uses(inputs(credentials, { client, isolated }))).toMatchObject(clean)
      expect(await laterSteps(job, 'skopeo').push('us.icr.io/team/base:1')).toMatchObject({ exitCode: 0 })
      for (const command of commands) expect(await run(job, command)).toEqual({ exitCode: 0 })
      expect(await job.end()).toMatchObject([clean])
      for (const command of commands) expect(await run(job, command)).toEqual(refused)
      expect(filesWithSecret(job.folder, credentials)).toEqual([])
    })
  }
}

for (const isolated of ['false', 'true']) {
  testUnless(noPodmanDocker)(`podman as docker (podman-docker), isolated: ${isolated}`, async () => {
    const job = testbed.newJob()
    put(join(job.folder, 'bin/docker'), `#!/bin/sh\nexec ${podmanDocker} "$@"\n`, 0o755)
    put(join(job.folder, 'work/Dockerfile'), 'FROM us.icr.io/team/base:1\nLABEL by=podman-docker\n')
    const storage = join(job.folder, 'storage')
    const docker = `docker --root ${storage}/root --runroot ${storage}/run --storage-driver vfs`
    const commands = [
      `BUILDAH_ISOLATION=chroot ${docker} build --no-cache --pull-always --tag us.icr.io/team/app:podman-docker .`,
      `${docker} push us.icr.io/team/app:podman-docker`,
      `${docker} pull us.icr.io/team/app:podman-docker`,
    ]
    expect(await job.uses(inputs(credentials, { isolated }))).toMatchObject(clean)
    expect(await laterSteps(job, 'skopeo').push('us.icr.io/team/base:1')).toMatchObject({ exitCode: 0 })
    for (const command of commands) expect(await run(job, command)).toEqual({ exitCode: 0 })
    expect(await job.end()).toMatchObject([clean])
    for (const command of commands) expect(await run(job, command)).toEqual(refused)
    expect(filesWithSecret(job.folder, credentials)).toEqual([])
  })
}

describe('a container: job', () => {
  const containers: Container[] = []
  const start = async (...options: string[]) => {
    const container = await startContainer(testbed, ...options)
    containers.push(container)
    return testbed.newJob({ start: container.start, ownRun: true, env: { XDG_RUNTIME_DIR: '' } })
  }
  afterEach(async () => {
    for (const container of containers.splice(0)) await container.remove()
  })

  for (const isolated of ['false', 'true']) {
    testUnless(noRoot)(`docker and skopeo, isolated: ${isolated}`, async () => {
      const job = await start()
      const steps = (['docker', 'skopeo'] as const).map(client => laterSteps(job, client))
      expect(await job.uses(inputs(credentials, { client: 'docker, skopeo', isolated }))).toMatchObject(clean)
      for (const { push, pull } of steps) {
        expect(await push('us.icr.io/team/container:1')).toMatchObject({ exitCode: 0 })
        expect(await pull('us.icr.io/team/container:1')).toMatchObject({ exitCode: 0 })
      }
      expect(await job.end()).toMatchObject([clean])
      for (const { pull } of steps) expect((await pull('us.icr.io/team/container:1')).exitCode).not.toBe(0)
      expect(filesWithSecret(job.folder, credentials)).toEqual([])
    })
  }

  testUnless(noRoot)(
    'podman and buildah without the privileges that they need: the error names the container options',
    async () => {
      const job = await start()
      const step = await job.uses(inputs(credentials, { client: 'podman, buildah' }))
      expect(step).toMatchObject({ exitCode: 1, annotations: [{ kind: 'error' }] })
      expect(step.annotations[0]?.message).toMatch(/^Login to us\.icr\.io failed.*options: --privileged/s)
      expect(await job.end()).toMatchObject([clean])
    },
  )

  testUnless(noRoot ?? noUserNamespace)(
    'podman and buildah with user namespaces: they do not run as root there, and find the login',
    async () => {
      const job = await start('--security-opt', 'seccomp=unconfined')
      expect(await job.uses(inputs(credentials, { client: 'podman, buildah' }))).toMatchObject(clean)
      for (const client of ['podman', 'buildah'])
        expect((await job.run(`${client} login --get-login us.icr.io`)).log).toContain(credentials.profileId)
      expect(await job.end()).toMatchObject([clean])
      for (const client of ['podman', 'buildah'])
        expect((await job.run(`${client} login --get-login us.icr.io`)).exitCode).not.toBe(0)
    },
  )

  testUnless(noRoot)('podman and buildah with CAP_SYS_ADMIN', async () => {
    const job = await start('--cap-add', 'SYS_ADMIN', '--security-opt', 'seccomp=unconfined')
    const step = await job.uses(inputs(credentials, { client: 'podman, buildah' }))
    expect(step).toMatchObject(clean)
    expect(step.exported).toEqual({})
    for (const client of ['podman', 'buildah'] as const) {
      const { push, pull } = laterSteps(job, client)
      expect(await push('us.icr.io/team/container:1')).toMatchObject({ exitCode: 0 })
      expect(await pull('us.icr.io/team/container:1')).toMatchObject({ exitCode: 0 })
    }
    expect(await job.end()).toMatchObject([clean])
    expect((await laterSteps(job, 'podman').pull('us.icr.io/team/container:1')).exitCode).not.toBe(0)
  })
})
