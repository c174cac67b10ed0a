import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from './tools.ts'

/**
 * Records each attempt of a job's steps to take a lock.
 *
 * @param folder for the records, in a new folder with the prefix `tries-`
 * @returns the environment variables for the steps, and the number of attempts so far
 */
export function noteLockTries(folder: string): { env: Record<string, string>; tries: () => number } {
  const file = join(mkdtempSync(join(folder, 'tries-')), 'tries')
  const preload = join(repository, '__tests__/testbed/pause-at-lock.cjs')
  return {
    env: { NODE_OPTIONS: `--require ${preload}`, LOCK_TRIES: file },
    tries: () => (existsSync(file) ? readFileSync(file, 'utf8').length : 0),
  }
}
