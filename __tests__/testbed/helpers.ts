import { setTimeout as sleep } from 'node:timers/promises'

/** Waits until a condition holds. @throws Error that quotes it, if it does not hold within a minute */
export async function until(condition: () => boolean): Promise<void> {
  for (const end = performance.now() + 60_000; !condition(); await sleep(20)) {
    if (performance.now() > end) throw new Error(`not so within a minute: ${condition}`)
  }
}
