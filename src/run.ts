import { AsyncLocalStorage } from 'node:async_hooks'
import type { ChildProcess } from 'node:child_process'
import { subscribe } from 'node:diagnostics_channel'
import { PassThrough } from 'node:stream'
import { exec } from '@actions/exec'
import { which } from '@actions/io'

/** How a program ended. */
export interface Ended {
  /** Undefined if it was ended by a signal or could not be started. */
  exitCode: number | undefined
  stdout: string
  stderr: string
  /** Whether it was ended because its time was up. */
  timedOut: boolean
  /** The signal that ended it, if one did. */
  signal: NodeJS.Signals | undefined
}

/** The words that matter are short, and at the end. */
const MOST_BYTES = 64 * 1024

/** A child that is about to be started, by Node's own method. */
type Startable = ChildProcess & { spawn(options: unknown): unknown }

const running = new Set<ChildProcess>()
const started = new AsyncLocalStorage<(child: Startable) => void>()

// @actions/exec gives no handle on its child. Node tells of every child here, within the call that starts it.
subscribe('child_process', message => started.getStore()?.((message as { process: Startable }).process))

/**
 * How long @actions/exec waits for a program's output after its end. Whoever keeps it open is not of interest:
 * rootless podman leaves a pause process by design. In milliseconds.
 */
const OUTPUT_AFTER_END_MS = 500

const first = Promise.withResolvers<void>()

/** Fulfilled as soon as a program runs. */
export const aProgramRuns = first.promise

/** Where the programs are that have been looked for: the PATH is searched once for all of a step's logins. */
const found = new Map<string, string>()

/** Whether there is a program of that name on the PATH. */
export async function find(program: string): Promise<boolean> {
  const file = await which(program, false)
  if (file !== '') found.set(program, file)
  return file !== ''
}

/**
 * Runs a program, with nothing of it in the log.
 *
 * @param program its name, looked up on the PATH
 * @param input what it gets on standard input
 * @param timeoutMs when it is killed, in milliseconds
 */
export async function run(
  program: string,
  args: string[],
  { env, input, timeoutMs }: { env: Record<string, string>; input: string; timeoutMs: number },
): Promise<Ended> {
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
      // A program that ends before it has read its input has failed by its exit code; EPIPE adds nothing to it.
      process.stdin?.on('error', () => {})
      // Node tells of a child that cannot be killed yet.
      if (timedOut) process.kill('SIGKILL')
    })
  }

  try {
    const exitCode = await started.run(onStart, () =>
      // In quotes, because @actions/exec takes it for a command line.
      exec(`"${found.get(program) ?? program}"`, args, {
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
 * Where handles or memory are lacking Node makes no streams for a child, or throws. Both would have @actions/exec throw
 * where nobody can catch it; an event it does understand.
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

/** Lets go of a program that has ended, and of output that a process it left behind keeps open. */
function forget(child: ChildProcess): void {
  running.delete(child)
  child.stdout?.destroy()
  child.stderr?.destroy()
}

/** Ends every program that is running, at once. */
export function killAll(): void {
  for (const child of running) child.kill('SIGKILL')
}

/** What a program prints; of very much, the end. */
class Output {
  #kept: Buffer = Buffer.alloc(0)

  add(data: Buffer): void {
    this.#kept = Buffer.concat([this.#kept, data]).subarray(-MOST_BYTES)
  }

  get text(): string {
    return this.#kept.toString()
  }
}
