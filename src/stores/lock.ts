import { randomUUID } from 'node:crypto'
import { closeSync, existsSync, fstatSync, mkdirSync, openSync, statSync, unlinkSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { now } from '../deadline.ts'
import { patiently } from '../files.ts'
import { UserError } from '../user-error.ts'
import { requireRegular, withFileErrors } from './credential-file.ts'

/**
 * How long to wait for other steps, in milliseconds. Separate from the time limit of logins and checks, so
 * that slow logins are not lost here.
 */
const WAIT_MS = 30_000

/**
 * Runs a function while no other step of this action, in any process or container that shares the folder,
 * uses the same files. Clients do not lock their credential files, so only steps of this action respect the
 * lock.
 *
 * The lock is held by the kernel, through SQLite on an empty file next to the real one: it is released when
 * its holder dies, but not while its holder is slow.
 *
 * @param files real paths of the files to change; missing folders are created
 * @param body gets the paths, grouped by lock file: several paths may lead to the same file, for example
 * through mounts
 * @param unlocked called for each file that cannot be locked: with the error, or with none if the file system
 * does not support locks. Unless it throws, the file is used without a lock.
 * @throws UserError if a lock file's folder cannot be used
 */
export async function withLocks<T>(
  files: string[],
  body: (files: string[][]) => Promise<T>,
  unlocked: (file: string, error?: unknown) => void = () => {},
): Promise<T> {
  const held: { id: string | undefined; release(): void; files: string[] }[] = []
  try {
    for (const file of inOrder(files)) {
      const id = withFileErrors(file, () => idOf(lockFileOf(file)))
      const same = held.find(lock => lock.id === id)
      if (same) same.files.push(file)
      else held.push({ release: await take(file, unlocked), id: idOf(lockFileOf(file)), files: [file] })
    }
    return await body(held.map(({ files }) => files))
  } finally {
    for (const { release } of held.reverse()) release()
  }
}

/** Same as {@link withLocks}, for one file. */
export function withLock<T>(file: string, body: () => Promise<T>): Promise<T> {
  return withLocks([file], body)
}

/** Sorts the files into the same order for all steps, whichever paths they use, to prevent deadlocks. */
function inOrder(files: string[]): string[] {
  const keyed = files.map(file =>
    withFileErrors(file, () => {
      makeFolders(path.dirname(file))
      const folder = statSync(path.dirname(file), { bigint: true })
      return [`${folder.ino}/${path.basename(file).toLowerCase()}`, file] as const
    }),
  )
  return keyed.sort().map(([, file]) => file)
}

/** The last holder of the lock may remove the file's folders at any moment. */
const FOLDER_REMOVED = { windows: ['ENOENT'], others: ['ENOENT'] }

async function take(file: string, unlocked: (file: string, error?: unknown) => void): Promise<() => void> {
  const end = now() + WAIT_MS
  const lockFile = lockFileOf(file)
  for (let tries = 1; ; tries++) {
    try {
      const release = withFileErrors(
        file,
        () =>
          patiently(FOLDER_REMOVED, () => {
            makeFolders(path.dirname(file))
            requireRegular(file, statOf(lockFile), lockFile, 'delete it')
            return tryLock(lockFile)
          }),
        existsSync(lockFile) ? lockFile : file,
      )
      if (release !== undefined) return release
      if (now() >= end) throw timedOut(file)
    } catch (error) {
      unlocked(file, error)
      return () => {}
    }
    if (tries === 1 && !withFileErrors(file, () => hasLocks(file))) {
      unlocked(file)
      return () => remove(lockFile)
    }
    await sleep(5 + Math.random() * 20)
  }
}

function timedOut(file: string): UserError {
  return new UserError(
    `${file}: Timed out after ${WAIT_MS / 1000} s waiting for another icr-login step. Check for a step that hangs, or rerun the job.`,
  )
}

/** The path of the lock file. It is empty, and exists only while a step holds the lock, or after a kill. */
export function lockFileOf(file: string): string {
  return `${file}.icr-login.lock`
}

/** `mkdir -p`. Node's own loops forever if a file system keeps returning ENOENT, as /proc does. */
function makeFolders(folder: string): void {
  if (existsSync(folder)) return
  const parent = path.dirname(folder)
  // A missing drive is its own parent.
  if (parent !== folder) makeFolders(parent)
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    // Another step created it first.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

/**
 * Whether the file system supports locks. SQLite reports the same error whether someone else holds the lock
 * or the system refuses it, as network file systems may. On a new file with a random name, only the system
 * can refuse.
 */
function hasLocks(file: string): boolean {
  const unknown = `${lockFileOf(file)}.${randomUUID()}`
  const release = tryLock(unknown)
  release?.()
  remove(unknown)
  return release !== undefined
}

/** On Windows, a file that another step is about to remove cannot be opened. */
const ABOUT_TO_BE_REMOVED = { windows: ['EPERM', 'EBUSY', 'ERR_SQLITE_ERROR'], others: [] }

/**
 * Must not be called for a lock that this process already holds: POSIX releases it when any handle on its
 * file is closed.
 */
function tryLock(lockFile: string): (() => void) | undefined {
  const { database, handle } = patiently(ABOUT_TO_BE_REMOVED, () => open(lockFile))
  const close = () => {
    database.close()
    closeSync(handle)
  }
  try {
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    // The last holder may have removed the file after it was opened here and before it was locked.
    if (isStill(lockFile, handle)) {
      return () => {
        const removed = remove(lockFile)
        close()
        if (!removed) remove(lockFile)
      }
    }
    close()
    return undefined
  } catch (error) {
    close()
    if (isRefusal(error)) return undefined
    throw error
  }
}

function open(lockFile: string) {
  // An open handle keeps the inode number from being reused, so it can be compared later.
  const handle = openSync(lockFile, 'a', 0o600)
  try {
    return { database: new (sqlite().DatabaseSync)(lockFile, { timeout: 0 }), handle }
  } catch (error) {
    closeSync(handle)
    throw error
  }
}

/**
 * Loads Node's SQLite. Up to Node 24.14, which some runners still use, this prints an experimental warning,
 * which would only confuse users. Other warnings are passed on.
 */
export function sqlite(): typeof import('node:sqlite') {
  const { emitWarning } = process
  process.emitWarning = ((warning: string | Error, ...more: unknown[]) => {
    if (more[0] !== 'ExperimentalWarning') Reflect.apply(emitWarning, process, [warning, ...more])
  }) as typeof emitWarning
  try {
    return process.getBuiltinModule('node:sqlite')
  } finally {
    process.emitWarning = emitWarning
  }
}

function isStill(lockFile: string, handle: number): boolean {
  return statOf(lockFile)?.ino === fstatSync(handle, { bigint: true }).ino
}

/** Identifies a file regardless of its path; undefined if it does not exist. */
function idOf(file: string): string | undefined {
  const there = statOf(file)
  return there && `${there.dev}:${there.ino}`
}

/** As bigint, because inode numbers on Windows may exceed the range of doubles. */
function statOf(file: string) {
  return statSync(file, { bigint: true, throwIfNoEntry: false })
}

/** Windows does not remove a file while it is open, in this step or another. */
function remove(lockFile: string): boolean {
  try {
    unlinkSync(lockFile)
    return true
  } catch {
    return false
  }
}

/**
 * SQLITE_PERM, SQLITE_BUSY, SQLITE_IOERR: how SQLite reports the system's errors, see
 * https://www.sqlite.org/rescode.html
 */
function isRefusal(error: unknown): boolean {
  const { errcode = 0 } = error as { errcode?: number }
  return [3, 5, 10].includes(errcode & 0xff)
}
