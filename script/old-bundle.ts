import { execFileSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const repository = fileURLToPath(new URL('..', import.meta.url))

/** Warns if the bundle, which is what runs, is older than a change in src. */
export function warnOfOldBundle(): void {
  const built = changedAt('dist/index.js')
  const newer = uncommitted('src').find(file => changedAt(file) > built)
  if (newer)
    console.error(`warning: dist is older than ${newer}, so the change is not in effect. Run npm run build.`)
}

/**
 * The files in a folder that differ from the last commit. The times of other files mean nothing: git gives
 * all files of a clone the time of cloning, in any order.
 */
function uncommitted(folder: string): string[] {
  const args = ['status', '--porcelain', '--untracked-files=all', '--no-renames', '-z', '--', folder]
  try {
    const lines = execFileSync('git', args, { cwd: repository, encoding: 'utf8', stdio: 'pipe' }).split('\0')
    return lines.filter(line => line !== '').map(line => line.slice(3))
  } catch {
    return [] // Not a clone.
  }
}

/**
 * When a file was last written, in milliseconds since the epoch. For a deleted file, the time of its folder.
 */
function changedAt(file: string): number {
  const found = [file, dirname(file)].map(path => statSync(join(repository, path), { throwIfNoEntry: false }))
  return found.find(stat => stat !== undefined)?.mtimeMs ?? 0
}
