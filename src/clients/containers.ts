import path from 'node:path'
import { UserError } from '../user-error.ts'
import type { Client, Family } from './client.ts'
import { dockerConfigFile } from './docker.ts'
import { home, isFolder, type Machine } from './machine.ts'
import { logInWith } from './program.ts'
import { areTexts } from './settings.ts'

/** What a repository's name may begin with; `/`, `/v1/` and the like, which old clients wrote, are no such thing. */
const NAMESPACE = /^\/[^/]{4,30}(?:\/[^/]+)*$/

/**
 * podman, buildah and skopeo. Where the variable names a file, they look nowhere else (containers/image 5.24 and
 * later), so a file of the job's own begins with all that they would have found without it.
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
    throw new UserError(
      `${file}: credHelpers contains an empty name for ${domain}, which podman, buildah and skopeo cannot use. Delete that line, or set isolated: true.`,
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
 * A client of the family.
 *
 * @param readsDockerFirst whether `DOCKER_CONFIG` leads it to docker's file before its own: podman and buildah yes, skopeo
 *        no (https://github.com/containers/image/blob/main/pkg/docker/config/config.go)
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

/** Undefined where each of them would look for a folder of its own making. */
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
