import * as core from '@actions/core'
import { environmentWithoutKey } from './secrets.ts'
import { undoStores } from './stores/undo.ts'
import { readUndoRecord, type UndoRecord } from './stores/undo-record.ts'
import { removeScratch, removeWorkFolder, type WorkFolder } from './work-folder.ts'

/**
 * The clean-up at the end of the job: takes away what the step stored and made, whether the step succeeded,
 * failed or was killed. Never fails the job.
 */
export async function post(work: WorkFolder): Promise<void> {
  let keep = false
  await warnOfFailure(async () => {
    const record = readUndoRecord(work)
    keep = record?.keep ?? false
    if (record !== undefined && !keep) await undo(record, work)
  })
  await warnOfFailure(async () => {
    if (keep) return removeScratch(work)
    if (removeWorkFolder(work)) {
      core.info(
        'The step was killed during a login. An empty file in RUNNER_TEMP keeps a client that outlived it from writing there.',
      )
    }
  })
}

async function undo(record: UndoRecord, work: WorkFolder): Promise<void> {
  // The post steps that follow must find their own logins again before these files go.
  for (const { name, before, written } of record.variables) {
    if (process.env[name] === written) core.exportVariable(name, before)
  }
  const credentials = { profileId: core.getInput('profile-id'), apiKey: core.getInput('api-key') }
  const helperEnv = environmentWithoutKey(process.env, credentials)
  await undoStores(record, work.id, helperEnv, { say: core.info, warn: core.warning })
}

async function warnOfFailure(body: () => Promise<void>): Promise<void> {
  try {
    await body()
  } catch (error) {
    core.warning(`The clean-up after the login is not complete: ${(error as Error).message}`)
  }
}
