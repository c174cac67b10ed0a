import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's root folder. */
export const repository = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '')

const cache = join(repository, '.cache')

/** The folder with the clients of the next Debian release, made by `script/setup --next-debian`. */
export const nextDebianRoot = join(cache, 'debian-next')

/** Folders with what script/setup unpacked instead of installing; dockerd looks for its helpers on PATH. */
export const unpackedDocker = [join(cache, 'docker/usr/bin'), join(cache, 'docker/usr/sbin')] as const
const unpackedRegistry = join(cache, 'docker-registry/usr/bin')

/** The package podman-docker's program, which script/setup unpacked: it would take docker's place. */
export const podmanDocker = join(cache, 'podman-docker/usr/bin/docker')

/** The file that `name` starts when `path` is the PATH, or undefined. */
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
  if (!file) throw new Error(`${name} is not there: run script/setup`)
  return file
}

/** The machine's PATH, with the unpacked docker client behind it for a machine that has none. */
export const clientPath = [process.env.PATH, unpackedDocker[0]].join(delimiter)

/** The real registry software. */
export const dockerRegistry = () =>
  program('docker-registry', [process.env.PATH, unpackedRegistry].join(delimiter))

/** The tests' docker daemon, always the unpacked one. */
export const dockerd = () => program('dockerd', unpackedDocker.join(delimiter))

/** Node 24, the runtime that the runner gives to actions: a development dependency where it is not this process. */
export const node24 = findNode24()

/** Another version of Node 24, which script/setup puts into the cache for the end-to-end tests. */
export function nodeOfRunner(version: string): string {
  return program('node', join(cache, `node-${version}`))
}

function findNode24(): string {
  // On Windows it is the one that runs the tests.
  if (process.platform === 'win32') return process.execPath
  const dependency = join(repository, 'node_modules/.bin/node')
  if (existsSync(dependency)) return dependency
  if (Number.parseInt(process.versions.node, 10) >= 24) return process.execPath
  throw new Error(`Node 24 is needed to run the action, and this is ${process.version}: run script/setup`)
}
