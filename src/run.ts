import { AsyncLocalStorage } from 'node:async_hooks'
import type { ChildProcess } from 'node:child_process'
import { subscribe } from 'node:diagnostics_channel'
import { PassThrough } from 'node:stream'
import { exec } from '@actions/exec'
import { findProgram } from './find-program.ts'

/** The result of running a program. */
export interface Ended {
  /** Undefined if it was killed by a signal or could not be started. */
  exitCode: number | undefined
  stdout: string
  stderr: string
  /** Whether it was killed because of the timeout. */
  timedOut: boolean
  /** The signal that killed it, if any. */
  signal: NodeJS.Signals | undefined
}

/** Maximum length of captured output, in bytes. The messages that matter are short and at the end. */
const MOST_BYTES = 64 * 1024

/** A child process that Node is about to start with this method. */
type Startable = ChildProcess & { spawn(options: unknown): unknown }

const running = new Set<ChildProcess>()
const started = new AsyncLocalStorage<(child: Startable) => void>()

// @actions/exec does not expose its child process. Node publishes each child process to this channel, within
// the call that starts it.
subscribe('child_process', message => started.getStore()?.((message as { process: Startable }).process))

/**
 * How long @actions/exec waits for output after a program ends, in milliseconds. Short, because a child of
 * the program may keep the output open: rootless podman leaves a pause process running by design.
 */
const OUTPUT_AFTER_END_MS = 500

const first = Promise.withResolvers<void>()

/** Resolves when the first program is started. */
export const aProgramRuns = first.promise

const NOT_FOUND: Ended = {
  exitCode: undefined,
  stdout: '',
  stderr: 'not found in PATH',
  timedOut: false,
  signal: undefined,
}

/**
 * Runs a program. Prints nothing to the log.
 *
 * @param program its name, which is looked up in PATH
 * @param input its standard input
 * @param timeoutMs it is killed after this many milliseconds
 */
export async function run(
  program: string,
  args: string[],
  { env, input, timeoutMs }: { env: Record<string, string>; input: string; timeoutMs: number },
): Promise<Ended> {
  // Not left to @actions/exec: it searches all of PATH, and prints an error for each folder it cannot read.
  const file = findProgram(program)
  if (file === undefined) return NOT_FOUND
  const [stdout, stderr] = [new Output(), new Output()]
  let child: ChildProcess | undefined
  let timedOut = false
  let signal: NodeJS.Signals | undefined
  const timer = setTimeout(() => {
    timedOut = true
    child?.kill('SIGKILL')
  }, timeoutMs)

  const onStart = (process: Startable) => {
    child = process
    running.add(process)
    first.resolve()
    tellOfAllFailures(process)
    process.once('exit', (_exitCode, by) => {
      signal = by ?? undefined
    })
    process.once('spawn', () => {
      // If a program ends before it reads its input, its exit code shows the failure; EPIPE adds nothing.
      process.stdin?.on('error', () => {})
      // Before the spawn event, a child cannot be killed. The timeout may have passed since.
      if (timedOut) process.kill('SIGKILL')
    })
  }

  try {
    const exitCode = await started.run(onStart, () =>
      // Quoted, because @actions/exec parses it as a command line.
      exec(`"${file}"`, args, {
        env,
        input: Buffer.from(input),
        silent: true,
        ignoreReturnCode: true,
        delay: OUTPUT_AFTER_END_MS,
        listeners: { stdout: data => stdout.add(data), stderr: data => stderr.add(data) },
      }),
    )
    return { exitCode: exitCode ?? undefined, stdout: stdout.text, stderr: stderr.text, timedOut, signal }
  } catch (error) {
    return { exitCode: undefined, stdout: stdout.text, stderr: (error as Error).message, timedOut, signal }
  } finally {
    clearTimeout(timer)
    if (child !== undefined) forget(child)
  }
}

/**
 * If file handles or memory run out, Node creates no streams for a child, or throws. Either way,
 * @actions/exec would throw where no one can catch it, but it handles an error event.
 */
function tellOfAllFailures(child: Startable): void {
  const { spawn } = child
  child.spawn = options => {
    try {
      return Reflect.apply(spawn, child, [options])
    } catch (error) {
      return process.nextTick(() => child.emit('error', error))
    } finally {
      child.stdin ??= new PassThrough()
    }
  }
}

/** Releases a program that has ended, and output that a process it left running keeps open. */
function forget(child: ChildProcess): void {
  running.delete(child)
  child.stdout?.destroy()
  child.stderr?.destroy()
}

/** Kills all running programs immediately. */
export function killAll(): void {
  for (const child of running) child.kill('SIGKILL')
}

/** The output of a program. Keeps only the end if it is long. */
class Output {
  #kept: Buffer = Buffer.alloc(0)

  add(data: Buffer): void {
    this.#kept = Buffer.concat([this.#kept, data]).subarray(-MOST_BYTES)
  }

  get text(): string {
    return this.#kept.toString()
  }
}
