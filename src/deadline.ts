/** A monotonic clock, in milliseconds. `performance.now` would make Node load its performance module. */
export function now(): number {
  return process.uptime() * 1000
}

/** The time limit of all logins and checks together. Also bounds each wait, besides the wait's own limit. */
export class Deadline {
  readonly #end: number

  /** @param seconds the time limit, starting now */
  constructor(seconds: number) {
    this.#end = now() + seconds * 1000
  }

  /** The smaller of a wait's own limit and the time left, in whole milliseconds; never negative. */
  within(limitMs: number): number {
    return Math.max(0, Math.floor(Math.min(limitMs, this.#end - now())))
  }
}
