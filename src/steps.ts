import { appendFileSync, existsSync } from 'node:fs'
import { EOL } from 'node:os'
import * as core from '@actions/core'
import { main } from './main.ts'
import { post } from './post.ts'
import { summaryOf } from './report/summary.ts'
import { withoutSecrets } from './secrets.ts'
import { refusalOfSystem, shortageIn } from './shortage.ts'
import { endOnSignals } from './signals.ts'
import { UserError } from './user-error.ts'
import { newWorkFolder, type WorkFolder, workFolderAt } from './work-folder.ts'

/** Where the main step left what the post step has to undo. */
const STATE = 'work-folder'

/** The main step, from its first line to its one error. */
export async function mainStep(): Promise<void> {
  try {
    const work = newWorkFolder(process.env)
    // First of all: a step that is killed has its post step too.
    saveFolder(work)
    endOnSignals(work)
    await main(work)
  } catch (error) {
    fail(error)
  }
  end()
}

/** The post step. What a killed main step left may be nothing at all. */
export async function postStep(): Promise<void> {
  const folder = core.getState(STATE)
  if (folder !== '') await post(workFolderAt(folder))
  end()
}

/** As the toolkit does it for texts of more than one line too, for which it loads Node's crypto. */
function saveFolder({ path }: WorkFolder): void {
  const file = process.env.GITHUB_STATE
  if (existsSync(file ?? '')) appendFileSync(`${file}`, `${STATE}=${path}${EOL}`)
  else core.saveState(STATE, path)
}

/** Ends the process when all is printed. By itself Node waits for what is still open, and tidies up for longer. */
function end(): void {
  process.stdout.write('', () => process.exit())
}

function fail(thrown: unknown): void {
  const error = errorOfMachine(thrown) ?? thrown
  if (error instanceof UserError) {
    core.setFailed(error.message)
    if (error.details !== '') {
      core.startGroup('Client and registry output')
      core.info(quoted(error.details))
      core.endGroup()
    }
    summarize(error.message)
  } else {
    core.setFailed(`Unexpected error (this is a bug in icr-login): ${error}`)
    if (error instanceof Error) core.debug(error.stack ?? '')
  }
}

/** What the system refused that is about none of the clients' files: all else is in RUNNER_TEMP. */
function errorOfMachine(error: unknown): UserError | undefined {
  const said = refusalOfSystem(error)
  if (said === undefined) return undefined
  const shortage = shortageIn(said)
  return new UserError(
    `${shortage ? `This machine ran out of ${shortage}.` : 'RUNNER_TEMP, or a file that the runner made there, is missing or not writable.'} ${said}`,
  )
}

/**
 * The error in the job's summary too. Nothing hangs on that: whoever cannot read it there has the log. The toolkit's
 * builder of summaries would be 5 kB of the bundle for this one line.
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

/**
 * What others said, so that the runner takes no line of it for a workflow command: those begin with `::`, blanks
 * before it or not, and old ones with `##[` anywhere (src/Runner.Common/ActionCommand.cs of actions/runner).
 */
function quoted(text: string): string {
  return text
    .split(/\r?\n|\r/)
    .map(line => `| ${line.replaceAll('##[', '## [')}`)
    .join('\n')
}
