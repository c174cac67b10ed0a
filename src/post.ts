import * as core from '@actions/core'
import { basicAuth } from './credentials.ts'
import { say } from './log.ts'
import { environmentWithoutKey } from './secrets.ts'
import { undoStores } from './stores/undo.ts'
import { readUndoRecord, type UndoRecord, type VariableChange } from './stores/undo-record.ts'
import { removeScratch, removeWorkFolder, type WorkFolder } from './work-folder.ts'

/**
 * Cleans up at the end of the job: removes what the step stored and created, whether the step succeeded,
 * failed, or was killed. Needs no inputs. Never fails the job; each part runs even if another one fails.
 */
export async function post(work: WorkFolder): Promise<void> {
  const record = readUndoRecord(work)
  if (record?.keep) {
    await warnOnError(() => removeScratch(work))
    say('Credentials kept, because logout is false')
    return
  }
  if (record !== undefined) await undo(record, work)
  const stored = [...(record?.helpers ?? []), ...(record?.files ?? []).flatMap(({ entries }) => entries)]
  if (stored.length === 0) say('Nothing to log out of: this step stored no credentials')
  await warnOnError(() => {
    if (removeWorkFolder(work)) {
      say(
        'The step ended during a login. An empty file in RUNNER_TEMP prevents clients that are still running from writing credentials there.',
      )
    }
  })
}

async function undo(record: UndoRecord, work: WorkFolder): Promise<void> {
  // Restored before the files are removed, so that later post steps find their own logins again.
  for (const variable of record.variables) await warnOnError(() => restore(variable))
  await warnOnError(() => {
    // In a composite action, the post step gets the inputs of the outer action, so there may be no API key.
    const apiKey = core.getInput('api-key')
    const helperEnv = environmentWithoutKey(process.env, { apiKey }, record.withheld)
    const auth = basicAuth({ username: record.username, password: apiKey })
    return undoStores(record, helperEnv, { id: work.id, auth, say, warn: core.warning })
  })
}

function restore({ name, before, written }: VariableChange): void {
  if (process.env[name] === written) core.exportVariable(name, before)
}

async function warnOnError(body: () => void | Promise<void>): Promise<void> {
  try {
    await body()
  } catch (error) {
    core.warning(`Cleanup incomplete: ${(error as Error).message}`)
  }
}
