import { setTimeout as sleep } from 'node:timers/promises'
import type { Deadline } from './deadline.ts'
import { Fault } from './fault.ts'
import { refusalOfSystem, shortageFault } from './shortage.ts'

export interface RetryOptions {
  deadline: Deadline
  /** Gets a line for the log. */
  say(line: string): void
  /** Whether the step has failed elsewhere, so that another attempt would be for nothing. */
  stopped(): boolean
}

const ATTEMPTS = 3

/** The longest that one attempt may take, in milliseconds. */
export const ATTEMPT_MS = 45_000

/** What the other side may ask to wait at most, in milliseconds. */
const MOST_ASKED_MS = 30_000

/**
 * Attempts something up to three times: again after transient faults only. A refusal is final, because a wrong key
 * does not become right, and a registry that is asked over and over may lock it out.
 *
 * @param what names it in the log
 * @param attempt throws why it failed
 * @returns the last fault, or undefined if an attempt succeeded
 * @throws what the attempt threw if it is no fault
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

/** @throws what is neither a fault nor a shortage: no other attempt mends that */
function faultOf(error: unknown): Fault {
  const fault = error instanceof Fault ? error : shortageFault(refusalOfSystem(error) ?? '')
  if (fault !== undefined) return fault
  throw error
}

/**
 * How long to wait after a failed attempt, in milliseconds: growing, and not the same for logins that failed
 * together. What the registry asks for counts up to 30 seconds.
 *
 * @param chance from 0 to 1
 */
export function pauseAfter(attempts: number, { retryAfterMs }: Fault, chance: number): number {
  const ours = 1000 * 3 ** (attempts - 1) * (0.5 + chance)
  return Math.round(Math.max(ours, Math.min(retryAfterMs, MOST_ASKED_MS)))
}

function lastLine(output: string): string {
  // `##[` would be a workflow command to the runner.
  return `${output.split(/[\r\n]/).at(-1)}`.slice(0, 200).replaceAll('##[', '## [')
}
