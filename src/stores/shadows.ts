import { readCredentialFile, realPath } from './credential-file.ts'
import { parseSettings } from './settings.ts'
import type { Place } from './store.ts'

/**
 * Finds what clients would still take before the entries just stored.
 *
 * docker 28.3 and later take `DOCKER_AUTH_CONFIG` first; podman, buildah and skopeo take the entry of
 * `domain/path` before that of the domain.
 *
 * @returns a warning for each
 */
export function shadows(places: Place[], domains: string[], env: NodeJS.ProcessEnv): string[] {
  const warnings: string[] = []
  const inVariable = Object.keys(authsOf(env.DOCKER_AUTH_CONFIG)).filter(host => domains.includes(host))
  if (inVariable.length > 0 && places.some(({ family }) => family === 'docker')) {
    warnings.push(
      `DOCKER_AUTH_CONFIG holds a login for ${inVariable.join(', ')}, which docker 28.3 and later take before this step's.`,
    )
  }
  for (const { family, file } of places) {
    if (family === 'docker') continue
    const hosts = Object.keys(readCredentialFile(realPath(file)).config.auths ?? {})
    const paths = hosts.filter(host => domains.some(domain => host.startsWith(`${domain}/`)))
    if (paths.length > 0) {
      warnings.push(
        `${file} holds a login for ${paths.join(', ')}, which podman, buildah and skopeo take there before this step's.`,
      )
    }
  }
  return [...new Set(warnings)]
}

function authsOf(text = ''): object {
  return Object(parseSettings(text)?.auths)
}
