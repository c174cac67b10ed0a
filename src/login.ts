import { CLIENTS, type ClientName } from './clients.ts'
import type { Deadline } from './deadline.ts'
import { proveLogin } from './ibm/registry.ts'
import { run } from './run.ts'
import { type Credentials, environmentWithoutKey } from './secrets.ts'
import { type Fault, TRY_MS, withTries } from './tries.ts'
import { makeFolder, SCRATCH, type WorkFolder } from './work-folder.ts'

/** One client, to be logged in to one registry domain; `none` is this action itself. */
export interface Login {
  client: ClientName | 'none'
  domain: string
}

/** A login that did not come about. */
export type Problem = Login & Fault

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
      const fault = await withTries(what, () => attempt(login, `${index}`, context), { ...context, stopped })
      if (fault !== undefined) problems.push({ ...login, ...fault })
      else
        context.say(
          `${what} as ${context.credentials.profileId} stands (${((performance.now() - start) / 1000).toFixed(1)} s)`,
        )
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, workOff))
  return problems
}

/** @returns what was said if the login failed, undefined if it stands */
async function attempt(login: Login, name: string, context: LoginContext): Promise<string | undefined> {
  const { client, domain } = login
  return client === 'none' ? withoutClient(domain, context) : withClient(client, domain, name, context)
}

async function withClient(
  client: ClientName,
  domain: string,
  name: string,
  { credentials, work, env, deadline }: LoginContext,
): Promise<string | undefined> {
  const scratch = CLIENTS[client].scratch(makeFolder(work, SCRATCH, name), domain, env)
  const ended = await run(
    client,
    ['login', '--username', credentials.profileId, '--password-stdin', ...scratch.args, domain],
    {
      env: { ...environmentWithoutKey(env, credentials), ...scratch.env },
      input: credentials.apiKey,
      timeoutMs: deadline.within(TRY_MS),
    },
  )
  if (ended.exitCode === 0) return undefined
  return ended.timedOut
    ? 'no answer in time'
    : `${ended.stdout}\n${ended.stderr}`.trim() || `exit code ${ended.exitCode}`
}

async function withoutClient(
  domain: string,
  { credentials, deadline }: LoginContext,
): Promise<string | undefined> {
  try {
    await proveLogin(domain, credentials, () => deadline.within(TRY_MS))
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}
