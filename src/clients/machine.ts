import { statSync } from 'node:fs'
import { homedir, userInfo } from 'node:os'

/** What decides where the clients look, besides their own settings. */
export interface Machine {
  env: NodeJS.ProcessEnv
  platform: NodeJS.Platform
  /** The effective user's ID; undefined on Windows. */
  uid: number | undefined
}

export function thisMachine(): Machine {
  return { env: process.env, platform: process.platform, uid: process.geteuid?.() }
}

/** The user's home folder; all clients look it up where `HOME` is empty. */
export function home(): string {
  return homedir() || userInfo().homedir
}

export function isFolder(folder: string): boolean {
  try {
    return statSync(folder).isDirectory()
  } catch {
    return false
  }
}

export function isFile(file: string): boolean {
  try {
    return statSync(file).isFile()
  } catch {
    return false
  }
}
