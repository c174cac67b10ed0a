import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { makeFolder, type WorkFolder } from '../work-folder.ts'
import { type Config, readCredentialFile, realPath } from './credential-file.ts'
import { dockerFolder, linkDockerFolder } from './docker-folder.ts'
import * as helper from './helper.ts'
import { dockerConfigFile, type Machine, searchedAuthFiles } from './locations.ts'
import type { Place } from './store.ts'
import type { VariableChange } from './undo-record.ts'

/** A file of this job's own that stands in for one that the clients share, and the variable that says so. */
export interface PrivateFile {
  place: Place
  variable: VariableChange
}

/**
 * An auth file in the work folder, for `REGISTRY_AUTH_FILE`. podman, buildah and skopeo look nowhere else then
 * (containers/image 5.24 and later), so it begins with all that they would have found without it.
 *
 * @param domains those that the step logs in to: no credential helper is asked for them
 * @param warn is told of a file that cannot be read
 */
export function privateAuthFile(
  work: WorkFolder,
  machine: Machine,
  domains: string[],
  warn: (message: string) => unknown,
): PrivateFile {
  const file = path.join(makeFolder(work), 'auth.json')
  const earlier = searchedAuthFiles(machine).map(file => read(file, warn))
  write(file, union(earlier, domains))
  return { place: { family: 'containers', file }, variable: variable('REGISTRY_AUTH_FILE', file, machine) }
}

/**
 * A docker folder in the work folder, for `DOCKER_CONFIG`: the settings are docker's own, all other things in
 * its folder (builders, plugins, contexts) are linked, only the logins from now on are apart. A keychain is not
 * carried over, but its hosts are, each with the keychain as its credential helper.
 *
 * @param warn is told of a file that cannot be read, and of a keychain that cannot be asked
 */
export async function privateDockerFolder(
  work: WorkFolder,
  machine: Machine,
  domains: string[],
  helperEnv: Record<string, string>,
  warn: (message: string) => unknown,
): Promise<PrivateFile> {
  const folder = makeFolder(work, 'docker')
  linkDockerFolder(dockerFolder(machine.env), folder)
  const { credsStore, ...config } = read(dockerConfigFile(machine), warn)
  const file = path.join(folder, 'config.json')
  const hosts = credsStore ? await hostsOf({ name: credsStore, env: helperEnv }, warn) : []
  const keychain = Object.fromEntries(hosts.map(host => [host, credsStore as string]))
  const logins = union([{ ...config, credHelpers: { ...keychain, ...config.credHelpers } }], domains)
  write(file, { ...config, ...logins })
  return { place: { family: 'docker', file }, variable: variable('DOCKER_CONFIG', folder, machine) }
}

/** The hosts that a keychain holds a login for. One that cannot be asked is of no use to the clients either. */
async function hostsOf(keychain: helper.Helper, warn: (message: string) => unknown): Promise<string[]> {
  try {
    return await helper.hosts(keychain)
  } catch {
    warn(
      `isolated: docker-credential-${keychain.name}, which docker's settings name, could not be asked for its logins. This job goes on without them.`,
    )
    return []
  }
}

/** The logins of several files in one, as a client finds them that goes through the files in turn. */
export function union(configs: Config[], domains: string[]): Required<Pick<Config, 'auths' | 'credHelpers'>> {
  const auths: Config['auths'] = {}
  const credHelpers: Config['credHelpers'] = {}
  for (const config of configs) {
    const known = new Set([...Object.keys(auths), ...Object.keys(credHelpers)])
    for (const [host, name] of Object.entries(config.credHelpers ?? {})) {
      // To docker an empty name means the file itself; the other clients cannot read it.
      if (name && !known.has(host) && !domains.includes(host)) credHelpers[host] = name
    }
    for (const [host, entry] of Object.entries(config.auths ?? {})) {
      // docker leaves an empty entry for what is in a keychain.
      if (!known.has(host) && entry !== null && Object.keys(entry).length > 0) auths[host] = entry
    }
  }
  return { auths, credHelpers }
}

/** Errors of broken files name a file of the job's own as the way out; so on that way they are none. */
function read(file: string, warn: (message: string) => unknown): Config {
  try {
    return readCredentialFile(realPath(file)).config
  } catch {
    warn(
      `${file} cannot be read as a credential file. It is left as it is; this job goes on without the logins and settings in it.`,
    )
    return {}
  }
}

function write(file: string, config: Config): void {
  writeFileSync(file, JSON.stringify(config, null, '\t'), { mode: 0o600 })
}

function variable(name: string, written: string, { env }: Machine): VariableChange {
  return { name, before: env[name] ?? '', written }
}
