import { spawn } from 'node:child_process'
import { openSync } from 'node:fs'
import type { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'

const script = fileURLToPath(new URL('keep.sh', import.meta.url))

export interface Kept {
  /** Resolves when the program has ended, for whatever reason, and its folder is deleted. */
  readonly ended: Promise<void>
  /** Ends the program, deletes its folder, and waits for both. */
  stop(): Promise<void>
}

export interface KeepOptions {
  /** The program and its arguments. Without it, only the folder is deleted in the end. */
  command?: string[]
  env?: NodeJS.ProcessEnv
  /** The file for the program's output. */
  log?: string
  /** Start the program as root with sudo. */
  sudo?: boolean
  /** Do not keep this process alive, because no one will call `stop`. */
  untilExit?: boolean
}

/**
 * Runs a program. When `stop` is called or this process dies, for whatever reason, the program ends and
 * `folder` is deleted: see keep.sh.
 */
export function keep(
  folder: string,
  { command = [], env = process.env, log, sudo = false, untilExit = false }: KeepOptions = {},
): Kept {
  const output = log ? openSync(log, 'a') : 'ignore'
  const argv = [...(sudo ? ['sudo', '-n', '--'] : []), 'bash', script, folder, ...command]
  const child = spawn(argv[0] as string, argv.slice(1), {
    // A separate process group, so that Ctrl-C in a terminal does not end the program before its user.
    detached: true,
    env,
    stdio: ['pipe', output, output],
  })
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', () => resolve())
  })
  ended.catch(() => {})
  child.stdin?.on('error', () => {})
  if (untilExit) {
    child.unref()
    ;(child.stdin as Socket).unref()
  }
  return {
    ended,
    async stop() {
      child.stdin?.end()
      await ended
    },
  }
}
