import { readCredentialFile } from './credential-file.ts'
import type { Destination } from './destinations.ts'

/**
 * Finds logins that clients would use instead of the entries just stored.
 *
 * @returns one warning for each
 */
export function precedenceWarnings(
  destinations: Destination[],
  domains: string[],
  env: NodeJS.ProcessEnv,
): string[] {
  const warnings = destinations.flatMap(({ family, file, real }) =>
    family.precedence(readCredentialFile(real).config, file, domains, env),
  )
  return [...new Set(warnings)]
}
