import { CLIENTS, type ClientName, wroteLogin } from './clients/clients.ts'
import { faultOfOutput } from './clients/output.ts'
import type { Deadline } from './deadline.ts'
import { Fault } from './fault.ts'
import { proveLogin } from './ibm/registry.ts'
import { ATTEMPT_MS, retry } from './retry.ts'
import { run } from './run.ts'
import { type Credentials, environmentWithoutKey } from './secrets.ts'
import { makeFolder, SCRATCH, type WorkFolder } from './work-folder.ts'

/** One client, to be logged in to one registry domain; `none` is this action itself. */
export interface Login {
  client: ClientName | 'none'
  domain: string
}

/** A login that did not come about. */
export type Problem = Login & { fault: Fault }

export interface LoginContext {
  credentials: Credentials
  work: WorkFolder
  env: NodeJS.ProcessEnv
  deadline: Deadline
  /** Gets a line for the log. */
  say(line: string): void
}

/** Thirteen regions at once, and no more processes than a small runner bears. */
const AT_ONCE = 16

/**
 * Runs each client's own login, side by side, each in a scratch folder of its own. Nothing that later steps
 * read is written. The first problem that stays stops what has not begun.
 *
 * @returns the problems; none if every login stands
 */
export async function logIn(logins: Login[], context: LoginContext): Promise<Problem[]> {
  const problems: Problem[] = []
  const stopped = () => problems.length > 0
  const queue = logins.entries()
  const workOff = async () => {
    for (const [index, login] of queue) {
      if (stopped()) return
      const start = performance.now()
      const what = `${login.domain}: ${login.client === 'none' ? '' : `${login.client} `}login`
      const fault = await retry(what, () => attempt(login, `${index}`, context), { ...context, stopped })
      if (fault !== undefined) problems.push({ ...login, fault })
      else
        context.say(
          `${what} as ${context.credentials.profileId} stands (${((performance.now() - start) / 1000).toFixed(1)} s)`,
        )
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, workOff))
  return problems
}

/** @throws Fault if the login failed */
async function attempt(login: Login, name: string, context: LoginContext): Promise<void> {
  const { client, domain } = login
  const { credentials, deadline } = context
  if (client === 'none') return proveLogin(domain, credentials, () => deadline.within(ATTEMPT_MS))
  return withClient(client, domain, name, context)
}

async function withClient(
  client: ClientName,
  domain: string,
  name: string,
  { credentials, work, env, deadline }: LoginContext,
): Promise<void> {
  const folder = makeFolder(work, SCRATCH, name)
  const scratch = CLIENTS[client].scratch(folder, domain, env)
  const ended = await run(
    client,
    ['login', '--username', credentials.profileId, '--password-stdin', ...scratch.args, domain],
    {
      env: { ...environmentWithoutKey(env, credentials), ...scratch.env },
      input: credentials.apiKey,
      timeoutMs: deadline.within(ATTEMPT_MS),
    },
  )
  if (ended.exitCode === 0) {
    if (wroteLogin(folder, domain)) return
    throw new Fault('wrote-elsewhere', `${client} wrote no login for ${domain} where it was told to`)
  }
  if (ended.timedOut) throw new Fault('no-answer', 'no answer in time')
  if (ended.signal !== undefined) throw new Fault('killed', `${client} was ended by ${ended.signal}`)
  throw faultOfOutput(`${ended.stdout}\n${ended.stderr}`.trim() || `exit code ${ended.exitCode}`)
}
