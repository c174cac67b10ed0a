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
 * Makes a file of this job's own in the work folder, which stands in for those that a family's clients share. It begins
 * with all the logins that they would have found, and with the settings, if it has any. A keychain is not carried over,
 * but its hosts are, each with the keychain as its credential helper.
 *
 * @param domains those that the step logs in to: no credential helper is asked for them
 * @param env for credential helpers, without secrets
 * @param warn is told of a file that cannot be read, of a keychain that cannot be asked, of what cannot be linked
 * @returns the file, and the variable that leads to it
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
  // docker asks for a bare host, and macOS's keychain lists URLs.
  const names = hosts.flatMap(host => [host, helper.bareHost(host)])
  const ofKeychain = Object.fromEntries(names.map(host => [host, keychain]))
  return { ...config, credHelpers: { ...ofKeychain, ...config.credHelpers } }
}

/** The keychains of Docker's. With another helper an empty list does not mean that it gives no credentials. */
const LISTS_ALL = /^(?:desktop|osxkeychain|pass|secretservice|wincred)\b/

/** The hosts that a keychain holds a login for. One that cannot be asked is of no use to the clients either. */
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

/** The logins of several files in one, as a client finds them that goes through the files in turn. */
function union(configs: Config[], domains: string[]): Required<Pick<Config, 'auths' | 'credHelpers'>> {
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

/** Errors of broken files and entries name a file of the job's own as the way out; so on that way they are none. */
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
