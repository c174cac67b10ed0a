import { existsSync } from 'node:fs'
import path from 'node:path'
import { parseSettings } from '../clients/settings.ts'
import { remove, removeEmptyFolder } from '../files.ts'
import {
  type CredentialFile,
  entryOf,
  readCredentialFile,
  readUnparsed,
  realPath,
  shortenCredentialFile,
  temporaryFile,
  withEntry,
  withFileErrors,
} from './credential-file.ts'
import { unlessExpired } from './expired.ts'
import * as helper from './helper.ts'
import { withLock } from './lock.ts'
import { type FileChange, fingerprint, type HelperChange, type UndoRecord } from './undo-record.ts'

interface Log {
  say(line: string): void
  warn(message: string): void
}

/** For undoing before an error that says more. */
export const SILENT: Log = { say() {}, warn() {} }

/**
 * Removes what a step has stored, unless it has been changed since, and restores previous logins. Needs no
 * client. Continues after a failure.
 *
 * @param id the step's ID, as in {@link temporaryFile}
 * @param helperEnv the environment of credential helpers
 * @param log gets what was done and, as warnings, what failed
 */
export async function undoStores(
  record: Pick<UndoRecord, 'files' | 'helpers'>,
  id: string,
  helperEnv: Record<string, string>,
  log: Log,
): Promise<void> {
  const helperOf = helper.helpers(helperEnv)
  const attempts = [
    ...record.files.map(change => () => undoFile(change, id, log)),
    ...record.helpers.map(change => () => undoHelper(change, helperOf(change.name), log)),
  ]
  for (const attempt of attempts) {
    try {
      await attempt()
    } catch (error) {
      log.warn(`Failed to log out. ${(error as Error).message}`)
    }
  }
}

async function undoFile(change: FileChange, id: string, log: Log): Promise<void> {
  const undone = undoLocked(change, id, log)
  // If the step had not reached this file, at most a lock file exists.
  await (change.entries.length > 0 ? undone : undone.catch(() => {}))
  if (change.madeFolder !== undefined) removeEmptyFolders(path.dirname(change.file), change.madeFolder)
}

async function undoLocked(change: FileChange, id: string, log: Log): Promise<void> {
  // The file may have been moved since, with a link in its place.
  const moved = { ...change, file: realPath(change.file) }
  if (!existsSync(path.dirname(moved.file))) return undoEntries(moved, id, log)
  await withLock(moved.file, async () => {
    remove(temporaryFile(change.file, id))
    undoEntries(moved, id, log)
  })
}

function undoEntries(change: FileChange, id: string, log: Log): void {
  let file: CredentialFile
  try {
    file = readCredentialFile(change.file)
  } catch (error) {
    if (!removedFromBroken(change, id)) throw error
    return log.warn(
      `${change.file} is no longer a valid credential file. This step's credentials were removed from it, but previous logins were not restored.`,
    )
  }
  // Other programs may have added fields to the entry.
  const ours = change.entries.filter(
    ({ domain, written }) => fingerprint({ auth: entryOf(file.config, domain)?.auth }) === written,
  )
  for (const { domain } of change.entries.filter(entry => !ours.includes(entry))) {
    log.say(nothingIn(change.file, domain))
  }
  if (ours.length === 0) return
  const text = ours.reduce(
    (text, { domain, before }) => withEntry(text, domain, unlessExpired(before)),
    file.text,
  )
  if (change.created && holdsNothing(text)) withFileErrors(change.file, () => remove(change.file))
  else if (!shortenCredentialFile(file, text, id)) return undoEntries(change, id, log)
  for (const { domain, before, isLost } of ours) {
    if (isLost) {
      log.warn(
        `The login for ${domain} that was in ${change.file} before this step could not be restored, because its record in RUNNER_TEMP was deleted. Log in again if you need it.`,
      )
    }
    log.say(
      unlessExpired(before) === null
        ? `Logged out of ${domain} (${change.file})`
        : `Restored the previous login in ${change.file} (${domain})`,
    )
  }
}

/**
 * Removes the step's credentials from a file that another program has made invalid since.
 *
 * @returns whether it contained them
 */
function removedFromBroken({ file: name, entries }: FileChange, id: string): boolean {
  const file = readUnparsed(name)
  const text = file.text.replace(/("auth"\s*:\s*")([^"]*)/gi, (field, start, auth) =>
    entries.some(({ written }) => fingerprint({ auth }) === written) ? start : field,
  )
  return text !== file.text && shortenCredentialFile(file, text, id)
}

/** Logged if the credentials were removed or replaced since, or if the step did not get to storing them. */
function nothingIn(place: string, domain: string): string {
  return `Nothing to log out of: ${place} does not contain this step's credentials for ${domain}`
}

function holdsNothing(text: string): boolean {
  const { auths, ...others } = parseSettings(text) ?? {}
  return Object.keys(auths ?? {}).length === 0 && Object.keys(others).length === 0
}

function removeEmptyFolders(folder: string, topmost: string): void {
  try {
    removeEmptyFolder(folder)
  } catch {
    return // Another program has started to use it.
  }
  if (folder !== topmost) removeEmptyFolders(path.dirname(folder), topmost)
}

async function undoHelper(change: HelperChange, keeper: helper.Helper, log: Log): Promise<void> {
  const { name, domain } = change
  if (!(await helper.holdsWritten(keeper, change))) {
    return log.say(nothingIn(`docker-credential-${name}`, domain))
  }
  await helper.erase(keeper, domain)
  log.say(`Logged out of ${domain} (docker-credential-${name})`)
}
