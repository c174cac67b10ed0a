import { closeSync, existsSync, fstatSync, mkdirSync, openSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Failure } from '../failure.ts'
import { explained } from './credential-file.ts'

/** How long to wait for other steps, in milliseconds; not of the step's budget: slow logins are no reason to lose them. */
const WAIT_MS = 30_000

/**
 * Runs a function while no other step of this action, in any process or container that shares the folder,
 * uses the same file. No client locks its credential file, so only steps of this action respect it.
 *
 * The lock is the kernel's, held by way of SQLite on an empty file beside the real one: it is gone the moment
 * its holder dies, and a holder that is merely slow keeps it. Locks made of files and time stamps can have
 * only one of the two. The file is removed by whoever holds the lock.
 *
 * @param file the real path of the file that will be changed; its folder is made where it is missing
 * @throws Failure if the lock cannot be had
 */
export async function withLock<T>(file: string, body: () => Promise<T>): Promise<T> {
  const lockFile = lockFileOf(file)
  const end = performance.now() + WAIT_MS
  for (;;) {
    const lock = explained(file, () => {
      makeFolders(path.dirname(file))
      return tryLock(lockFile)
    })
    if (lock !== undefined) {
      try {
        return await body()
      } finally {
        lock.release()
      }
    }
    if (performance.now() >= end) {
      throw new Failure(
        `${file}: another step of this action has been using it for ${WAIT_MS / 1000} seconds. Look for one that hangs, or try again when it has ended.`,
      )
    }
    await sleep(5 + Math.random() * 20)
  }
}

/** As {@link withLock}, for several files, always in the same order, so that two steps cannot wait for each other. */
export async function withLocks<T>(files: string[], body: () => Promise<T>): Promise<T> {
  const nested = [...files]
    .sort()
    .reduceRight<() => Promise<T>>((inner, file) => () => withLock(file, inner), body)
  return nested()
}

/** Where the lock for a file is; empty, and there only while a step holds it or was killed holding it. */
export function lockFileOf(file: string): string {
  return `${file}.icr-login.lock`
}

/** `mkdir -p`. Node's own goes round for ever where a file system says ENOENT for good, as /proc does. */
function makeFolders(folder: string): void {
  if (existsSync(folder)) return
  makeFolders(path.dirname(folder))
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    // Another step was first.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

function tryLock(lockFile: string): { release(): void } | undefined {
  // Our own handle keeps the inode's number from being used again, so that the comparison below can be trusted.
  const handle = openSync(lockFile, 'a', 0o600)
  const database = new (sqlite().DatabaseSync)(lockFile, { timeout: 0 })
  const close = () => {
    database.close()
    closeSync(handle)
  }
  try {
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    if (isStill(lockFile, handle)) {
      return {
        release: () => {
          const removed = remove(lockFile)
          close()
          if (!removed) remove(lockFile)
        },
      }
    }
    close() // Its last holder removed it between our opening and our locking it.
    return undefined
  } catch (error) {
    close()
    if (isBusy(error)) return undefined
    throw error
  }
}

/**
 * Node's SQLite. Up to Node 24.14, which some runners still have, loading it prints that it is experimental: into the
 * log of a step that has nothing to do with it. Other warnings are passed on.
 */
function sqlite(): typeof import('node:sqlite') {
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
  // As bigint: numbers of NTFS are beyond what a double tells apart.
  const there = statSync(lockFile, { bigint: true, throwIfNoEntry: false })
  return there !== undefined && there.ino === fstatSync(handle, { bigint: true }).ino
}

/** Windows does not let go of a file that is open, and once it is closed not of one that another step has open. */
function remove(lockFile: string): boolean {
  try {
    rmSync(lockFile, { force: true })
    return true
  } catch {
    return false
  }
}

/** SQLITE_BUSY, see https://www.sqlite.org/rescode.html#busy */
function isBusy(error: unknown): boolean {
  return (error as { errcode?: number }).errcode === 5
}
