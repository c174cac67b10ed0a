import { lstatSync, readdirSync, renameSync, rmdirSync, unlinkSync } from 'node:fs'
import path from 'node:path'

/** Two seconds of pauses in total, regardless of the machine's speed. */
const TIMES = 80
const PAUSE_MS = 25

/** Error codes that go away: on Windows, and on all other systems. */
interface Passing {
  windows: string[]
  others: string[]
}

/** Another program has the file open, such as a virus scanner. Only on Windows does that prevent anything. */
const IN_USE: Passing = { windows: ['EPERM', 'EACCES', 'EBUSY'], others: [] }

/**
 * Clients that are still running create and remove files in the folder. On NFS, what they have open is removed
 * only when they close it; until then, EBUSY.
 */
const STILL_FILLED = ['ENOTEMPTY', 'ENOENT', 'EBUSY']

/** Renames a file. Replaces an existing file. */
export function rename(from: string, to: string): void {
  patiently(IN_USE, () => renameSync(from, to))
}

/** Removes a file, a link, or a folder with its contents. Does nothing if it does not exist. */
export function remove(item: string): void {
  patiently({ windows: [...IN_USE.windows, ...STILL_FILLED], others: STILL_FILLED }, () => removeNow(item))
}

/**
 * Replaces Node's `rmSync`, which up to 24.13.0 silently removes nothing on Windows if a name is not ASCII.
 * Continues after an error, to remove as much as possible.
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

/** Removes a folder. @throws if it is not empty */
export function removeEmptyFolder(folder: string): void {
  patiently(IN_USE, () => rmdirSync(folder))
}

/** Retries a function for a while if it fails with one of these error codes. */
export function patiently<T>({ windows, others }: Passing, body: () => T): T {
  for (let attempts = 1; ; attempts++) {
    try {
      return body()
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      const codes = process.platform === 'win32' ? windows : others
      if (!codes.includes(`${code}`) || attempts === TIMES) throw error
      pause()
    }
  }
}

function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS)
}
