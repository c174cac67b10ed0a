import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { keep } from './keep.ts'
import { dockerRegistry } from './tools.ts'

export interface Registry {
  /** Unix socket on which it speaks plain HTTP, without asking for credentials. */
  readonly socket: string
  stop(): Promise<void>
}

/** Starts the real registry software with an empty storage; everything of it stays in `folder`. */
export async function startRegistry(folder: string): Promise<Registry> {
  await mkdir(folder, { recursive: true })
  const socket = join(folder, 'socket')
  const config = join(folder, 'config.json')
  // JSON is YAML. A socket needs no free port to be found, and nobody else's process can hold it.
  const settings = {
    version: 0.1,
    log: { level: 'warn' },
    storage: { filesystem: { rootdirectory: join(folder, 'storage') }, delete: { enabled: true } },
    http: { net: 'unix', addr: socket, secret: randomBytes(16).toString('hex') },
  }
  await writeFile(config, JSON.stringify(settings))
  // Beside the folder, which goes when the program ends: its last words are still wanted then.
  const log = `${folder}.log`
  const kept = keep(folder, { command: [dockerRegistry(), 'serve', config], env: {}, log })
  await untilListening(socket, kept.ended, log)
  return { socket, stop: kept.stop }
}

/** What was started does not listen on its socket. */
export class NotListening extends Error {
  /** The end of what it printed. */
  readonly log: string

  constructor(socket: string, log: string) {
    super(`nothing listens on ${socket}:\n${log}`)
    this.log = log
  }
}

/** Waits until something listens on a unix socket. @throws NotListening with the end of `log` when `ended` comes first */
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
