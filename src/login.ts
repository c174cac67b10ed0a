import { CLIENTS, type ClientOrNone } from './clients/table.ts'
import { now } from './deadline.ts'
import type { Fault } from './fault.ts'
import { findProgram } from './find-program.ts'
import { ATTEMPT_MS, retry } from './retry.ts'
import type { StepWithCredentials } from './step.ts'
import { UserError } from './user-error.ts'
import { makeFolder, SCRATCH } from './work-folder.ts'

/** A login of one client to one registry domain. */
export interface Login {
  client: ClientOrNone
  domain: string
}

/** A login that failed. */
export type Problem = Login & { fault: Fault }

/** @throws UserError if a client is not installed */
export function requirePrograms(clients: ClientOrNone[]): void {
  for (const client of clients) {
    const { program, install } = CLIENTS[client]
    if (program === undefined || findProgram(program) !== undefined) continue
    throw new UserError(
      `client: ${program} not found in PATH. Install it in an earlier step (${install}), or use another client.`,
    )
  }
}

/** Enough for thirteen regions at once, without too many processes for a small runner. */
const AT_ONCE = 16

/**
 * Runs the clients' own logins in parallel, each in a separate scratch folder, so nothing is written that
 * later steps read. After the first failure that is not retried, no further logins are started.
 *
 * @returns the failed logins; empty if all succeeded
 */
export async function logIn(logins: Login[], step: StepWithCredentials): Promise<Problem[]> {
  const problems: Problem[] = []
  const stopped = () => problems.length > 0
  const queue = logins.entries()
  const workOff = async () => {
    for (const [index, login] of queue) {
      if (stopped()) return
      const start = now()
      const { program } = CLIENTS[login.client]
      const means = program === undefined ? '' : ` with ${program}`
      const what = `Login to ${login.domain}${means}`
      const fault = await retry(what, () => attempt(login, `${index}`, step), { ...step, stopped })
      const seconds = ((now() - start) / 1000).toFixed(1)
      if (fault !== undefined) problems[index] = { ...login, fault }
      else step.say(`Logged in to ${login.domain} as ${step.identity.profileId}${means} (${seconds} s)`)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, workOff))
  // In the order of the logins, not in the order in which they ended.
  return Object.values(problems)
}

/** @throws Fault if the login failed */
function attempt({ client, domain }: Login, name: string, step: StepWithCredentials): Promise<void> {
  const { credentials, env, work, deadline } = step
  return CLIENTS[client].logIn({
    domain,
    credentials,
    env,
    makeFolder: () => makeFolder(work, SCRATCH, name),
    timeLeft: () => deadline.within(ATTEMPT_MS),
  })
}
