import { isExpired } from '../credentials.ts'
import { type Ended, run } from '../run.ts'
import { UserError } from '../user-error.ts'
import { fingerprint, type HelperChange } from './undo-record.ts'

/** A credential helper that a docker config.json or an auth file names: the program `docker-credential-NAME`. */
export interface Helper {
  name: string
  /** Its environment. */
  env: Record<string, string>
}

export interface Credential {
  Username: string
  Secret: string
}

const TIMEOUT_MS = 20_000
const WAY_OUT = 'Set isolated: true to keep the logins in files of this job instead.'

/** A helper that is missing, or that says that it failed: it has kept nothing. */
export class Refusal extends UserError {}

/** Gives a credential to a helper to keep. @throws UserError if the helper is missing or cannot store */
export async function store(helper: Helper, domain: string, { Username, Secret }: Credential): Promise<void> {
  await call(helper, 'store', JSON.stringify({ ServerURL: domain, Username, Secret }))
}

/**
 * Makes sure that a helper holds nobody else's login for a domain: what an earlier step of the job has stored, and an
 * access token that has expired, may be replaced.
 *
 * @param earlier what earlier steps of the job have stored
 * @returns `ours` if it holds just what the step writes, be it from an earlier step or from a job that was cut off
 * @throws UserError if it holds another login, or cannot be asked
 */
export async function stateOf(
  helper: Helper,
  change: HelperChange,
  earlier: HelperChange[],
): Promise<'free' | 'ours'> {
  const { domain } = change
  if (!(await hosts(helper)).some(host => bareHost(host) === domain)) return 'free'
  const held = await get(helper, domain)
  if (held === undefined) return 'free'
  const print = fingerprint([held.Username, held.Secret])
  if (print === change.written) return 'ours'
  const isOfJob = earlier.some(
    other => other.name === helper.name && other.domain === domain && other.written === print,
  )
  if (isOfJob || isExpired({ username: held.Username, password: held.Secret })) return 'free'
  throw new UserError(
    `The credential helper docker-credential-${helper.name} already holds another login for ${domain}, which this step would write over and could not put back. ` +
      `${WAY_OUT} Or remove it first: docker logout ${domain}`,
  )
}

/** Whether a helper holds just what the step writes. */
export async function holdsWritten(helper: Helper, { domain, written }: HelperChange): Promise<boolean> {
  const held = await get(helper, domain)
  return held !== undefined && fingerprint([held.Username, held.Secret]) === written
}

/** The hosts that a helper holds a credential for, as it writes them. */
export async function hosts(helper: Helper): Promise<string[]> {
  const answer = (await call(helper, 'list', '')).trim()
  // An empty map is `null` to Go's encoder.
  const held = answer === '' || answer === 'null' ? {} : parse(answer)
  // Not to be taken for "none": there may be logins that nobody would see written over.
  if (held === undefined) throw failed(helper, 'list', 'its answer is not JSON')
  return Object.keys(held)
}

/** What a helper holds for a domain; undefined where it holds nothing. */
async function get(helper: Helper, domain: string): Promise<Credential | undefined> {
  const ended = await start(helper, 'get', domain)
  // In the words of https://github.com/docker/docker-credential-helpers, credentials/error.go
  if (ended.exitCode !== 0 && /not found/i.test(ended.stdout)) return undefined
  return parse(outputOf(helper, 'get', ended)) as Credential | undefined
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
  if (ended.timedOut) throw failed(helper, action, `it did not answer within ${TIMEOUT_MS / 1000} seconds`)
  if (ended.signal !== undefined) throw failed(helper, action, `it was ended by ${ended.signal}`)
  throw failed(helper, action, output.replace(/\.$/, '') || `exit code ${ended.exitCode}`, Refusal)
}

function failed({ name }: Helper, action: string, why: string, Kind = UserError): UserError {
  return new Kind(
    `The credential helper docker-credential-${name}, which the client's settings name for this registry, failed to ${action}: ${why}. ${WAY_OUT}`,
  )
}

function start({ name, env }: Helper, action: string, input: string) {
  return run(`docker-credential-${name}`, [action], { env, input, timeoutMs: TIMEOUT_MS })
}

function bareHost(host: string): string {
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
