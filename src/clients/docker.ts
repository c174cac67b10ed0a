import { copyFileSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Client, Family } from './client.ts'
import { home, isFile, type Machine, readText } from './machine.ts'
import { logInWith } from './program.ts'
import { areTexts, ENTRY_FIELDS, isObject, parseSettings } from './settings.ts'

/** docker's folder: `$DOCKER_CONFIG`, or `~/.docker` if that is unset or empty. */
function dockerFolder(env: NodeJS.ProcessEnv): string {
  return env.DOCKER_CONFIG || path.join(home(), '.docker')
}

/** docker's config.json, which may not exist. */
export function dockerConfigFile({ env }: Machine): string {
  return path.join(dockerFolder(env), 'config.json')
}

export const DOCKER_FAMILY: Family = {
  variable: 'DOCKER_CONFIG',
  jobFile: folder => ({
    file: path.join(folder, 'docker', 'config.json'),
    value: path.join(folder, 'docker'),
  }),
  prepare: (file, { env }) => {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
    return linkDockerFolder(dockerFolder(env), path.dirname(file))
  },
  hasSettings: true,
  searched: machine => [dockerConfigFile(machine)],
  // An empty name means no helper: docker uses the file itself. Go reads null as an empty string.
  helperFor: ({ credHelpers, credsStore }, domain) =>
    (credHelpers && Object.hasOwn(credHelpers, domain) ? credHelpers[domain] : credsStore) || undefined,
  // docker decodes the entries in random order and stops at the first one that it cannot decode.
  canRead: entry => areTexts(entry, ENTRY_FIELDS) && isPair(`${entry.auth ?? ''}`),
  canReadSetting: (name, value) => {
    const known = Object.keys(SETTINGS).find(known => known.toLowerCase() === name.toLowerCase())
    return known === undefined || isShape(SETTINGS[known], value)
  },
  keychain: ({ credsStore }) => credsStore || undefined,
  precedence: (_config, _file, domains, env) => {
    const hosts = Object.keys(authsOf(env.DOCKER_AUTH_CONFIG)).filter(host => domains.includes(host))
    if (hosts.length === 0) return []
    return [
      `DOCKER_AUTH_CONFIG contains a login for ${hosts.join(', ')}, which takes precedence over this login in docker 28.3 and later.`,
    ]
  },
}

/** The type of a value: a string, an array of a type, or a map to values of a type. */
type Shape = 'text' | [Shape] | { of: Shape }

const TEXTS: Shape = { of: 'text' }

/**
 * The settings whose type docker checks: if one has the wrong type, docker ignores all logins in the file
 * (https://github.com/docker/cli/blob/v28.2.2/cli/config/configfile/file.go). The settings for logins are not
 * listed because this action checks them itself.
 */
const SETTINGS: Record<string, Shape> = {
  HttpHeaders: TEXTS,
  psFormat: 'text',
  imagesFormat: 'text',
  networksFormat: 'text',
  pluginsFormat: 'text',
  volumesFormat: 'text',
  statsFormat: 'text',
  detachKeys: 'text',
  serviceInspectFormat: 'text',
  servicesFormat: 'text',
  tasksFormat: 'text',
  secretFormat: 'text',
  configFormat: 'text',
  nodesFormat: 'text',
  pruneFilters: ['text'],
  proxies: { of: TEXTS },
  experimental: 'text',
  currentContext: 'text',
  cliPluginsExtraDirs: ['text'],
  plugins: { of: TEXTS },
  aliases: TEXTS,
  features: TEXTS,
}

function isShape(shape: Shape | undefined, value: unknown): boolean {
  if (value === null) return true
  if (shape === 'text') return typeof value === 'string'
  if (Array.isArray(shape)) return Array.isArray(value) && value.every(item => isShape(shape[0], item))
  return isObject(value) && Object.values(value).every(item => isShape(shape?.of, item))
}

/** Whether an `auth` is empty, or padded base64 of `user:password` that may contain line breaks. */
function isPair(auth: string): boolean {
  const text = auth.replace(/[\r\n]/g, '')
  const isBase64 = /^(?:[a-z\d+/]{4})*(?:[a-z\d+/]{2}==|[a-z\d+/]{3}=)?$/i.test(text)
  return auth === '' || (isBase64 && Buffer.from(text, 'base64').indexOf(':') > 0)
}

function authsOf(text = ''): object {
  return Object(parseSettings(text)?.auths)
}

export const DOCKER: Client = {
  program: 'docker',
  install:
    "preinstalled on GitHub's Ubuntu and Windows Server runners; elsewhere see https://docs.docker.com/engine/install",
  hidesMessages: false,
  logIn: attempt => logInWith('docker', attempt, scratch, 'wrote-elsewhere'),
  family: DOCKER_FAMILY,
  store: dockerConfigFile,
}

/**
 * docker has no `--authfile`, only a folder for everything. If a daemon runs, the daemon performs the login,
 * so the scratch folder needs the settings to reach it (context, TLS files) and the HTTP headers. The `auths`
 * key keeps docker from detecting a system keychain and storing the login there.
 */
function scratch(folder: string, domain: string, env: NodeJS.ProcessEnv) {
  const real = dockerFolder(env)
  const { currentContext, HttpHeaders } = parseSettings(readText(path.join(real, 'config.json'))) ?? {}
  const settings = { auths: { [domain]: {} }, currentContext, HttpHeaders }
  linkDockerFolder(real, folder)
  writeFileSync(path.join(folder, 'config.json'), JSON.stringify(settings), { mode: 0o600 })
  // If docker is podman under another name (package podman-docker), this variable takes precedence.
  const authFile = path.join(folder, 'auth.json')
  return { args: [], env: { DOCKER_CONFIG: folder, REGISTRY_AUTH_FILE: authFile } }
}

/**
 * Makes everything in docker's folder except config.json available in another folder: contexts, TLS files,
 * buildx builders, plugins. `DOCKER_CONFIG` can then point there, and only the credentials differ.
 *
 * @param from docker's folder, which may not exist
 * @param to an existing folder
 * @returns the names of what could not be made available
 */
function linkDockerFolder(from: string, to: string): string[] {
  const items = list(from).filter(name => !/^\.?config\.json/i.test(name))
  return items.filter(name => !isReachable(path.resolve(from, name), path.join(to, name)))
}

/**
 * Links an item, or copies it if it is small: not every file system supports links, and Windows cannot create
 * them to a network share.
 */
function isReachable(item: string, link: string): boolean {
  try {
    // On Windows, symbolic links require administrator rights, but junctions to folders do not.
    if (process.platform === 'win32' && isFile(item)) copyFileSync(item, link)
    else symlinkSync(item, link, 'junction')
    return true
  } catch {
    return (isFile(item) || path.basename(item) === 'contexts') && copy(item, link)
  }
}

function copy(item: string, to: string): boolean {
  try {
    if (isFile(item)) copyFileSync(item, to)
    else mkdirSync(to, { mode: 0o700 })
    return list(item).every(name => copy(path.join(item, name), path.join(to, name)))
  } catch {
    return false
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
