import { chmodSync, mkdirSync, mkdtempSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { keep } from './keep.ts'

let all: string | undefined
let made = 0

/** The folder for all jobs of this process. It is deleted when the process ends, for whatever reason. */
export function jobsFolder(): string {
  if (all === undefined) {
    // Its long path: the temporary folder of a Windows runner is given as RUNNER~1.
    all = mkdtempSync(join(realpathSync.native(tmpdir()), 'icr-job-'))
    // Jobs may run as another user.
    chmodSync(all, 0o711)
    keep(all, { untilExit: true })
  }
  return all
}

/**
 * Creates a folder for a job. Its name is short, because podman rejects long paths for its own files in it.
 */
export function newJobFolder(name = ''): string {
  const folder = join(jobsFolder(), `${++made}${name}`)
  mkdirSync(folder, { mode: 0o700 })
  return folder
}
