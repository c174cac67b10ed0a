/**
 * Milliseconds of a clock that nobody sets. `performance.now` is another, but has Node load all of its module for
 * measurements first.
 */
export function now(): number {
  return process.uptime() * 1000
}

/** The time budget of logins and checks: each of their waits takes the lesser of its own limit and what is left. */
export class Deadline {
  readonly #end: number

  /** @param seconds the budget, from now on */
  constructor(seconds: number) {
    this.#end = now() + seconds * 1000
  }

  /** Whole milliseconds that a wait may take: its own limit, or what is left, never below zero. */
  within(limitMs: number): number {
    return Math.max(0, Math.floor(Math.min(limitMs, this.#end - now())))
  }
}
