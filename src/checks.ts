import type { Fault } from './fault.ts'
import { checkPull, checkPush } from './ibm/registry.ts'
import { ATTEMPT_MS, retry } from './retry.ts'
import type { StepWithCredentials } from './step.ts'

/** Something that the profile must be allowed to do. */
export interface Check {
  access: 'push' | 'pull'
  domain: string
  /** `namespace/name` */
  repository: string
}

export type CheckProblem = Check & { fault: Fault }

/**
 * Asks the registry, side by side, whether the profile may do all this. A login proves only that key and profile
 * belong together.
 *
 * @returns what it may not do, or what could not be found out
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

/** @throws Fault if it is not allowed, or could not be found out */
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
