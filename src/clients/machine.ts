import { readFileSync, statSync } from 'node:fs'
import { homedir, userInfo } from 'node:os'

/** What decides where the clients look, besides their own settings. */
export interface Machine {
  env: NodeJS.ProcessEnv
  platform: NodeJS.Platform
  /** Whether the user is root to podman and buildah; to others they give folders of their own. */
  isRoot: boolean
}

export function thisMachine(): Machine {
  return { env: process.env, platform: process.platform, isRoot: isRoot(process.env) }
}

/** The bit of CAP_SYS_ADMIN, which root lacks in most containers (capabilities(7)). */
const SYS_ADMIN = 1 << 21

/**
 * As https://github.com/containers/storage/blob/main/pkg/unshare/unshare_linux.go and podman's pkg/rootless have it,
 * the variable for what podman and buildah have started in a user namespace.
 */
function isRoot(env: NodeJS.ProcessEnv): boolean {
  if (process.geteuid?.() !== 0 || env._CONTAINERS_USERNS_CONFIGURED) return false
  try {
    const [, effective = ''] = readFileSync('/proc/self/status', 'utf8').match(/^CapEff:\s*(\w+)/m) ?? []
    return (Number.parseInt(effective, 16) & SYS_ADMIN) !== 0
  } catch {
    return true // Not Linux.
  }
}

/** The user's home folder; all clients look it up where `HOME` is empty. */
export function home(): string {
  return homedir() || userInfo().homedir
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
