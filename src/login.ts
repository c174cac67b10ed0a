import { setTimeout as sleep } from 'node:timers/promises'
import { type Cause, causeOf } from './causes.ts'
import { CLIENTS, type ClientName } from './clients.ts'
import type { Deadline } from './deadline.ts'
import { run } from './run.ts'
import { type Credentials, environmentWithoutKey } from './secrets.ts'
import { makeFolder, SCRATCH, type WorkFolder } from './work-folder.ts'

/** One client, to be logged in to one registry domain. */
export interface Login {
  client: ClientName
  domain: string
}

/** A login that did not come about. */
export interface Problem extends Login {
  cause: Cause
  /** What the client printed. */
  words: string
  tries: number
}

export interface LoginContext {
  credentials: Credentials
  work: WorkFolder
  env: NodeJS.ProcessEnv
  deadline: Deadline
  /** Gets a line for the log. */
  say(line: string): void
}

const AT_ONCE = 16
const TRIES = 3
const TRY_MS = 45_000

/**
 * Runs each client's own login, side by side, each in a scratch folder of its own. Nothing that later steps
 * read is written. Passing faults are tried again; the first problem that stays stops what has not begun.
 *
 * @returns the problems; none if every login stands
 */
export async function logIn(logins: Login[], context: LoginContext): Promise<Problem[]> {
  const problems: Problem[] = []
  const queue = logins.entries()
  const workOff = async () => {
    for (const [index, login] of queue) {
      if (problems.length > 0) return
      const problem = await logInOnce(login, `${index}`, context, () => problems.length > 0)
      if (problem !== undefined) problems.push(problem)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, workOff))
  return problems
}

/** One login with its tries. @param stopped whether another login has failed for good */
async function logInOnce(
  login: Login,
  name: string,
  context: LoginContext,
  stopped: () => boolean,
): Promise<Problem | undefined> {
  const start = performance.now()
  for (let tries = 1; ; tries++) {
    const failure = await tryLogin(login, name, context)
    if (failure === undefined) {
      const seconds = ((performance.now() - start) / 1000).toFixed(1)
      context.say(
        `${login.domain}: ${login.client} is logged in as ${context.credentials.profileId} (${seconds} s)`,
      )
      return undefined
    }
    const { passing, cause, words } = failure
    const pause = pauseBefore(tries, words)
    if (!passing || tries === TRIES || stopped() || context.deadline.within(pause) < pause) {
      return { ...login, cause, words, tries }
    }
    context.say(
      `${login.domain}: ${login.client} login failed (${lastLine(words)}); trying again in ${(pause / 1000).toFixed(1)} s, ${tries + 1} of ${TRIES}`,
    )
    await sleep(pause)
  }
}

async function tryLogin(
  { client, domain }: Login,
  name: string,
  { credentials, work, env, deadline }: LoginContext,
) {
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
  const words = `${ended.stdout}\n${ended.stderr}`.trim()
  return ended.timedOut
    ? { cause: 'no-answer' as const, passing: true, words: 'no answer in time' }
    : { ...causeOf(words), words }
}

/**
 * How long to wait before the next try, in milliseconds: growing, and not the same for logins that failed
 * together. What the registry asks for counts up to 30 seconds.
 */
function pauseBefore(tries: number, words: string): number {
  const asked = Number(words.match(/retry.after\D{0,3}(\d+)/i)?.[1] ?? 0) * 1000
  const ours = 1000 * 3 ** (tries - 1) * (0.5 + Math.random())
  return Math.max(ours, Math.min(asked, 30_000))
}

function lastLine(words: string): string {
  return words.split('\n').at(-1)?.slice(0, 200) ?? ''
}
