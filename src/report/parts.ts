import { withoutNoise } from '../clients/output.ts'
import type { Fault } from '../fault.ts'
import { proxyFor } from '../ibm/proxy.ts'

/**
 * Where docs/troubleshooting.md is, of the release that runs; the runner tells. The action lives on github.com, from
 * where GitHub Enterprise Server takes it too: it is not on the server that GITHUB_SERVER_URL names.
 */
export function readOn(topic: string, env: NodeJS.ProcessEnv): string {
  const { GITHUB_ACTION_REPOSITORY, GITHUB_ACTION_REF } = env
  const page = `docs/troubleshooting.md#${topic}`
  if (!GITHUB_ACTION_REPOSITORY) return `See ${page}`
  return `See https://github.com/${GITHUB_ACTION_REPOSITORY}/blob/${GITHUB_ACTION_REF || 'HEAD'}/${page}`
}

/** The proxy for a host, without the user name and password that may be in it, be they written correctly or not. */
export function proxyOf(env: NodeJS.ProcessEnv, host: string): string | undefined {
  return proxyFor(host, env)
    ?.url.replace(/^(?:.*@|[^/:]*:\/\/)/s, '')
    .replace(/[/?#].*$/s, '')
}

/** The line that tells the cause, else the last one that is not a client's log noise; in short. */
export function lineOf(fault: Fault | undefined): string {
  return (fault?.line ?? withoutNoise(fault?.output ?? '').at(-1) ?? '').slice(0, 300)
}
