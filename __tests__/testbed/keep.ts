import { spawn } from 'node:child_process'
import { openSync } from 'node:fs'
import type { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'

const script = fileURLToPath(new URL('keep.sh', import.meta.url))

export interface Kept {
  /** Resolves when the program has ended, for whatever reason, and its folder is gone. */
  readonly ended: Promise<void>
  /** Ends the program, removes its folder, and waits for both. */
  stop(): Promise<void>
}

export interface KeepOptions {
  /** Program and arguments; none: only the folder is looked after. */
  command?: string[]
  env?: NodeJS.ProcessEnv
  /** File that gets what the program prints. */
  log?: string
  /** Start the program as root by way of sudo. */
  sudo?: boolean
  /** Do not keep this process from ending: nobody is going to call `stop`. */
  untilExit?: boolean
}

/**
 * Runs a program that ends, and whose `folder` is removed, when `stop` is called or when this process dies,
 * however it dies: see keep.sh.
 */
export function keep(
  folder: string,
  { command = [], env = process.env, log, sudo = false, untilExit = false }: KeepOptions = {},
): Kept {
  const output = log ? openSync(log, 'a') : 'ignore'
  const argv = [...(sudo ? ['sudo', '-n', '--'] : []), 'bash', script, folder, ...command]
  const child = spawn(argv[0] as string, argv.slice(1), {
    // A process group of its own: Ctrl-C in a terminal must not end the program before its user.
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
