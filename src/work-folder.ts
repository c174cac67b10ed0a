import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { remove } from './files.ts'
import { UserError } from './user-error.ts'

/**
 * The step's own folder in `RUNNER_TEMP`, accessible to its owner only (0700). The post step removes it; the
 * runner also empties `RUNNER_TEMP` at the start and end of each job.
 */
export interface WorkFolder {
  path: string
  /** Random. Part of the names of files that the step creates elsewhere, so that the post step finds them. */
  id: string
}

/** Prefix of the folder names of all steps. */
export const WORK_FOLDER = 'icr-login-'

/** Chooses a folder name. Does not create the folder. */
export function newWorkFolder(env: NodeJS.ProcessEnv): WorkFolder {
  if (!env.RUNNER_TEMP) throw new UserError('RUNNER_TEMP is not set. icr-login runs only in GitHub Actions.')
  return workFolderAt(path.join(env.RUNNER_TEMP, `${WORK_FOLDER}${randomDigits()}${randomDigits()}`))
}

/**
 * Eight random hexadecimal digits. They protect no secret: only the owner can access the folder, and the
 * files elsewhere that have them in their names are opened in a way that fails if they exist. Node's crypto is
 * not used, because loading it takes a seventh of the step's startup time and nothing else needs it this early.
 */
function randomDigits(): string {
  return Math.floor(Math.random() * 2 ** 32)
    .toString(16)
    .padStart(8, '0')
}

export function workFolderAt(folder: string): WorkFolder {
  return { path: folder, id: path.basename(folder) }
}

/** Creates a folder inside the work folder. */
export function makeFolder(work: WorkFolder, ...names: string[]): string {
  const folder = path.join(work.path, ...names)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return folder
}

/** The folder that the logins write to. It proves that they succeeded, and is then deleted. */
export const SCRATCH = 'scratch'

export function removeScratch(work: WorkFolder): void {
  remove(path.join(work.path, SCRATCH))
}

/**
 * Same as {@link removeScratch}, but puts an empty file in its place, so that clients that are still running
 * cannot write there.
 */
export function blockScratch(work: WorkFolder): void {
  const scratch = path.join(work.path, SCRATCH)
  if (!existsSync(scratch)) return // No login has begun, or all have ended.
  remove(scratch)
  blockPath(scratch)
}

/**
 * Removes the work folder. If the step was killed during the logins, clients may still be running and
 * recreate the folder to write credentials to it. An empty file takes its place to prevent that, until the
 * runner empties `RUNNER_TEMP`.
 *
 * @returns whether clients may still be running
 */
export function removeWorkFolder(work: WorkFolder): boolean {
  const clientsMayRun = existsSync(path.join(work.path, SCRATCH))
  remove(work.path)
  if (clientsMayRun) blockPath(work.path)
  return clientsMayRun
}

function blockPath(folder: string): void {
  for (let attempts = 1; ; attempts++) {
    try {
      return writeFileSync(folder, '', { flag: 'wx', mode: 0o600 })
    } catch (error) {
      // A client was faster.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempts === 10) throw error
      remove(folder)
    }
  }
}
