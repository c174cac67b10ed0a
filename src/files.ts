import { lstatSync, readdirSync, renameSync, rmdirSync, unlinkSync } from 'node:fs'
import path from 'node:path'

/** Two seconds of pauses, however slow the machine is. */
const TIMES = 80
const PAUSE_MS = 25

/** What Windows says of a file that another program has open at the moment, such as one that looks for viruses. */
const IN_USE = ['EPERM', 'EACCES', 'EBUSY']

/** Renames a file; one that has that name already goes. */
export function rename(from: string, to: string): void {
  patiently(IN_USE, () => renameSync(from, to))
}

/** Removes a file, a link, or a folder with all that is in it. Nothing happens where there is none. */
export function remove(item: string): void {
  // Clients that still run may make files in a folder, and remove them.
  patiently([...IN_USE, 'ENOTEMPTY', 'ENOENT'], () => removeNow(item))
}

/**
 * Not by Node's own `rmSync`: up to 24.13.0 it removes nothing on Windows where a name is not ASCII, and tells nobody.
 * As far as it goes: what cannot be removed keeps nothing else from it.
 */
function removeNow(item: string): void {
  const there = lstatSync(item, { throwIfNoEntry: false })
  if (there === undefined) return
  if (!there.isDirectory()) return unlinkSync(item)
  const problems: unknown[] = []
  for (const name of readdirSync(item)) {
    try {
      removeNow(path.join(item, name))
    } catch (error) {
      problems.push(error)
    }
  }
  if (problems.length > 0) throw problems[0]
  rmdirSync(item)
}

/** Removes a folder that is empty. */
export function removeEmptyFolder(folder: string): void {
  patiently(IN_USE, () => rmdirSync(folder))
}

/** Repeats what fails with one of these codes for a while. */
export function patiently<T>(codes: string[], body: () => T): T {
  for (let attempts = 1; ; attempts++) {
    try {
      return body()
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (!codes.includes(`${code}`) || attempts === TIMES) throw error
      pause()
    }
  }
}

function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS)
}
