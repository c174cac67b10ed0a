import { readFileSync, statSync } from 'node:fs'
import { homedir, userInfo } from 'node:os'
import { UserError } from '../user-error.ts'

/** What determines where the clients look for logins, besides their own settings. */
export interface Machine {
  env: NodeJS.ProcessEnv
  platform: NodeJS.Platform
  /** Whether podman and buildah treat the user as root. Other users get folders of their own. */
  isRoot: boolean
}

export function thisMachine(): Machine {
  return { env: process.env, platform: process.platform, isRoot: isRoot(process.env) }
}

/** The bit of CAP_SYS_ADMIN, which root lacks in most containers (capabilities(7)). */
const SYS_ADMIN = 1 << 21

/**
 * Same checks as https://github.com/containers/storage/blob/main/pkg/unshare/unshare_linux.go and podman's
 * pkg/rootless. podman and buildah set the variable for what they start in a user namespace.
 */
function isRoot(env: NodeJS.ProcessEnv): boolean {
  if (process.geteuid?.() !== 0 || env._CONTAINERS_USERNS_CONFIGURED) return false
  const effective = readText('/proc/self/status').match(/^CapEff:\s*(\w+)/m)?.[1]
  const isLinux = effective !== undefined
  return !isLinux || (Number.parseInt(effective, 16) & SYS_ADMIN) !== 0
}

/** The user's home folder. All clients look it up if `HOME` is empty. */
export function home(): string {
  try {
    return homedir() || userInfo().homedir
  } catch {
    throw new UserError(
      'HOME is not set, and this user has no entry in /etc/passwd. Set HOME to a folder of this user.',
    )
  }
}

export function isFolder(folder: string): boolean {
  try {
    return statSync(folder).isDirectory()
  } catch {
    return false
  }
}

export function isFile(file: string): boolean {
  try {
    return statSync(file).isFile()
  } catch {
    return false
  }
}

/**
 * The text of a regular file; empty if there is none or it cannot be read. Opening a pipe would wait for another
 * program.
 */
export function readText(file: string): string {
  try {
    return isFile(file) ? readFileSync(file, 'utf8') : ''
  } catch {
    return ''
  }
}
