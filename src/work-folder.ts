import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { remove } from './files.ts'
import { UserError } from './user-error.ts'

/**
 * The step's own folder in `RUNNER_TEMP`, for its owner alone (0700). The runner empties `RUNNER_TEMP` at the
 * start and at the end of each job; the post step removes the folder before that.
 */
export interface WorkFolder {
  path: string
  /** Random; in the names of what the step makes elsewhere, so that the post step finds it. */
  id: string
}

/** How the names of all steps' folders begin. */
export const WORK_FOLDER = 'icr-login-'

/** Names a folder that is not there yet. */
export function newWorkFolder(env: NodeJS.ProcessEnv): WorkFolder {
  if (!env.RUNNER_TEMP) throw new UserError('RUNNER_TEMP is not set. icr-login runs only in GitHub Actions.')
  return workFolderAt(path.join(env.RUNNER_TEMP, `${WORK_FOLDER}${randomDigits()}${randomDigits()}`))
}

/**
 * Eight of them. They are no secret: the folder is for its owner alone. Node's crypto, which nothing else needs so early,
 * is a seventh of the step's start.
 */
function randomDigits(): string {
  return Math.floor(Math.random() * 2 ** 32)
    .toString(16)
    .padStart(8, '0')
}

export function workFolderAt(folder: string): WorkFolder {
  return { path: folder, id: path.basename(folder) }
}

/** A new folder inside. */
export function makeFolder(work: WorkFolder, ...names: string[]): string {
  const folder = path.join(work.path, ...names)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return folder
}

/** The folder of what the logins write: it proves them, and is thrown away. */
export const SCRATCH = 'scratch'

export function removeScratch(work: WorkFolder): void {
  remove(path.join(work.path, SCRATCH))
}

/** The same where clients may still run: an empty file in its place keeps them from writing there again. */
export function blockScratch(work: WorkFolder): void {
  removeScratch(work)
  if (existsSync(work.path)) blockPath(path.join(work.path, SCRATCH))
}

/**
 * Removes the folder. Where the step was killed while clients were logging in, they may still run, and would make
 * the folder anew to write the key into it: there an empty file takes its place, until the runner empties
 * `RUNNER_TEMP`.
 *
 * @returns whether that is so
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
      // A client was quicker.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempts === 10) throw error
      remove(folder)
    }
  }
}
