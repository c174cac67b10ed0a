import path from 'node:path'
import { FileError } from '../user-error.ts'
import type { Client, Family } from './client.ts'
import { dockerConfigFile } from './docker.ts'
import { home, isFolder, type Machine } from './machine.ts'
import { logInWith } from './program.ts'
import { areTexts } from './settings.ts'

/**
 * The path of a namespace or repository. Does not match `/`, `/v1/`, and the like, which old clients wrote.
 */
const NAMESPACE = /^\/[^/]{4,30}(?:\/[^/]+)*$/

/**
 * podman, buildah, and skopeo. If the variable is set, they read no other file (containers/image 5.24 and
 * later), so a job-specific file starts with all logins that they would find without it.
 */
export const CONTAINERS_FAMILY: Family = {
  variable: 'REGISTRY_AUTH_FILE',
  jobFile: folder => ({ file: path.join(folder, 'auth.json'), value: path.join(folder, 'auth.json') }),
  prepare: () => [],
  hasSettings: false,
  searched: machine => {
    const configHome = machine.env.XDG_CONFIG_HOME || path.join(home(), '.config')
    const files = [
      machine.env.REGISTRY_AUTH_FILE || undefined,
      runtimeAuthFile(machine),
      path.join(configHome, 'containers', 'auth.json'),
      dockerConfigFile(machine),
    ]
    return [...new Set(files.filter(file => file !== undefined))]
  },
  helperFor: ({ credHelpers }, domain, file) => {
    if (!credHelpers || !Object.hasOwn(credHelpers, domain)) return undefined
    const name = credHelpers[domain]
    if (name) return name
    // They would try to run `docker-credential-`.
    throw new FileError(
      file,
      `${file}: credHelpers contains an empty name for ${domain}, which podman, buildah and skopeo cannot use`,
      'delete that line',
    )
  },
  // They decode only the entry that they need.
  canRead: entry => areTexts(entry, ['auth', 'identitytoken']),
  canReadSetting: () => true,
  keychain: () => undefined,
  precedence: ({ auths }, file, domains) => {
    const paths = Object.keys(auths ?? {}).filter(host =>
      domains.some(domain => host.startsWith(`${domain}/`) && NAMESPACE.test(host.slice(domain.length))),
    )
    if (paths.length === 0) return []
    return [
      `${file} contains a login for ${paths.join(', ')}, which takes precedence over this login in podman, buildah and skopeo.`,
    ]
  },
}

/**
 * Creates a client of this family.
 *
 * @param readsDockerFirst whether it prefers docker's file to its own if `DOCKER_CONFIG` is set: podman and
 * buildah do, skopeo does not (https://github.com/containers/image/blob/main/pkg/docker/config/config.go)
 */
export function containersClient(program: string, install: string, readsDockerFirst: boolean): Client {
  return {
    program,
    install,
    hidesMessages: true,
    logIn: attempt =>
      logInWith(
        program,
        attempt,
        folder => ({ args: ['--authfile', path.join(folder, 'auth.json')], env: {} }),
        'wrote-to-helper',
      ),
    family: CONTAINERS_FAMILY,
    store: machine => {
      const { env } = machine
      if (env.REGISTRY_AUTH_FILE) return env.REGISTRY_AUTH_FILE
      return env.DOCKER_CONFIG && readsDockerFirst ? dockerConfigFile(machine) : runtimeAuthFile(machine)
    },
  }
}

/** @returns undefined if each client would use a folder that it creates for itself */
function runtimeAuthFile({ env, platform, isRoot }: Machine): string | undefined {
  if (platform === 'darwin' || platform === 'win32')
    return path.join(home(), '.config', 'containers', 'auth.json')
  if (env.XDG_RUNTIME_DIR) {
    return isFolder(env.XDG_RUNTIME_DIR)
      ? path.join(env.XDG_RUNTIME_DIR, 'containers', 'auth.json')
      : undefined
  }
  return isRoot ? '/run/containers/0/auth.json' : undefined
}
