import type { Check, CheckProblem } from '../checks.ts'
import { regionOf } from '../ibm/regions.ts'
import type { Step } from '../step.ts'
import { UserError } from '../user-error.ts'
import { command, EXPLANATIONS } from './explanations.ts'
import { lineOf, proxyOf, readOn } from './parts.ts'

/** The roles that allow each access: https://cloud.ibm.com/docs/Registry?topic=Registry-iam */
const ROLES = { push: 'Writer or Manager', pull: 'Reader, Writer or Manager' } as const
const ROLE = { push: 'Writer', pull: 'Reader' } as const

/** Creates one error for all failed checks. */
export function explainChecks(problems: CheckProblem[], { identity: { profileId }, env }: Step): UserError {
  const paragraphs = problems.map(problem => {
    const { access, domain, repository, fault } = problem
    const heading = `check-${access} of ${domain}/${repository} failed.`
    // The login succeeded, so a refusal here means that this profile is denied this access.
    const isForbidden = fault.cause === 'refused' || fault.cause === 'denied' || fault.status === 404
    if (isForbidden) return `${heading} ${forbidden(problem, profileId)}\n${readOn(`check-${access}`, env)}`
    const subject = {
      domains: [domain],
      clients: [],
      profileId,
      diagnosis: undefined,
      proxy: proxyOf(env, domain),
      output: lineOf(fault),
    }
    return `${heading} ${EXPLANATIONS[fault.cause](subject)}\n${readOn(fault.cause, env)}`
  })
  return new UserError(
    paragraphs.join('\n\n'),
    problems.map(({ domain, repository, fault }) => `${domain}/${repository}: ${fault.output}`).join('\n'),
  )
}

function forbidden({ access, domain, repository }: Check, profileId: string): string {
  const namespace = repository.split('/')[0]
  const region = regionOf(domain)
  const scope = region === 'global' ? '--attributes geography=global' : `--region ${region ?? 'REGION'}`
  return (
    `The trusted profile ${profileId} is logged in, but is not allowed to ${access} ${access === 'push' ? 'to' : 'from'} this repository. Either it lacks the role ${ROLES[access]} on the namespace ${namespace}, or a context-based restriction blocks this runner. The activity log of the account shows which. To grant the role:` +
    command(
      `ibmcloud iam trusted-profile-policy-create ${profileId} --roles ${ROLE[access]} --service-name container-registry ${scope} --resource-type namespace --resource ${namespace}`,
    ) +
    '\nIf the namespace does not exist, create it (a push does not create namespaces):' +
    command(`ibmcloud cr region-set ${region ?? 'REGION'} && ibmcloud cr namespace-add ${namespace}`)
  )
}
