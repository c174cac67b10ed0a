import { copyFileSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { homedir, userInfo } from 'node:os'
import path from 'node:path'
import { parseSettings } from './settings.ts'

/** The user's home folder; all clients look it up where `HOME` is empty. */
export function home(): string {
  return homedir() || userInfo().homedir
}

/** docker's folder: `$DOCKER_CONFIG`, else `~/.docker`. An empty variable counts as not set. */
export function dockerFolder(env: NodeJS.ProcessEnv): string {
  return env.DOCKER_CONFIG || path.join(home(), '.docker')
}

/** The settings of a docker config.json that a login needs; empty where the file is missing or unreadable. */
export function readSettings(file: string): Record<string, unknown> {
  try {
    return (statSync(file).isFile() && parseSettings(readFileSync(file, 'utf8'))) || {}
  } catch {
    return {}
  }
}

/**
 * Makes everything in docker's folder but config.json reachable through another folder: contexts, TLS files,
 * buildx builders, plugins. So `DOCKER_CONFIG` can point there and only the credentials are others.
 *
 * @param from docker's folder; nothing happens where there is none
 * @param to an existing folder
 */
export function linkDockerFolder(from: string, to: string): void {
  for (const item of list(from)) {
    if (item.name.startsWith('config.json') || item.name.startsWith('.config.json')) continue
    const target = path.resolve(from, item.name)
    const link = path.join(to, item.name)
    // Windows lets only administrators make symbolic links, but anybody junctions to folders.
    if (process.platform === 'win32' && item.isFile()) copyFileSync(target, link)
    else symlinkSync(target, link, 'junction')
  }
}

function list(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}
