import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Job } from './runner.ts'
import { inNextDebian } from './shims.ts'

/** Puts programs of the next Debian release on a job's PATH. They see the machine's /tmp. */
export function addPrograms(job: Job, ...names: string[]): void {
  for (const name of names) {
    writeFileSync(join(job.folder, 'bin', name), `#!/bin/sh\n${inNextDebian(name)}\n`, { mode: 0o755 })
  }
}
