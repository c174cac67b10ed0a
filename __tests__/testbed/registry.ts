import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { keep } from './keep.ts'
import { dockerRegistry } from './tools.ts'

export interface Registry {
  /** The unix socket on which it serves plain HTTP without authentication. */
  readonly socket: string
  stop(): Promise<void>
}

/** Starts the real registry software with empty storage. All its files are in `folder`. */
export async function startRegistry(folder: string): Promise<Registry> {
  await mkdir(folder, { recursive: true })
  const socket = join(folder, 'socket')
  const config = join(folder, 'config.json')
  // JSON is valid YAML. A socket avoids searching for a free port that another process could take.
  const settings = {
    version: 0.1,
    log: { level: 'warn' },
    storage: { filesystem: { rootdirectory: join(folder, 'storage') }, delete: { enabled: true } },
    http: { net: 'unix', addr: socket, secret: randomBytes(16).toString('hex') },
  }
  await writeFile(config, JSON.stringify(settings))
  // Next to the folder, which is deleted when the program ends: its last output is needed after that.
  const log = `${folder}.log`
  const kept = keep(folder, { command: [dockerRegistry(), 'serve', config], env: {}, log })
  await untilListening(socket, kept.ended, log)
  return { socket, stop: kept.stop }
}

/** The program does not listen on its socket. */
export class NotListening extends Error {
  /** The end of its output. */
  readonly log: string

  constructor(socket: string, log: string) {
    super(`nothing listens on ${socket}:\n${log}`)
    this.log = log
  }
}

/**
 * Waits until a unix socket accepts connections. @throws NotListening, with the log, if `ended` comes first
 */
export async function untilListening(socket: string, ended: Promise<void>, log: string): Promise<void> {
  let over = false
  const stop = () => {
    over = true
  }
  ended.then(stop, stop)
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(20)) {
    const listening = await new Promise<boolean>(resolve => {
      const probe = connect(socket, () => resolve(true)).on('error', () => resolve(false))
      probe.once('connect', () => probe.destroy())
    })
    if (listening) return
    if (over) break
  }
  const text = await readFile(log, 'utf8').catch(() => '(its log is gone)')
  throw new NotListening(socket, text.slice(-2000))
}
