import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** The pair of a login. */
interface Pair {
  profileId: string
  apiKey: string
}

/** The inputs of a step that logs in: docker to us.icr.io, if nothing else is said. */
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

/** The entry of a login that is none of the action's. */
export const somebody = entry('somebody', 'else')

/** Writes a file, and the folders that it is in: a text as it is, anything else as JSON. @returns what is in it */
export function put(file: string, content: string | object, mode = 0o600): string {
  const text = typeof content === 'string' ? content : JSON.stringify(content, null, '\t')
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  chmodSync(file, mode)
  return text
}

/** What is in a file of JSON. */
export const read = (file: string) => JSON.parse(readFileSync(file, 'utf8'))

/** Waits until a condition holds. @throws Error that quotes it, if it does not hold within a minute */
export async function until(condition: () => boolean): Promise<void> {
  for (const end = performance.now() + 60_000; !condition(); await sleep(20)) {
    if (performance.now() > end) throw new Error(`not so within a minute: ${condition}`)
  }
}

/** What the post step says, and nothing else, where there is nothing of the step's: one line for each place at most. */
export const NOTHING_TO_LOG_OUT_OF = /^(?:Nothing to log out of: [^\n]*\n)+$/
