import { isExpired } from '../credentials.ts'
import { Deadline } from '../deadline.ts'
import { oneLine } from '../ibm/answer.ts'
import { parseValue } from '../json.ts'
import { type Ended, run } from '../run.ts'
import { UserError } from '../user-error.ts'
import { fingerprint, type HelperChange } from './undo-record.ts'

/** A credential helper set in docker's config.json or an auth file: the program `docker-credential-NAME`. */
export interface Helper {
  name: string
  /** The environment that it runs in. */
  env: Record<string, string>
  /** The time limit for all its calls. */
  deadline: Deadline
}

export interface Credential {
  Username: string
  Secret: string
}

/**
 * Time limits, because a helper may prompt for input that no one can give. The first is for all calls of a
 * step to its helpers, the second for removing credentials that a helper does not return. Together they are
 * shorter than the time that other steps wait for the locked files.
 */
const LIMIT_SECONDS = 20
const REMOVAL_SECONDS = 5

/** Creates a function that returns a helper by name. @param env the helpers' environment, without secrets */
export function helpers(env: Record<string, string>): (name: string) => Helper {
  const deadline = new Deadline(LIMIT_SECONDS)
  return name => ({ name, env, deadline })
}

const WAY_OUT = 'Set isolated: true to use job-specific files instead.'

/** How to fix the configuration of a helper that stores nothing. */
export const STORES_NOTHING =
  'Configure a credential helper that only creates credentials, such as ecr-login, in credHelpers for its own registries (ACCOUNT.dkr.ecr.REGION.amazonaws.com), not in credsStore.'

/** The helper is missing or reported an error, so it has stored nothing. */
export class Refusal extends UserError {}

/**
 * Stores credentials in a helper, and checks that clients will get them from it.
 *
 * @throws UserError if the helper is missing, cannot store the credentials, or does not return them
 */
export async function store(helper: Helper, domain: string, { Username, Secret }: Credential): Promise<void> {
  await call(helper, 'store', JSON.stringify({ ServerURL: domain, Username, Secret }))
  const held = await returned(helper, domain).catch(async ({ message }) => {
    // Removed now, because the post step could not tell whose credentials they are.
    const atOnce = { ...helper, deadline: new Deadline(REMOVAL_SECONDS) }
    const Kind = await erase(atOnce, domain).then(
      () => Refusal,
      () => UserError,
    )
    throw new Kind(message)
  })
  if (held.Username === Username && held.Secret === Secret) return
  throw failed(
    helper,
    'store',
    `it returns other credentials for ${domain} than were stored, and may have stored both`,
  )
}

/** The credentials just stored. @throws UserError if the helper does not return any */
async function returned(helper: Helper, domain: string): Promise<Credential> {
  const held = await get(helper, domain)
  if (held !== undefined) return held
  throw failed(helper, 'store', `it saved no credentials for ${domain}. ${STORES_NOTHING}`)
}

/**
 * Checks that storing a login in a helper would not overwrite anyone else's. Logins stored by earlier steps
 * of the job, and expired access tokens, may be overwritten.
 *
 * @param listed the hosts that the helper lists, or why it lists none
 * @param earlier what earlier steps of the job have stored
 * @returns `ours` if the helper already stores exactly this login, from an earlier step or an interrupted job
 * @throws UserError if it stores another login or cannot be queried
 */
export async function stateOf(
  helper: Helper,
  listed: string[] | Refusal,
  change: HelperChange,
  earlier: HelperChange[],
): Promise<'free' | 'ours'> {
  const { domain } = change
  const held = await get(helper, domain).catch(error => {
    if (listed instanceof Refusal) throw listed
    // The list may be incomplete, and not every helper words "not found" in the same way.
    if (listed.some(host => bareHost(host) === domain) || !(error instanceof Refusal)) throw error
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

/** Whether a helper stores exactly what the step has written. */
export async function holdsWritten(helper: Helper, { domain, written }: HelperChange): Promise<boolean> {
  const held = await get(helper, domain)
  return held !== undefined && fingerprint([held.Username, held.Secret]) === written
}

/**
 * The hosts that a helper stores credentials for. secretservice 0.9 lists each one with a label before it.
 */
export async function hosts(helper: Helper): Promise<string[]> {
  const held = parse(helper, 'list', await call(helper, 'list', ''))
  return Object.keys(held).map(label => label.replace(/^.*\s/, ''))
}

/** The credentials that a helper stores for a domain; undefined if there are none. */
async function get(helper: Helper, domain: string): Promise<Credential | undefined> {
  const ended = await start(helper, 'get', domain)
  // The message is from https://github.com/docker/docker-credential-helpers, credentials/error.go.
  if (ended.exitCode !== 0 && /not found/i.test(ended.stdout)) return undefined
  const held: Partial<Credential> = parse(helper, 'get', outputOf(helper, 'get', ended))
  return held.Secret ? (held as Credential) : undefined
}

export async function erase(helper: Helper, domain: string): Promise<void> {
  await call(helper, 'erase', domain)
}

async function call(helper: Helper, action: string, input: string): Promise<string> {
  return outputOf(helper, action, await start(helper, action, input))
}

/** The output of a helper. @throws UserError if it failed */
function outputOf(helper: Helper, action: string, ended: Ended): string {
  if (ended.exitCode === 0) return ended.stdout
  // Helpers print errors to standard output, and their output does not contain the secret passed to them.
  const output = oneLine(`${ended.stdout} ${ended.stderr}`)
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

/** The host without the scheme and path that some helpers list. */
export function bareHost(host: string): string {
  return host.replace(/^https?:\/\//, '').replace(/\/.*$/, '')
}

/** Empty if there is no output, or `null`, which is how Go encodes an empty map. */
function parse(helper: Helper, action: string, output: string): Record<string, unknown> {
  const value = parseValue(output.trim() || 'null')
  // Must not count as empty: logins could be overwritten, or remain, unnoticed.
  if (value === undefined) throw failed(helper, action, 'its output is not JSON')
  return Object(value)
}
