import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ClientName } from '../../src/clients/table.ts'
import type { Job, StepResult } from './runner.ts'

/** What a later step of a job does with a client: real commands, separate storage, only the job's logins. */
export interface LaterSteps {
  push(image: string): Promise<StepResult>
  pull(image: string): Promise<StepResult>
  /** The last command of each, as a user with the client's default storage would write it. */
  readonly shown: { push(image: string): string; pull(image: string): string }
}

/**
 * The commands of one client. `storage` is a folder for its images; `context` is one to build an image from.
 */
const COMMANDS: Record<ClientName, { push: (image: string) => string; pull: (image: string) => string }> = {
  docker: {
    push: image =>
      `DOCKER_BUILDKIT=0 docker build --quiet --tag ${image} "$context" && docker push --quiet ${image}`,
    pull: image => `docker rmi --force ${image} >/dev/null 2>&1 || true; docker pull --quiet ${image}`,
  },
  podman: {
    push: image => `podman $vfs import "$context/layer.tar" ${image} && podman $vfs push ${image}`,
    pull: image => `podman $vfs rmi --force ${image} >/dev/null 2>&1 || true; podman $vfs pull ${image}`,
  },
  buildah: {
    push: image =>
      `container=$(buildah $vfs from scratch) && buildah $vfs copy $container "$context/hello" / && buildah $vfs commit $container ${image} && buildah $vfs push ${image}`,
    pull: image => `buildah $vfs rmi --force ${image} >/dev/null 2>&1 || true; buildah $vfs pull ${image}`,
  },
  skopeo: {
    push: image => `skopeo --insecure-policy copy "oci:$context/image:latest" docker://${image}`,
    pull: image => `skopeo --insecure-policy copy docker://${image} "dir:$(mktemp -d)"`,
  },
}

export function laterSteps(job: Job, client: ClientName): LaterSteps {
  const storage = join(job.folder, 'storage', client)
  const context = join(job.folder, 'context')
  const env = {
    context,
    vfs: `--root ${storage}/root --runroot ${storage}/run --storage-driver vfs`,
    BUILDAH_ISOLATION: 'chroot',
    TMPDIR: job.folder,
  }
  const run = async (command: string) => {
    mkdirSync(storage, { recursive: true })
    writeContext(context)
    job.own(storage)
    job.own(context)
    await job.run('tar -C "$context" -cf "$context/layer.tar" hello', env)
    return job.run(command, env)
  }
  return {
    push: image => run(COMMANDS[client].push(image)),
    pull: image => run(COMMANDS[client].pull(image)),
    shown: {
      push: image => shown(COMMANDS[client].push(image)),
      pull: image => shown(COMMANDS[client].pull(image)),
    },
  }
}

/** The last of the commands, without the options that separate it from the machine's own images. */
function shown(commands: string): string {
  const last = commands.split(/ && |; /).at(-1) ?? ''
  return last.replace('$vfs ', '').replace('--insecure-policy ', '').replace('$context/', '')
}

/**
 * Writes a Dockerfile and an image without layers in OCI layout: https://github.com/opencontainers/image-spec
 */
function writeContext(folder: string): void {
  const blobs = join(folder, 'image/blobs/sha256')
  mkdirSync(blobs, { recursive: true })
  writeFileSync(join(folder, 'hello'), 'hello\n')
  writeFileSync(join(folder, 'Dockerfile'), 'FROM scratch\nCOPY hello /\n')
  writeFileSync(join(folder, '.dockerignore'), 'image\n')
  const put = (mediaType: string, content: object) => {
    const text = JSON.stringify(content)
    const hash = createHash('sha256').update(text).digest('hex')
    writeFileSync(join(blobs, hash), text)
    return { mediaType, digest: `sha256:${hash}`, size: text.length }
  }
  const config = put('application/vnd.oci.image.config.v1+json', {
    architecture: 'amd64',
    os: 'linux',
    rootfs: { type: 'layers', diff_ids: [] },
  })
  const mediaType = 'application/vnd.oci.image.manifest.v1+json'
  const manifest = put(mediaType, { schemaVersion: 2, mediaType, config, layers: [] })
  const annotations = { 'org.opencontainers.image.ref.name': 'latest' }
  writeFileSync(
    join(folder, 'image/index.json'),
    JSON.stringify({ schemaVersion: 2, manifests: [{ ...manifest, annotations }] }),
  )
  writeFileSync(join(folder, 'image/oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }))
}
