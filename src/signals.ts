import { killAll } from './run.ts'
import { blockScratch, type WorkFolder } from './work-folder.ts'

/** Exit codes after a signal, by the convention of shells. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 }

/**
 * If a job is canceled, the runner sends SIGINT, then SIGTERM. Kills the clients and removes what they have
 * written so far. If a client is a wrapper, the real one may keep running. Stored credentials are left to the
 * post step.
 */
export function endOnSignals(work: WorkFolder): void {
  for (const [signal, exitCode] of Object.entries(EXIT_CODES)) {
    process.once(signal, () => {
      killAll()
      blockScratch(work)
      process.exit(exitCode)
    })
  }
}
