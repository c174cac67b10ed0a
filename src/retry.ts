import { setTimeout as sleep } from 'node:timers/promises'
import type { Deadline } from './deadline.ts'
import { Fault } from './fault.ts'
import { refusalOfSystem, shortageFault } from './shortage.ts'

export interface RetryOptions {
  deadline: Deadline
  /** Writes a line to the log. */
  say(line: string): void
  /** Whether the step has failed elsewhere, which makes another attempt pointless. */
  stopped(): boolean
}

const ATTEMPTS = 3

/** Timeout of one attempt, in milliseconds. */
export const ATTEMPT_MS = 45_000

/** Maximum wait that a server may ask for, in milliseconds. */
const MOST_ASKED_MS = 30_000

/**
 * Makes up to three attempts. Retries transient faults only: refused credentials stay wrong, and a registry
 * may lock out a client that keeps trying.
 *
 * @param what its name in the log
 * @param attempt throws a fault if it fails
 * @returns the last fault, or undefined if an attempt succeeded
 * @throws any other error of the attempt
 */
export async function retry(
  what: string,
  attempt: () => Promise<void>,
  { deadline, say, stopped }: RetryOptions,
): Promise<Fault | undefined> {
  for (let attempts = 1; ; attempts++) {
    const fault = await attempt().then(() => undefined, faultOf)
    if (fault === undefined) return undefined
    const pause = pauseAfter(attempts, fault, Math.random())
    const isLast = attempts === ATTEMPTS || stopped() || deadline.within(pause) < pause
    if (!fault.isTransient || isLast) return fault
    say(
      `${what} failed: ${lastLine(fault.output)}. Retrying in ${(pause / 1000).toFixed(1)} s (attempt ${attempts + 1} of ${ATTEMPTS}).`,
    )
    await sleep(pause)
  }
}

/** @throws any error that is neither a fault nor a shortage, because retrying would not help */
function faultOf(error: unknown): Fault {
  const fault = error instanceof Fault ? error : shortageFault(refusalOfSystem(error) ?? '')
  if (fault !== undefined) return fault
  throw error
}

/**
 * How long to wait after a failed attempt, in milliseconds. Grows with each attempt, and varies so that
 * logins that failed together are not retried together. Respects the registry's Retry-After up to 30 seconds.
 *
 * @param chance a random number from 0 to 1
 */
export function pauseAfter(attempts: number, { retryAfterMs }: Fault, chance: number): number {
  const ours = 1000 * 3 ** (attempts - 1) * (0.5 + chance)
  return Math.round(Math.max(ours, Math.min(retryAfterMs, MOST_ASKED_MS)))
}

function lastLine(output: string): string {
  return `${output.split(/[\r\n]/).at(-1)}`.slice(0, 200)
}
