import { chmodSync, mkdirSync, mkdtempSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { keep } from './keep.ts'

let all: string | undefined
let made = 0

/** The folder that holds those of all jobs of this process. It goes when the process ends, however it ends. */
export function jobsFolder(): string {
  if (all === undefined) {
    // Its whole name: that of a runner's on Windows has RUNNER~1 in it.
    all = mkdtempSync(join(realpathSync.native(tmpdir()), 'icr-job-'))
    // Jobs may run as somebody else.
    chmodSync(all, 0o711)
    keep(all, { untilExit: true })
  }
  return all
}

/** A new folder for a job. Its name is short: podman refuses long ones for what it keeps below. */
export function newJobFolder(name = ''): string {
  const folder = join(jobsFolder(), `${++made}${name}`)
  mkdirSync(folder, { mode: 0o700 })
  return folder
}
