import { execFile } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Testbed } from './index.ts'
import { jobsFolder } from './job-folder.ts'
import { repository, unpackedDocker } from './tools.ts'

const run = promisify(execFile)

export interface Container {
  /** For a job's `start`: the command that enters the container. */
  readonly start: string[]
  remove(): Promise<void>
}

/**
 * Starts what the runner starts for a job with `container:`, on the test bed's daemon. The image contains
 * only links into the machine's /usr. The network is the machine's, because a test bed's daemon creates none.
 *
 * Source: https://github.com/actions/runner, src/Runner.Worker/Container/DockerCommandManager.cs
 *
 * @param options as in `container: options:`
 */
export async function startContainer(testbed: Testbed, ...options: string[]): Promise<Container> {
  const folder = mkdtempSync(join(testbed.folder, 'container-'))
  const docker = join(unpackedDocker[0], 'docker')
  const { DOCKER_HOST = '' } = testbed.env
  const call = async (...args: string[]) =>
    (await run(docker, args, { env: { DOCKER_HOST, HOME: folder } })).stdout.trim()

  const image = join(folder, 'image')
  for (const name of ['etc', 'root', 'run', 'tmp', 'var/tmp'])
    mkdirSync(join(image, name), { recursive: true })
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) symlinkSync(`usr/${name}`, join(image, name))
  writeFileSync(join(image, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/bash\n')
  const layer = join(folder, 'layer.tar')
  await run('tar', ['-C', image, '-cf', layer, '.'])
  await call('import', layer, 'links')

  const writable = [testbed.folder, jobsFolder(), repository]
  const id = await call(
    'create',
    ...['--network', 'host', '--stop-signal', 'KILL', ...options],
    ...['/usr', '/etc/containers'].flatMap(name => ['--volume', `${name}:${name}:ro`]),
    ...writable.flatMap(name => ['--volume', `${name}:${name}`]),
    ...['--entrypoint', 'tail', 'links', '-f', '/dev/null'],
  )
  await call('start', id)

  // Passes each variable by name only: docker takes the value from its own environment.
  const enter = join(folder, 'enter')
  writeFileSync(
    enter,
    `#!/bin/bash
mapfile -d '' -t names < <(env -0 | sed -z 's/=.*//; s/^/--env=/')
exec '${docker}' --host '${DOCKER_HOST}' exec --workdir "$PWD" "\${names[@]}" ${id} "$@"
`,
  )
  chmodSync(enter, 0o755)
  return { start: [enter], remove: async () => void (await call('rm', '--force', id)) }
}
