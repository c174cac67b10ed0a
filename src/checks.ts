import type { Fault } from './fault.ts'
import { checkPull, checkPush } from './ibm/registry.ts'
import { ATTEMPT_MS, retry } from './retry.ts'
import type { StepWithCredentials } from './step.ts'

/** An access that the profile must have. */
export interface Check {
  access: 'push' | 'pull'
  domain: string
  /** `namespace/name` */
  repository: string
}

export type CheckProblem = Check & { fault: Fault }

/**
 * Asks the registry, in parallel, whether the profile has the access. A login only proves that the API key
 * and the profile belong together.
 *
 * @returns the checks that failed, because access is denied or could not be determined
 */
export async function runChecks(checks: Check[], step: StepWithCredentials): Promise<CheckProblem[]> {
  const problems: CheckProblem[] = []
  const stopped = () => problems.length > 0
  await Promise.all(
    checks.map(async (check, index) => {
      const what = `check-${check.access} of ${check.domain}/${check.repository}`
      const fault = await retry(what, () => attempt(check, what, step), { ...step, stopped })
      if (fault !== undefined) problems[index] = { ...check, fault }
    }),
  )
  return Object.values(problems)
}

/** @throws Fault if access is denied or could not be determined */
async function attempt(
  { access, domain, repository }: Check,
  what: string,
  { credentials, deadline, say, notice }: StepWithCredentials,
): Promise<void> {
  const ask = { push: checkPush, pull: checkPull }[access]
  const remark = await ask(domain, repository, credentials, () => deadline.within(ATTEMPT_MS))
  if (access === 'push' && remark !== '') notice(`${what}: ${remark}`)
  say(`${what}: allowed${remark === '' ? '' : ` (${remark})`}`)
}
