import { randomUUID } from 'node:crypto'
import { closeSync, existsSync, fstatSync, mkdirSync, openSync, statSync, unlinkSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { now } from '../deadline.ts'
import { patiently } from '../files.ts'
import { UserError } from '../user-error.ts'
import { withFileErrors } from './credential-file.ts'

/** How long to wait for other steps, in milliseconds; not of the step's budget: slow logins are no reason to lose them. */
const WAIT_MS = 30_000

/**
 * Runs a function while no other step of this action, in any process or container that shares the folder,
 * uses the same files. No client locks its credential file, so only steps of this action respect it.
 *
 * The lock is the kernel's, held by way of SQLite on an empty file beside the real one: it is gone the moment
 * its holder dies, and a holder that is merely slow keeps it.
 *
 * @param files real paths of the files that will be changed; their folders are made where they are missing
 * @param body gets the paths, those together that lead to one file, by a mount say: they have one lock file
 * @param unlocked is called for a file that no lock can be had for, because its file system has none
 * @throws UserError if a lock cannot be had
 */
export async function withLocks<T>(
  files: string[],
  body: (files: string[][]) => Promise<T>,
  unlocked: (file: string) => void = () => {},
): Promise<T> {
  const held: { id: string | undefined; release(): void; files: string[] }[] = []
  try {
    for (const file of inOrder(files)) {
      const id = idOf(lockFileOf(file))
      const same = held.find(lock => lock.id === id)
      if (same) same.files.push(file)
      else held.push({ release: await take(file, unlocked), id: idOf(lockFileOf(file)), files: [file] })
    }
    return await body(held.map(({ files }) => files))
  } finally {
    for (const { release } of held.reverse()) release()
  }
}

/** As {@link withLocks}, for one file. */
export function withLock<T>(file: string, body: () => Promise<T>): Promise<T> {
  return withLocks([file], body)
}

/** The same order for all steps, whichever paths they know the files by, so that no two wait for each other. */
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

async function take(file: string, unlocked: (file: string) => void): Promise<() => void> {
  const end = now() + WAIT_MS
  for (let tries = 1; ; tries++) {
    const release = withFileErrors(file, () => {
      makeFolders(path.dirname(file)) // Whoever had the lock may have removed them.
      return tryLock(lockFileOf(file))
    })
    if (release !== undefined) return release
    if (tries === 1 && !withFileErrors(file, () => hasLocks(file))) {
      unlocked(file)
      return () => remove(lockFileOf(file))
    }
    if (now() >= end) {
      throw new UserError(
        `${file}: Timed out after ${WAIT_MS / 1000} s waiting for another icr-login step. Check for a step that hangs, or rerun the job.`,
      )
    }
    await sleep(5 + Math.random() * 20)
  }
}

/** Where the lock for a file is; empty, and there only while a step holds it or was killed holding it. */
export function lockFileOf(file: string): string {
  return `${file}.icr-login.lock`
}

/** `mkdir -p`. Node's own goes round for ever where a file system says ENOENT for good, as /proc does. */
function makeFolders(folder: string): void {
  if (existsSync(folder)) return
  const parent = path.dirname(folder)
  // A drive that is not there is its own parent.
  if (parent !== folder) makeFolders(parent)
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    // Another step was first.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

/**
 * Whether the file system has locks. SQLite says the same of a lock that another has and of one that the system refuses,
 * as that of a network may; but of a file that nobody else knows nobody else has the lock.
 */
function hasLocks(file: string): boolean {
  const unknown = `${lockFileOf(file)}.${randomUUID()}`
  const release = tryLock(unknown)
  release?.()
  remove(unknown)
  return release !== undefined
}

/** Not for a lock that this process holds already: POSIX lets that go when any handle on its file is closed. */
function tryLock(lockFile: string): (() => void) | undefined {
  // Windows opens no file that another step is about to remove.
  const { database, handle } = patiently(['EPERM', 'EBUSY', 'ERR_SQLITE_ERROR'], () => open(lockFile))
  const close = () => {
    database.close()
    closeSync(handle)
  }
  try {
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    // Its last holder may have removed it between our opening and our locking it.
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
  // Our own handle keeps the inode's number from being used again, so that its comparison can be trusted.
  const handle = openSync(lockFile, 'a', 0o600)
  try {
    return { database: new (sqlite().DatabaseSync)(lockFile, { timeout: 0 }), handle }
  } catch (error) {
    closeSync(handle)
    throw error
  }
}

/**
 * Node's SQLite. Up to Node 24.14, which some runners still have, loading it prints that it is experimental: into the
 * log of a step that has nothing to do with it. Other warnings are passed on.
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

/** Which file it is, whatever its path; undefined where there is none. */
function idOf(file: string): string | undefined {
  const there = statOf(file)
  return there && `${there.dev}:${there.ino}`
}

/** As bigint: Windows has inodes that are no doubles. */
function statOf(file: string) {
  return statSync(file, { bigint: true, throwIfNoEntry: false })
}

/** Windows does not let go of a file that is open, and once it is closed not of one that another step has open. */
function remove(lockFile: string): boolean {
  try {
    unlinkSync(lockFile)
    return true
  } catch {
    return false
  }
}

/** SQLITE_PERM, SQLITE_BUSY, SQLITE_IOERR: what SQLite makes of the system's word, see https://www.sqlite.org/rescode.html */
function isRefusal(error: unknown): boolean {
  const { errcode = 0 } = error as { errcode?: number }
  return [3, 5, 10].includes(errcode & 0xff)
}
