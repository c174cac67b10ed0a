import { spawnSync } from 'node:child_process'
import { existsSync, lstatSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from '@jest/globals'
import { NOBODY } from './programs.ts'
import { findProgram, nextDebianRoot, podmanDocker, repository } from './tools.ts'

// What some tests need and not every machine has. Each constant says why it is missing, or is undefined.

export const noRoot = process.getuid?.() === 0 ? undefined : 'needs root'

/** podman and buildah need user namespaces if they do not run as root. Few containers allow them. */
export const noUserNamespace =
  spawnSync('unshare', ['--user', 'true'], noRoot ? {} : NOBODY).status === 0
    ? undefined
    : 'needs user namespaces'

/** Few containers allow root to mount anything. */
export const noMounts =
  noRoot ?? (spawnSync('unshare', ['--mount', 'true']).status === 0 ? undefined : 'needs mounts')

/** For a test's own addresses and mounts. */
export const noNamespaces =
  noRoot ??
  (spawnSync('unshare', ['--net', '--mount', 'ip', 'link', 'set', 'lo', 'up']).status === 0
    ? undefined
    : 'needs network namespaces')

/** Created by `script/setup --next-debian`. Entering it requires root. */
export const noNextDebian =
  noRoot ?? (existsSync(nextDebianRoot) ? undefined : 'needs the clients of the next Debian release')

/** The command that starts a program for which the kernel refuses something, with an error of this name. */
export const refusing = (what: 'fork' | 'lock' | 'mode', error: string) =>
  `perl ${join(repository, '__tests__/testbed/refusing.pl')} ${what} ${error}`

export const noFilters =
  spawnSync('bash', ['-c', `${refusing('lock', 'ENOLCK')} true`]).status === 0
    ? undefined
    : 'needs perl, and filters of system calls'

/** Other tools that use or store the clients' logins. Also installed by `script/setup --next-debian`. */
export const noCompanions =
  noNextDebian ??
  (existsSync(`${nextDebianRoot}/companions`) ? undefined : 'needs the companions of the clients')

export const noPodmanDocker = existsSync(podmanDocker) ? undefined : 'needs podman-docker'

export const noKubectl = findProgram('kubectl') ? undefined : 'needs kubectl'

export const noGit = spawnSync('git', ['--version']).status === 0 ? undefined : 'needs git'

/** On Windows, few users may create links to files. wine has no junctions, which are links to folders. */
export const noFileLinks = lackOfLinks('file')
export const noFolderLinks = lackOfLinks('junction')

function lackOfLinks(type: 'file' | 'junction'): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'icr-links-'))
  try {
    symlinkSync(folder, join(folder, 'link'), type)
    // wine reports success but creates nothing.
    lstatSync(join(folder, 'link'))
    return undefined
  } catch {
    return `needs links (${type})`
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Defines a test that is skipped if something is missing. It is still counted, and its name says why. */
export function testUnless(
  lack: string | undefined,
): (name: string, body: () => Promise<void>, timeout?: number) => void {
  if (lack === undefined) return test
  return (name, body, timeout) => test.skip(`${name} (${lack})`, body, timeout)
}
