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
  /** Gets what was done. */
  say(line: string): void
  /** Gets what failed. */
  warn(message: string): void
}

/** For undoing before an error that says more. */
export const SILENT: Log = { say() {}, warn() {} }

/** The step to undo. */
interface Undoing extends Log {
  /** The step's ID, as in {@link temporaryFile}. */
  id: string
  /**
   * What the step wrote as `auth`, if it used the API key of its input. Anything else is recognized by its
   * fingerprint, which needs Node's crypto: loading that takes a tenth of the post step's time.
   */
  auth: string
}

/**
 * Removes what a step has stored, unless it has been changed since, and restores previous logins. Needs no
 * client. Continues after a failure.
 *
 * @param helperEnv the environment of credential helpers
 */
export async function undoStores(
  record: Pick<UndoRecord, 'files' | 'helpers'>,
  helperEnv: Record<string, string>,
  step: Undoing,
): Promise<void> {
  const helperOf = helper.helpers(helperEnv)
  const attempts = [
    ...record.files.map(change => () => undoFile(change, step)),
    ...record.helpers.map(change => () => undoHelper(change, helperOf(change.name), step)),
  ]
  for (const attempt of attempts) {
    try {
      await attempt()
    } catch (error) {
      step.warn(`Failed to log out. ${(error as Error).message}`)
    }
  }
}

async function undoFile(change: FileChange, step: Undoing): Promise<void> {
  const undone = undoLocked(change, step)
  // If the step had not reached this file, at most a lock file exists.
  await (change.entries.length > 0 ? undone : undone.catch(() => {}))
  if (change.madeFolder !== undefined) removeEmptyFolders(path.dirname(change.file), change.madeFolder)
}

async function undoLocked(change: FileChange, step: Undoing): Promise<void> {
  // The file may have been moved since, with a link in its place.
  const moved = { ...change, file: realPath(change.file) }
  if (!existsSync(path.dirname(moved.file))) return undoEntries(moved, step)
  await withLock(moved.file, async () => {
    remove(temporaryFile(change.file, step.id))
    undoEntries(moved, step)
  })
}

function undoEntries(change: FileChange, step: Undoing): void {
  let file: CredentialFile
  try {
    file = readCredentialFile(change.file)
  } catch (error) {
    if (!removedFromBroken(change, step)) throw error
    return step.warn(
      `${change.file} is no longer a valid credential file. This step's credentials were removed from it, but previous logins were not restored.`,
    )
  }
  // Other programs may have added fields to the entry.
  const ours = change.entries.filter(({ domain, written }) =>
    isWritten(entryOf(file.config, domain)?.auth, written, step),
  )
  for (const { domain } of change.entries.filter(entry => !ours.includes(entry))) {
    step.say(nothingIn(change.file, domain))
  }
  if (ours.length === 0) return
  const text = ours.reduce(
    (text, { domain, before }) => withEntry(text, domain, unlessExpired(before)),
    file.text,
  )
  if (change.created && holdsNothing(text)) withFileErrors(change.file, () => remove(change.file))
  else if (!shortenCredentialFile(file, text, step.id)) return undoEntries(change, step)
  for (const { domain, before, isLost } of ours) {
    if (isLost) {
      step.warn(
        `The login for ${domain} that was in ${change.file} before this step could not be restored, because its record in RUNNER_TEMP was deleted. Log in again if you need it.`,
      )
    }
    step.say(
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
function removedFromBroken({ file: name, entries }: FileChange, step: Undoing): boolean {
  const file = readUnparsed(name)
  const text = file.text.replace(/("auth"\s*:\s*")([^"]*)/gi, (field, start, auth) =>
    entries.some(({ written }) => isWritten(auth, written, step)) ? start : field,
  )
  return text !== file.text && shortenCredentialFile(file, text, step.id)
}

function isWritten(auth: unknown, written: string, step: Undoing): boolean {
  return auth === step.auth || fingerprint({ auth }) === written
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

async function undoHelper(change: HelperChange, keeper: helper.Helper, { say }: Log): Promise<void> {
  const { name, domain } = change
  if (!(await helper.holdsWritten(keeper, change))) {
    return say(nothingIn(`docker-credential-${name}`, domain))
  }
  await helper.erase(keeper, domain)
  say(`Logged out of ${domain} (docker-credential-${name})`)
}
