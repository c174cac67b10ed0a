import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** The credentials of a login. */
interface Pair {
  profileId: string
  apiKey: string
}

/** The inputs of a step. By default, it logs docker in to us.icr.io. */
export function inputs(
  { profileId, apiKey }: Pair,
  more: Record<string, string> = {},
): Record<string, string> {
  return { region: 'us-south', 'profile-id': profileId, 'api-key': apiKey, ...more }
}

const entry = (user: string, password: string) => ({
  auth: Buffer.from(`${user}:${password}`).toString('base64'),
})

/** The entry of a login in a credential file. */
export const entryOf = ({ profileId, apiKey }: Pair) => entry(profileId, apiKey)

/** The entry of a login that does not belong to the action. */
export const somebody = entry('somebody', 'else')

/**
 * Writes a file and creates its folders. Writes a string as is and anything else as JSON. @returns the text
 */
export function put(file: string, content: string | object, mode = 0o600): string {
  const text = typeof content === 'string' ? content : JSON.stringify(content, null, '\t')
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  chmodSync(file, mode)
  return text
}

/** Reads a JSON file. */
export const read = (file: string) => JSON.parse(readFileSync(file, 'utf8'))

/** Waits until a condition is true. @throws Error that quotes it, if it is not true within a minute */
export async function until(condition: () => boolean): Promise<void> {
  for (const end = performance.now() + 60_000; !condition(); await sleep(20)) {
    if (performance.now() > end) throw new Error(`still false after a minute: ${condition}`)
  }
}

/** The post step's only output if it finds no credentials of the step: at most one line for each place. */
export const NOTHING_TO_LOG_OUT_OF = /^(?:Nothing to log out of: [^\n]*\n)+$/
