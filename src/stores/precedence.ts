import { readCredentialFile, realPath } from './credential-file.ts'
import type { Destination } from './destinations.ts'

/**
 * Finds what clients would still take before the entries just stored.
 *
 * @returns a warning for each
 */
export function precedenceWarnings(
  destinations: Destination[],
  domains: string[],
  env: NodeJS.ProcessEnv,
): string[] {
  const warnings = destinations.flatMap(({ family, file }) =>
    family.precedence(readCredentialFile(realPath(file)).config, file, domains, env),
  )
  return [...new Set(warnings)]
}
