import { appendFileSync, existsSync } from 'node:fs'
import { EOL } from 'node:os'
import * as core from '@actions/core'
import { quote } from './log.ts'
import { main } from './main.ts'
import { post } from './post.ts'
import { summaryOf } from './report/summary.ts'
import { withoutSecrets } from './secrets.ts'
import { refusalOfSystem, shortageIn } from './shortage.ts'
import { endOnSignals } from './signals.ts'
import { UserError } from './user-error.ts'
import { newWorkFolder, type WorkFolder, workFolderAt } from './work-folder.ts'

/** The main step's folder, which tells the post step what to undo. */
const STATE = 'work-folder'

/** Runs the main step and reports its error. */
export async function mainStep(): Promise<void> {
  // Node exits with 0 if nothing is left to wait for, even if this function has not ended.
  process.once('beforeExit', () => fail(new Error('the step stopped halfway')))
  try {
    const work = newWorkFolder(process.env)
    // First, because the post step also runs if this step is killed.
    saveFolder(work)
    endOnSignals(work)
    await main(work)
  } catch (error) {
    fail(error)
  }
  end()
}

/** Runs the post step. If the main step was killed early, there may be nothing to do. */
export async function postStep(): Promise<void> {
  const folder = core.getState(STATE)
  if (folder !== '') await post(workFolderAt(folder))
  end()
}

/** Faster than the toolkit's `saveState`, which loads Node's crypto to support multi-line values. */
function saveFolder({ path }: WorkFolder): void {
  const file = process.env.GITHUB_STATE
  if (existsSync(file ?? '') && !/[\r\n]/.test(path)) appendFileSync(`${file}`, `${STATE}=${path}${EOL}`)
  else core.saveState(STATE, path)
}

/** Ends the process once all output is written. Node would wait for everything still open and exit later. */
function end(): void {
  process.stdout.write('', () => process.exit())
}

function fail(thrown: unknown): void {
  const error = errorOfMachine(thrown) ?? thrown
  if (error instanceof UserError) {
    core.setFailed(error.message)
    if (error.details !== '') {
      core.startGroup('Client and registry output')
      quote(error.details)
      core.endGroup()
    }
    summarize(error.message)
  } else {
    core.setFailed(`Unexpected error (this is a bug in icr-login): ${error}. Please report it.`)
    if (error instanceof Error) core.debug(error.stack ?? '')
  }
}

/** Handles system errors that concern no credential file. All other files are in RUNNER_TEMP. */
function errorOfMachine(error: unknown): UserError | undefined {
  const said = refusalOfSystem(error)
  if (said === undefined) return undefined
  const shortage = shortageIn(said)
  return new UserError(
    `${shortage ? `This machine ran out of ${shortage}.` : 'RUNNER_TEMP, or a file that the runner made there, is missing or not writable.'} ${said}`,
  )
}

/**
 * Adds the error to the job summary. Failing to do so is not an error, because the log has it, too. The
 * toolkit's summary builder would add 5 kB to the bundle for this one call.
 */
function summarize(message: string): void {
  const file = process.env.GITHUB_STEP_SUMMARY
  if (!file) return
  try {
    appendFileSync(file, summaryOf(withoutSecrets(message)))
  } catch (error) {
    core.debug(`The job summary could not be written: ${(error as Error).message}`)
  }
}
