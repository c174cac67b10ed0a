import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { test } from '@jest/globals'
import { NOBODY } from './programs.ts'
import { findProgram, nextDebianRoot } from './tools.ts'

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

export const noKubectl = findProgram('kubectl') ? undefined : 'needs kubectl'

/** A test that is skipped where something is lacking: it is counted, and its name says why. */
export function testUnless(
  lack: string | undefined,
): (name: string, body: () => Promise<void>, timeout?: number) => void {
  if (lack === undefined) return test
  return (name, body, timeout) => test.skip(`${name} (${lack})`, body, timeout)
}
