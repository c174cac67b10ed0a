import { withoutNoise } from '../clients/output.ts'
import type { Fault } from '../fault.ts'
import { proxyFor } from '../ibm/proxy.ts'

/**
 * A link to docs/troubleshooting.md in the release that is running. The action is published on github.com,
 * also for GitHub Enterprise Server, so the link does not use GITHUB_SERVER_URL.
 */
export function readOn(topic: string, env: NodeJS.ProcessEnv): string {
  const { GITHUB_ACTION_REPOSITORY, GITHUB_ACTION_REF } = env
  const page = `docs/troubleshooting.md#${topic}`
  if (!GITHUB_ACTION_REPOSITORY) return `See ${page}`
  return `See https://github.com/${GITHUB_ACTION_REPOSITORY}/blob/${GITHUB_ACTION_REF || 'HEAD'}/${page}`
}

/** The proxy for a host, without user name and password, even if the URL is malformed. */
export function proxyOf(env: NodeJS.ProcessEnv, host: string): string | undefined {
  return proxyFor(host, env)
    ?.url.replace(/(?:.*@|[^/:]*:\/\/)/s, '')
    .replace(/[\s/?#].*/s, '')
}

/** The line that shows the cause, or else the last line that is not noise or HTML; shortened. */
export function lineOf(fault: Fault | undefined): string {
  const lines = withoutNoise(fault?.output ?? '')
  return (fault?.line ?? lines.findLast(line => !/^\s*</.test(line)) ?? '').slice(0, 300)
}
