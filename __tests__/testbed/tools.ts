import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's root folder. */
export const repository = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '')

const cache = join(repository, '.cache')

/** The folder with the next Debian release's clients, created by `script/setup --next-debian`. */
export const nextDebianRoot = join(cache, 'debian-next')

/** Folders that script/setup unpacked instead of installing them. dockerd looks for its helpers in PATH. */
export const unpackedDocker = [join(cache, 'docker/usr/bin'), join(cache, 'docker/usr/sbin')] as const
const unpackedRegistry = join(cache, 'docker-registry/usr/bin')

/**
 * The program of the package podman-docker. Only unpacked by script/setup, because it would replace docker.
 */
export const podmanDocker = join(cache, 'podman-docker/usr/bin/docker')

/** The path of a program in `path`; undefined if it is not found. */
export function findProgram(name: string, path = process.env.PATH ?? ''): string | undefined {
  return path
    .split(delimiter)
    .map(folder => join(folder, name))
    .find(file => {
      try {
        accessSync(file, constants.X_OK)
        return true
      } catch {
        return false
      }
    })
}

function program(name: string, path: string): string {
  const file = findProgram(name, path)
  if (!file) throw new Error(`${name} not found: run script/setup`)
  return file
}

/** The machine's PATH, followed by the unpacked docker client, for machines that have none. */
export const clientPath = [process.env.PATH, unpackedDocker[0]].join(delimiter)

/** The real registry software. */
export const dockerRegistry = () =>
  program('docker-registry', [process.env.PATH, unpackedRegistry].join(delimiter))

/** The tests' docker daemon, which is always the unpacked one. */
export const dockerd = () => program('dockerd', unpackedDocker.join(delimiter))

/** Node 24, which runners use for actions. If this process is another version, the development dependency. */
export const node24 = findNode24()

/** Another version of Node, which script/setup downloads to the cache for the end-to-end tests. */
export function nodeOfRunner(version: string): string {
  return program('node', join(cache, `node-${version}`))
}

function findNode24(): string {
  // On Windows, it is the one that runs the tests.
  if (process.platform === 'win32') return process.execPath
  const dependency = join(repository, 'node_modules/.bin/node')
  if (existsSync(dependency)) return dependency
  if (Number.parseInt(process.versions.node, 10) >= 24) return process.execPath
  throw new Error(`the action needs Node 24, but this is ${process.version}: run script/setup`)
}
