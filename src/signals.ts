import { killAll } from './run.ts'
import { blockScratch, type WorkFolder } from './work-folder.ts'

/** The exit code of a program that a signal ended, as shells count. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 }

/**
 * When a job is cancelled the runner sends SIGINT, then SIGTERM: ends the clients and removes what they have
 * written so far. A client that is a wrapper may leave the real one running. What has been stored is the post
 * step's to take away.
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
