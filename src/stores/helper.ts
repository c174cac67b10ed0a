import { isExpired } from '../credentials.ts'
import { Deadline } from '../deadline.ts'
import { type Ended, run } from '../run.ts'
import { UserError } from '../user-error.ts'
import { fingerprint, type HelperChange } from './undo-record.ts'

/** A credential helper that a docker config.json or an auth file names: the program `docker-credential-NAME`. */
export interface Helper {
  name: string
  /** Its environment. */
  env: Record<string, string>
  /** For all that it is asked. */
  deadline: Deadline
}

export interface Credential {
  Username: string
  Secret: string
}

/**
 * A helper may ask a person, and nobody is there. This is for all calls of a step to all its helpers, and the second
 * for removing what a helper does not give back: together less than other steps wait for the files that are locked
 * meanwhile.
 */
const LIMIT_SECONDS = 20
const REMOVAL_SECONDS = 5

/** Gives the helpers of a step by name. @param env theirs, without secrets */
export function helpers(env: Record<string, string>): (name: string) => Helper {
  const deadline = new Deadline(LIMIT_SECONDS)
  return name => ({ name, env, deadline })
}

const WAY_OUT = 'Set isolated: true to use job-specific files instead.'

/** What to do about a helper that stores nothing. */
export const STORES_NOTHING =
  'A credential helper that creates credentials and stores none, such as ecr-login, belongs in credHelpers for its own registries (ACCOUNT.dkr.ecr.REGION.amazonaws.com), not in credsStore.'

/** A helper that is missing, or that says that it failed: it has kept nothing. */
export class Refusal extends UserError {}

/**
 * Gives a credential to a helper to keep, and checks that clients will get it from there.
 *
 * @throws UserError if the helper is missing, or cannot store, or does not give back what it was given
 */
export async function store(helper: Helper, domain: string, { Username, Secret }: Credential): Promise<void> {
  await call(helper, 'store', JSON.stringify({ ServerURL: domain, Username, Secret }))
  const held = await get(helper, domain).catch(async ({ message }) => {
    // The post step could not tell whose it is either.
    const atOnce = { ...helper, deadline: new Deadline(REMOVAL_SECONDS) }
    const Kind = await erase(atOnce, domain).then(
      () => Refusal,
      () => UserError,
    )
    throw new Kind(message)
  })
  if (held === undefined) {
    throw failed(helper, 'store', `it saved no credentials for ${domain}. ${STORES_NOTHING}`, Refusal)
  }
  if (held.Username === Username && held.Secret === Secret) return
  throw failed(
    helper,
    'store',
    `it now returns other credentials for ${domain}, and may have saved these too`,
  )
}

/**
 * Makes sure that a helper holds nobody else's login for a domain: what an earlier step of the job has stored, and an
 * access token that has expired, may be replaced.
 *
 * @param listed the hosts that the helper lists
 * @param earlier what earlier steps of the job have stored
 * @returns `ours` if it holds just what the step writes, be it from an earlier step or from a job that was cut off
 * @throws UserError if it holds another login, or cannot be asked
 */
export async function stateOf(
  helper: Helper,
  listed: string[],
  change: HelperChange,
  earlier: HelperChange[],
): Promise<'free' | 'ours'> {
  const { domain } = change
  const isListed = listed.some(host => bareHost(host) === domain)
  // A list may be incomplete. Not every helper says in the same words that it has nothing.
  const held = await get(helper, domain).catch(error => {
    if (isListed || !(error instanceof Refusal)) throw error
    return undefined
  })
  if (held === undefined) return 'free'
  const print = fingerprint([held.Username, held.Secret])
  if (print === change.written) return 'ours'
  const isOfJob = earlier.some(
    other => other.name === helper.name && other.domain === domain && other.written === print,
  )
  if (isOfJob || isExpired({ username: held.Username, password: held.Secret })) return 'free'
  throw new UserError(
    `The credential helper docker-credential-${helper.name} already stores another login for ${domain}, which this step would overwrite and could not restore. ` +
      `${WAY_OUT} Or delete that login first: docker logout ${domain}`,
  )
}

/** Whether a helper holds just what the step writes. */
export async function holdsWritten(helper: Helper, { domain, written }: HelperChange): Promise<boolean> {
  const held = await get(helper, domain)
  return held !== undefined && fingerprint([held.Username, held.Secret]) === written
}

/** The hosts that a helper holds a credential for, as it lists them: secretservice 0.9 does with words before each. */
export async function hosts(helper: Helper): Promise<string[]> {
  const answer = (await call(helper, 'list', '')).trim()
  // An empty map is `null` to Go's encoder.
  const held = answer === '' || answer === 'null' ? {} : parse(answer)
  // Not to be taken for "none": there may be logins that nobody would see written over.
  if (held === undefined) throw failed(helper, 'list', 'its output is not JSON')
  return Object.keys(held).map(label => label.replace(/^.*\s/, ''))
}

/** What a helper holds for a domain; undefined where it holds nothing. */
async function get(helper: Helper, domain: string): Promise<Credential | undefined> {
  const ended = await start(helper, 'get', domain)
  // In the words of https://github.com/docker/docker-credential-helpers, credentials/error.go
  if (ended.exitCode !== 0 && /not found/i.test(ended.stdout)) return undefined
  const held = parse(outputOf(helper, 'get', ended)) as Partial<Credential> | undefined
  return held?.Secret ? (held as Credential) : undefined
}

export async function erase(helper: Helper, domain: string): Promise<void> {
  await call(helper, 'erase', domain)
}

async function call(helper: Helper, action: string, input: string): Promise<string> {
  return outputOf(helper, action, await start(helper, action, input))
}

/** What a helper answered. @throws UserError if it failed */
function outputOf(helper: Helper, action: string, ended: Ended): string {
  if (ended.exitCode === 0) return ended.stdout
  // A helper says what went wrong on standard output, and what it prints does not hold the secret it was given.
  const output = `${ended.stdout} ${ended.stderr}`.trim().slice(0, 300)
  if (ended.timedOut) throw failed(helper, action, `no response within ${LIMIT_SECONDS} seconds`)
  if (ended.signal !== undefined) throw failed(helper, action, `it was terminated by ${ended.signal}`)
  const advice = /not (?:implemented|supported)/i.test(output) ? `. ${STORES_NOTHING}` : ''
  throw failed(helper, action, `${output || `exit code ${ended.exitCode}`}${advice}`, Refusal)
}

function failed({ name }: Helper, action: string, why: string, Kind = UserError): UserError {
  return new Kind(
    `The credential helper docker-credential-${name}, which is configured for this registry, failed to ${action}: ${why.replace(/\.$/, '')}. ${WAY_OUT}`,
  )
}

function start({ name, env, deadline }: Helper, action: string, input: string) {
  return run(`docker-credential-${name}`, [action], {
    env,
    input,
    timeoutMs: deadline.within(LIMIT_SECONDS * 1000),
  })
}

/** A host without the scheme and path that some keychains list. */
export function bareHost(host: string): string {
  return host.replace(/^https?:\/\//, '').replace(/\/.*$/, '')
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
