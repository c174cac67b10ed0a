import { spawnSync } from 'node:child_process'
import { existsSync, lstatSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from '@jest/globals'
import { NOBODY } from './programs.ts'
import { findProgram, nextDebianRoot, podmanDocker, repository } from './tools.ts'

// What some tests need and not every machine has: undefined where it is there.

export const noRoot = process.getuid?.() === 0 ? undefined : 'needs root'

/** Without root podman and buildah need one, which few containers let them have. */
export const noUserNamespace =
  spawnSync('unshare', ['--user', 'true'], noRoot ? {} : NOBODY).status === 0
    ? undefined
    : 'needs user namespaces'

/** Few containers let their root mount anything. */
export const noMounts =
  noRoot ?? (spawnSync('unshare', ['--mount', 'true']).status === 0 ? undefined : 'needs mounts')

/** For addresses and mounts of a test's own. */
export const noNamespaces =
  noRoot ??
  (spawnSync('unshare', ['--net', '--mount', 'ip', 'link', 'set', 'lo', 'up']).status === 0
    ? undefined
    : 'needs network namespaces')

/** Made by `script/setup --next-debian`; to enter it needs root. */
export const noNextDebian =
  noRoot ?? (existsSync(nextDebianRoot) ? undefined : 'needs the clients of the next Debian release')

/** Starts a program to which the kernel refuses something: what, and the error's name. */
export const refusing = (what: 'fork' | 'lock', error: string) =>
  `perl ${join(repository, '__tests__/testbed/refusing.pl')} ${what} ${error}`

export const noFilters =
  spawnSync('bash', ['-c', `${refusing('lock', 'ENOLCK')} true`]).status === 0
    ? undefined
    : 'needs perl, and filters of system calls'

/** What uses the clients' logins beside them, or keeps them: by `script/setup --next-debian` too. */
export const noCompanions =
  noNextDebian ??
  (existsSync(`${nextDebianRoot}/companions`) ? undefined : 'needs the companions of the clients')

export const noPodmanDocker = existsSync(podmanDocker) ? undefined : 'needs podman-docker'

export const noKubectl = findProgram('kubectl') ? undefined : 'needs kubectl'

export const noGit = spawnSync('git', ['--version']).status === 0 ? undefined : 'needs git'

/** Windows lets few make links to files, and wine has no junctions, which are its links to folders. */
export const noFileLinks = lackOfLinks('file')
export const noFolderLinks = lackOfLinks('junction')

function lackOfLinks(type: 'file' | 'junction'): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'icr-links-'))
  try {
    symlinkSync(folder, join(folder, 'link'), type)
    // To wine all is well, and nothing made.
    lstatSync(join(folder, 'link'))
    return undefined
  } catch {
    return `needs links (${type})`
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** A test that is skipped where something is lacking: it is counted, and its name says why. */
export function testUnless(
  lack: string | undefined,
): (name: string, body: () => Promise<void>, timeout?: number) => void {
  if (lack === undefined) return test
  return (name, body, timeout) => test.skip(`${name} (${lack})`, body, timeout)
}
