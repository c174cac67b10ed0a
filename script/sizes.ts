import { execFileSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const repository = fileURLToPath(new URL('..', import.meta.url))

/**
 * The size of the download for a runner, at the commit that is checked out, in bytes: `git archive HEAD |
 * gzip -9 | wc -c`. .gitattributes lists what is excluded.
 */
export function downloadBytes(): number {
  return gzipSync(execFileSync('git', ['archive', 'HEAD'], { cwd: repository }), { level: 9 }).length
}

/** The size of dist, in bytes. */
export function distBytes(): number {
  const dist = `${repository}/dist`
  return readdirSync(dist).reduce((sum, file) => sum + statSync(`${dist}/${file}`).size, 0)
}
