import { writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Config, Family } from '../clients/client.ts'
import type { Machine } from '../clients/machine.ts'
import { malformed } from '../clients/settings.ts'
import { makeFolder, type WorkFolder } from '../work-folder.ts'
import { readCredentialFile, realPath } from './credential-file.ts'
import * as helper from './helper.ts'
import type { VariableChange } from './undo-record.ts'

type Warn = (message: string) => unknown

/**
 * Creates a job-specific file in the work folder, in place of the files that a family's clients share. It
 * starts with all logins that they would find, and with their settings, if their files have any. A
 * credentials store (`credsStore`) is not copied; instead, each of its hosts gets it as a credential helper.
 *
 * @param domains the domains that the step logs in to; they get no credential helper
 * @param env for credential helpers, without secrets
 * @param warn called if a file cannot be read, a credentials store cannot be queried, or an item cannot be
 * linked
 * @returns the file, and the variable that points to it
 */
export async function jobFile(
  family: Family,
  work: WorkFolder,
  machine: Machine,
  domains: string[],
  env: Record<string, string>,
  warn: Warn,
): Promise<{ file: string; variable: VariableChange }> {
  const { file, value } = family.jobFile(makeFolder(work))
  const unreachable = family.prepare(file, machine)
  if (unreachable.length > 0) {
    warn(
      `isolated: ${unreachable.join(', ')} of Docker's configuration folder cannot be linked into ${path.dirname(file)}, so later steps cannot use it.`,
    )
  }
  const configs = family.searched(machine).map(searched => read(searched, family, warn))
  const spread: Config[] = []
  for (const config of configs) spread.push(await withKeychainsHosts(config, family, env, warn))
  const { credsStore: _keychain, ...settings } = (family.hasSettings && configs[0]) || {}
  write(file, { ...settings, ...union(spread, domains) })
  return {
    file,
    variable: { name: family.variable, before: machine.env[family.variable] ?? '', written: value },
  }
}

async function withKeychainsHosts(
  config: Config,
  family: Family,
  env: Record<string, string>,
  warn: Warn,
): Promise<Config> {
  const keychain = family.keychain(config)
  if (keychain === undefined) return config
  const hosts = await hostsOf(helper.helpers(env)(keychain), warn)
  // docker looks up the host only, and macOS's keychain lists URLs.
  const names = hosts.flatMap(host => [host, helper.bareHost(host)])
  const ofKeychain = Object.fromEntries(names.map(host => [host, keychain]))
  return { ...config, credHelpers: { ...ofKeychain, ...config.credHelpers } }
}

/** Docker's own credentials stores. If another one lists nothing, it may still return credentials. */
const LISTS_ALL = /^(?:desktop|osxkeychain|pass|secretservice|wincred)\b/

/** The hosts in a credentials store. If it cannot be queried, the clients cannot use it either. */
async function hostsOf(keychain: helper.Helper, warn: Warn): Promise<string[]> {
  try {
    const hosts = await helper.hosts(keychain)
    if (hosts.length === 0 && !LISTS_ALL.test(keychain.name)) {
      warn(
        `isolated: docker-credential-${keychain.name} (credsStore) lists no credentials, so it is not used in this job. ${helper.STORES_NOTHING}`,
      )
    }
    return hosts
  } catch {
    warn(
      `isolated: docker-credential-${keychain.name} (credsStore) could not list its credentials. Continuing without them.`,
    )
    return []
  }
}

/** Merges the logins of several files. The first login for a host counts, as when a client searches them. */
function union(configs: Config[], domains: string[]): Required<Pick<Config, 'auths' | 'credHelpers'>> {
  const auths: Config['auths'] = {}
  const credHelpers: Config['credHelpers'] = {}
  for (const config of configs) {
    const known = new Set([...Object.keys(auths), ...Object.keys(credHelpers)])
    for (const [host, name] of Object.entries(config.credHelpers ?? {})) {
      // In docker, an empty name means no helper; the other clients fail on it.
      if (name && !known.has(host) && !domains.includes(host)) credHelpers[host] = name
    }
    for (const [host, entry] of Object.entries(config.auths ?? {})) {
      // docker writes an empty entry for credentials that are in a credentials store.
      if (!known.has(host) && entry !== null && Object.keys(entry).length > 0) auths[host] = entry
    }
  }
  return { auths, credHelpers }
}

/**
 * Only warns about broken files and entries: the errors about them suggest `isolated: true`, so they must not
 * be errors here.
 */
function read(file: string, family: Family, warn: Warn): Config {
  try {
    const { config } = readCredentialFile(realPath(file))
    const { hosts, settings } = malformed(config, family)
    if (hosts.length > 0) {
      warn(`${file}: the entry for ${hosts.join(', ')} is malformed. Continuing without it.`)
    }
    if (settings.length > 0) {
      warn(`${file}: the value of ${settings.join(', ')} has the wrong type. Continuing without it.`)
    }
    return { ...without(config, settings), auths: without(config.auths ?? {}, hosts) }
  } catch {
    warn(`${file} cannot be read as a credential file. Continuing without the logins and settings in it.`)
    return {}
  }
}

function without<T>(object: Record<string, T>, names: string[]): Record<string, T> {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)))
}

function write(file: string, config: Config): void {
  writeFileSync(file, JSON.stringify(config, null, '\t'), { mode: 0o600 })
}
