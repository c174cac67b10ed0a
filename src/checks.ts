import type { Deadline } from './deadline.ts'
import { oneLine, proxyOf, readOn } from './explain.ts'
import { command, EXPLANATIONS } from './explanations.ts'
import { Failure } from './failure.ts'
import { regionOf } from './ibm/regions.ts'
import { checkPull, checkPush } from './ibm/registry.ts'
import type { Credentials } from './secrets.ts'
import { type Fault, TRY_MS, withTries } from './tries.ts'

/** Something that the profile must be allowed to do. */
export interface Check {
  access: 'push' | 'pull'
  domain: string
  /** `namespace/name` */
  repository: string
}

export type CheckProblem = Check & Fault

interface CheckContext {
  credentials: Credentials
  env: NodeJS.ProcessEnv
  deadline: Deadline
  say(line: string): void
  /** Gets what is worth a notice. */
  notice(message: string): void
}

/**
 * Asks the registry, side by side, whether the profile may do all this. A login proves only that key and profile
 * belong together.
 *
 * @returns what it may not do, or what could not be found out
 */
export async function runChecks(checks: Check[], context: CheckContext): Promise<CheckProblem[]> {
  const problems: CheckProblem[] = []
  const stopped = () => problems.length > 0
  await Promise.all(
    checks.map(async check => {
      const what = `check-${check.access} of ${check.domain}/${check.repository}`
      const fault = await withTries(what, () => attempt(check, what, context), { ...context, stopped })
      if (fault !== undefined) problems.push({ ...check, ...fault })
    }),
  )
  return problems
}

async function attempt(
  { access, domain, repository }: Check,
  what: string,
  context: CheckContext,
): Promise<string | undefined> {
  const ask = { push: checkPush, pull: checkPull }[access]
  try {
    const remark = await ask(domain, repository, context.credentials, () => context.deadline.within(TRY_MS))
    if (access === 'push' && remark !== '') context.notice(`${what}: ${remark}`)
    context.say(`${what}: allowed${remark === '' ? '' : ` (${remark})`}`)
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

/** The role that a profile needs: https://cloud.ibm.com/docs/Registry?topic=Registry-iam */
const ROLES = { push: 'Writer or Manager', pull: 'Reader, Writer or Manager' } as const
const ROLE = { push: 'Writer', pull: 'Reader' } as const

/** Makes one error of all checks that failed. */
export function explainChecks(problems: CheckProblem[], { credentials, env }: CheckContext): Failure {
  const paragraphs = problems.map(problem => {
    const { access, domain, repository, cause, words } = problem
    const heading = `check-${access} of ${domain}/${repository} failed.`
    // The pair has just logged in: whatever the registry refuses now, it refuses to this profile, here.
    const isForbidden = cause === 'refused' || cause === 'denied' || /^HTTP 404/.test(words)
    if (isForbidden)
      return `${heading} ${forbidden(problem, credentials.profileId)}\n${readOn(`check-${access}`, env)}`
    const subject = {
      domains: [domain],
      profileId: credentials.profileId,
      diagnosis: undefined,
      proxy: proxyOf(env),
      words: oneLine(words),
    }
    return `${heading} ${EXPLANATIONS[cause](subject)}\n${readOn(cause, env)}`
  })
  return new Failure(
    paragraphs.join('\n\n'),
    problems.map(({ domain, repository, words }) => `${domain}/${repository}: ${words}`).join('\n'),
  )
}

function forbidden({ access, domain, repository }: Check, profileId: string): string {
  const namespace = repository.split('/')[0]
  const region = regionOf(domain)
  const scope = region === 'global' ? '--attributes geography=global' : `--region ${region ?? 'REGION'}`
  return (
    `The trusted profile ${profileId} logs in, but may not ${access} ${access === 'push' ? 'to' : 'from'} this repository. It needs the role ${ROLES[access]} on the namespace ${namespace}:` +
    command(
      `ibmcloud iam trusted-profile-policy-create ${profileId} --roles ${ROLE[access]} --service-name container-registry ${scope} --resource-type namespace --resource ${namespace}`,
    ) +
    '\nIf the namespace does not exist: no push creates it, but this does:' +
    command(`ibmcloud cr region-set ${region ?? 'REGION'} && ibmcloud cr namespace-add ${namespace}`)
  )
}
