import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from './tools.ts'

/**
 * How a job's steps note each of their tries to take a lock.
 *
 * @param folder for the notes, in a new folder that begins with `tries-`
 * @returns what the steps need in their environment, and how many tries there were so far
 */
export function noteLockTries(folder: string): { env: Record<string, string>; tries: () => number } {
  const file = join(mkdtempSync(join(folder, 'tries-')), 'tries')
  const preload = join(repository, '__tests__/testbed/pause-at-lock.cjs')
  return {
    env: { NODE_OPTIONS: `--require ${preload}`, LOCK_TRIES: file },
    tries: () => (existsSync(file) ? readFileSync(file, 'utf8').length : 0),
  }
}
