import { setTimeout as sleep } from 'node:timers/promises'
import { type Cause, causeOf } from './causes.ts'
import type { Deadline } from './deadline.ts'

/** What one try came to grief on. */
export interface Fault {
  cause: Cause
  /** What the client, the registry or the network said. */
  words: string
}

export interface TriesContext {
  deadline: Deadline
  /** Gets a line for the log. */
  say(line: string): void
  /** Whether the step has failed elsewhere, so that another try would be for nothing. */
  stopped(): boolean
}

const TRIES = 3

/** The longest that one try may take, in milliseconds. */
export const TRY_MS = 45_000

/**
 * Tries something up to three times: again after passing faults only. A refusal is final, because a wrong key
 * does not become right, and a registry that is asked over and over may lock it out.
 *
 * @param what names it in the log
 * @param attempt resolves to what it came to grief on, or to undefined
 * @returns the last fault, or undefined if one try stood
 */
export async function withTries(
  what: string,
  attempt: () => Promise<string | undefined>,
  { deadline, say, stopped }: TriesContext,
): Promise<Fault | undefined> {
  for (let tries = 1; ; tries++) {
    const words = await attempt()
    if (words === undefined) return undefined
    const { cause, passing } = causeOf(words)
    const pause = pauseAfter(tries, words)
    if (!passing || tries === TRIES || stopped() || deadline.within(pause) < pause) return { cause, words }
    say(
      `${what} failed: ${lastLine(words)}. Trying again in ${(pause / 1000).toFixed(1)} s (${tries + 1} of ${TRIES}).`,
    )
    await sleep(pause)
  }
}

/**
 * How long to wait after a failed try, in milliseconds: growing, and not the same for logins that failed
 * together. What the registry asks for counts up to 30 seconds.
 */
function pauseAfter(tries: number, words: string): number {
  const asked = Number(words.match(/retry.after\D{0,3}(\d+)/i)?.[1] ?? 0) * 1000
  const ours = 1000 * 3 ** (tries - 1) * (0.5 + Math.random())
  return Math.round(Math.max(ours, Math.min(asked, 30_000)))
}

function lastLine(words: string): string {
  // `##[` would be a workflow command to the runner.
  return (words.split(/[\r\n]+/).at(-1) ?? '').slice(0, 200).replaceAll('##[', '## [')
}
