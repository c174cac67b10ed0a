import { chmod, mkdir } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { keep } from './keep.ts'
import { NotListening, untilListening } from './registry.ts'
import { dockerd, findProgram, unpackedDocker } from './tools.ts'

export interface Daemon {
  /** For DOCKER_HOST. */
  readonly url: string
  stop(): Promise<void>
}

/** No docker daemon can be started on this machine. The message is one sentence. */
export class NoDaemon extends Error {}

/** Why no docker daemon can be started here; undefined if one can. */
export const noDaemon =
  process.getuid?.() === 0 || findProgram('sudo') ? undefined : 'a docker daemon needs root, or sudo'

/**
 * Starts a real docker daemon on its own socket. All its files are in `folder`.
 *
 * @param env the proxy and the authority, because the daemon itself connects to the registry
 */
export async function startDaemon(folder: string, env: Record<string, string>): Promise<Daemon> {
  if (noDaemon) throw new NoDaemon(noDaemon)
  await mkdir(folder, { recursive: true })
  const socket = join(folder, 'socket')
  const isRoot = process.getuid?.() === 0
  const path = [...unpackedDocker, process.env.PATH].join(delimiter)
  const settings = { ...env, PATH: path, HOME: folder }
  const options = {
    'data-root': join(folder, 'data'),
    'exec-root': join(folder, 'exec'),
    pidfile: join(folder, 'pid'),
    host: `unix://${socket}`,
    group: String(process.getgid?.() ?? 0),
    bridge: 'none',
    iptables: 'false',
    'storage-driver': 'vfs',
    'log-level': 'warn',
  }
  const log = `${folder}.log`
  const kept = keep(folder, {
    command: [
      // dockerd mounts its data folder and does not unmount it. In a separate mount namespace, mounts
      // disappear when dockerd ends.
      ...['unshare', '--mount', '/usr/bin/env'],
      ...Object.entries(settings).map(([name, value]) => `${name}=${value}`),
      dockerd(),
      ...Object.entries(options).map(([name, value]) => `--${name}=${value}`),
    ],
    log,
    sudo: !isRoot,
  })
  await untilListening(socket, kept.ended, log).catch(error => {
    if (!(error instanceof NotListening)) throw error
    throw new NoDaemon(`the docker daemon did not start: ${lastLine(error.log)}`, { cause: error })
  })
  // For jobs that run as another user. The folder is deleted with the test bed.
  if (isRoot) await chmod(socket, 0o666)
  return { url: `unix://${socket}`, stop: kept.stop }
}

const lastLine = (text: string) => text.trim().split('\n').at(-1) ?? ''
