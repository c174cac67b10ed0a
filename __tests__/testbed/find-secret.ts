import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { base64Alignments } from './workflow-commands.ts'

/** All forms of a key that may appear in text: as is, in base64 with any alignment, and with its profile. */
function formsOf({ profileId, apiKey }: { profileId: string; apiKey: string }): string[] {
  return [apiKey, ...base64Alignments(apiKey), Buffer.from(`${profileId}:${apiKey}`).toString('base64')]
}

/** Whether a text contains the key in any form. */
export function holdsSecret(text: string, credentials: { profileId: string; apiKey: string }): boolean {
  return formsOf(credentials).some(form => text.includes(form))
}

/** The files in a folder that contain the key in any form. */
export function filesWithSecret(
  folder: string,
  credentials: { profileId: string; apiKey: string },
): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(item => item.isFile())
    .map(item => join(item.parentPath, item.name))
    .filter(file => holdsSecret(readFileSync(file, 'latin1'), credentials))
}
