import { statSync } from 'node:fs'
import path from 'node:path'
import { CLIENTS, type ClientName } from '../clients/clients.ts'
import { dockerFolder, home } from './docker-folder.ts'

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

/** docker's config.json; it need not exist. */
export function dockerConfigFile({ env }: Machine): string {
  return path.join(dockerFolder(env), 'config.json')
}

/**
 * The file that a client's later runs read first, whatever its login would write.
 *
 * skopeo reads auth.json even where `DOCKER_CONFIG` is set, podman and buildah do not
 * (https://github.com/containers/image/blob/main/pkg/docker/config/config.go).
 *
 * @returns its path, or undefined where none can be relied on: podman and skopeo would each look for a
 *          folder of their own making
 */
export function storeOf(client: ClientName, machine: Machine): string | undefined {
  const { env } = machine
  if (CLIENTS[client].family === 'docker') return dockerConfigFile(machine)
  if (env.REGISTRY_AUTH_FILE) return env.REGISTRY_AUTH_FILE
  if (env.DOCKER_CONFIG && client !== 'skopeo') return dockerConfigFile(machine)
  return runtimeAuthFile(machine)
}

function runtimeAuthFile({ env, platform, uid }: Machine): string | undefined {
  if (platform === 'darwin' || platform === 'win32')
    return path.join(home(), '.config', 'containers', 'auth.json')
  if (env.XDG_RUNTIME_DIR) {
    return isFolder(env.XDG_RUNTIME_DIR)
      ? path.join(env.XDG_RUNTIME_DIR, 'containers', 'auth.json')
      : undefined
  }
  return uid === 0 ? '/run/containers/0/auth.json' : undefined
}

/** All files in which podman, buildah and skopeo look for a login, those first that go before. */
export function searchedAuthFiles(machine: Machine): string[] {
  const { env } = machine
  const configHome = env.XDG_CONFIG_HOME || path.join(home(), '.config')
  const files = [
    env.REGISTRY_AUTH_FILE,
    runtimeAuthFile(machine),
    path.join(configHome, 'containers', 'auth.json'),
    dockerConfigFile(machine),
  ]
  return [...new Set(files.filter(file => file !== undefined && file !== ''))] as string[]
}

function isFolder(folder: string): boolean {
  try {
    return statSync(folder).isDirectory()
  } catch {
    return false
  }
}

/**
 * Where the file of the input `credentials-file` is.
 *
 * @param file as it was given; relative to the workspace
 * @param warn is told of a place where others may pick it up
 * @returns its absolute path
 */
export function credentialsFilePath(
  file: string,
  env: NodeJS.ProcessEnv,
  warn: (message: string) => void,
): string {
  const workspace = env.GITHUB_WORKSPACE || process.cwd()
  const absolute = path.resolve(workspace, file)
  const fromWorkspace = path.relative(workspace, absolute)
  // On Windows a file on another drive has no relative path.
  if (fromWorkspace.split(path.sep)[0] !== '..' && !path.isAbsolute(fromWorkspace)) {
    warn(
      `credentials-file: ${absolute} is inside the workspace. Name it in .dockerignore, so that it gets into no image, and upload no artifact with it in; or put it into RUNNER_TEMP.`,
    )
  }
  return absolute
}
