import * as core from '@actions/core'
import { closestMatch } from 'leven'
import type { Check } from './checks.ts'
import { CLIENT_NAMES, type ClientOrNone } from './clients/table.ts'
import { AUTH_METHODS, type Identity } from './credentials.ts'
import { resolveRegion } from './ibm/regions.ts'
import { quoteInput, quoteItem } from './quote-input.ts'
import { apiKeyOfKeyFile, LEAST_LENGTH, maskKey } from './secrets.ts'
import { UserError } from './user-error.ts'

/** The validated inputs of the step. */
export interface Inputs {
  /** Registry domains in the order of the input, without duplicates; at least one. */
  domains: [string, ...string[]]
  identity: Identity
  /** In the order of the input, without duplicates; `none` is never combined with others. */
  clients: ClientOrNone[]
  isolated: boolean
  /** As in the input; undefined if it is empty. */
  credentialsFile: string | undefined
  checks: Check[]
  logout: boolean
}

/**
 * Reads the inputs of action.yml. Masks the API key before anything else can be printed.
 *
 * @param warn called for input that is accepted but suspicious
 * @throws UserError that names the input, its value (never the API key), and what is accepted
 */
export function readInputs(warn: (message: string) => void): Inputs {
  const key = core.getInput('api-key', { trimWhitespace: false })
  const profile = core.getInput('profile-id')
  maskKey(key, profile)

  const domains = parseRegions(core.getInput('region'), warn)
  const profileId = parseProfileId(profile)
  const authMethod = parseAuthMethod(core.getInput('auth-method'))
  const apiKey = authMethod === 'compute-resource' ? parseNoApiKey(key) : parseApiKey(key)
  const credentialsFile = parseCredentialsFile(core.getInput('credentials-file'))
  return {
    domains,
    identity: { authMethod, profileId, apiKey },
    clients: parseClients(core.getInput('client'), credentialsFile !== undefined),
    isolated: parseBoolean('isolated', core.getInput('isolated')),
    credentialsFile,
    checks: [
      ...parseChecks('push', core.getInput('check-push'), domains),
      ...parseChecks('pull', core.getInput('check-pull'), domains),
    ],
    logout: parseBoolean('logout', core.getInput('logout')),
  }
}

/** Splits at commas and line breaks. Trims whitespace and omits empty items. */
export function parseList(text: string): string[] {
  return text
    .split(/[,\r\n]/)
    .map(item => item.trim())
    .filter(item => item !== '')
}

export function parseRegions(text: string, warn: (message: string) => void): [string, ...string[]] {
  const domains = new Set<string>()
  for (const item of parseList(text)) {
    const { domain, warning } = resolveRegion(item)
    if (warning !== undefined && !domains.has(domain)) warn(warning)
    domains.add(domain)
  }
  const [first, ...others] = domains
  if (first === undefined) {
    throw new UserError(
      'Input required and not supplied: region. Use one or more regions, such as us-south or eu-de, or full registry domains, such as us.icr.io.',
    )
  }
  return [first, ...others]
}

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'

/** The ID, IAM ID, or CRN of a trusted profile. The first group is the ID. */
const PROFILE_ID = new RegExp(
  `^(?:iam-|crn:v1:[a-z0-9-]*:[a-z0-9-]*:iam-identity:[a-z0-9-]*:a/[0-9a-f]{32}::profile:)?(Profile-${UUID})$`,
)

/** Values that are often mistaken for a trusted profile's ID, and what they are. */
const NOT_A_PROFILE_ID: [RegExp, string][] = [
  [
    /^(?:iam-)?ServiceId-/i,
    'is a service ID. Use the ID of the trusted profile; the service ID is identified by its API key',
  ],
  [/^ApiKey-/i, 'is the ID of an API key'],
  [/^iamapikey$/i, 'is the user name for a login without a trusted profile, which is unsupported'],
  [/^iambearer$/i, 'is the user name for a login with an access token; use auth-method: access-token'],
  [/^IBMid-/i, 'is the IAM ID of a user'],
  [/Profile-/i, 'is malformed'],
]

export function parseProfileId(text: string): string {
  const accepted =
    'Accepted: the ID of a trusted profile (Profile- and a UUID), its IAM ID (iam-Profile-…) or its CRN; "ibmcloud iam trusted-profiles --id" lists them.'
  if (text.trim() === '')
    throw new UserError(
      `Input required and not supplied: profile-id. If it comes from a variable or a secret, check the name. ${accepted}`,
    )
  const id = text.trim().match(PROFILE_ID)?.[1]
  if (id !== undefined) return id
  const what =
    NOT_A_PROFILE_ID.find(([form]) => form.test(text.trim()))?.[1] ?? "is not a trusted profile's ID"
  throw new UserError(`profile-id: ${quoteInput(text)} ${what}. ${accepted}`)
}

/**
 * Values that people store instead of an API key, recognized by their format only. The value is never shown.
 */
const NOT_AN_API_KEY: [(key: string) => boolean, string][] = [
  [
    key => apiKeyOfKeyFile(key) !== undefined,
    'it is the whole JSON file of the key. Store only the value of its "apikey" field',
  ],
  [key => /^[{[]/.test(key), 'it looks like JSON. Store only the API key itself, without braces'],
  [
    key => /^ApiKey-/i.test(key),
    'it is the ID of an API key, not the key itself. The key is shown only once, when it is created. If it is lost, create another one',
  ],
  [
    key => /^(?:iam-)?(?:Profile|ServiceId)-/i.test(key),
    'it is the ID of a trusted profile or a service ID. Use the API key of a service ID',
  ],
  [key => /^crn:/i.test(key), 'it is a CRN. Use the API key of a service ID'],
  [
    key => /^["'`]?\w*api[_-]?key["'`]?[=:]/i.test(key),
    'it begins with the name of the key. Store only what follows the name',
  ],
  [
    key => /^\$[{A-Z_a-z]/.test(key),
    'it is the name of a variable, which is not expanded here. Use an expression that reads the secret',
  ],
  [key => /^["'`].*["'`]$/s.test(key), 'it is in quotes. Store the API key without quotes'],
  [
    key => /^eyJ[^.]*\.[^.]*\.[^.]*$/.test(key),
    'it is an IAM access token, which expires within an hour. Use the API key of a service ID',
  ],
  [key => /\s/.test(key), 'it contains whitespace. Store only the API key, on one line'],
  [key => /[^\x21-\x7e]/.test(key), 'it contains characters that are invalid in an API key'],
  [key => key.length > 1000, 'it is too long for an API key'],
  [key => key.length < LEAST_LENGTH, 'it is too short for an API key'],
]

export function parseAuthMethod(text: string): Identity['authMethod'] {
  const name = text.trim().toLowerCase()
  const method = AUTH_METHODS.find(known => known === name)
  if (method !== undefined) return method
  const nearest = name.length > 40 ? undefined : closestMatch(name, [...AUTH_METHODS], { maxDistance: 4 })
  const hint = nearest === undefined ? '' : ` Did you mean ${nearest}?`
  throw new UserError(
    `auth-method: ${quoteInput(text)} is not supported.${hint} Accepted: ${AUTH_METHODS.join(', ')}.`,
  )
}

/** @throws UserError if there is an API key although the method uses none */
export function parseNoApiKey(text: string): string {
  if (text.trim() === '') return ''
  throw new UserError('api-key: remove this input. auth-method: compute-resource uses no API key.')
}

export function parseApiKey(text: string): string {
  const key = text.trim()
  if (key === '') {
    throw new UserError(
      'Input required and not supplied: api-key. Workflows that are started by a pull request from a fork or by Dependabot get no secrets. For Dependabot, also store the API key as a Dependabot secret. ' +
        'Otherwise, check the name of the secret, and that this job can read it (the environment of the job, or secrets: inherit for a reusable workflow). Accepted: an API key of a service ID that the trusted profile trusts. On an IBM Cloud compute resource, auth-method: compute-resource needs no API key.',
    )
  }
  const wrong = NOT_AN_API_KEY.find(([matches]) => matches(key))?.[1]
  if (wrong !== undefined) throw new UserError(`api-key: ${wrong}. (The value is not shown.)`)
  return key
}

/** What only a shell would expand: the home folder, or a variable (`$NAME`, `${NAME}`, `$env:NAME`, `%NAME%`). */
export const UNEXPANDED = /^(?:~|\$(?=[{A-Z_a-z])|%(?=\w+%))/

/** @returns undefined if the input is empty */
export function parseCredentialsFile(text: string): string | undefined {
  const sign = UNEXPANDED.exec(text)?.[0]
  if (sign !== undefined) {
    throw new UserError(
      `credentials-file: ${quoteInput(text)} begins with ${sign}, which is not expanded here. Use an absolute path, or one relative to the workspace, such as \${{ runner.temp }}/icr.json.`,
    )
  }
  if (/\p{Cc}/u.test(text)) {
    throw new UserError(
      `credentials-file: ${quoteInput(text)} contains line breaks or other control characters. Use the path of one file.`,
    )
  }
  return text || undefined
}

/** @param withFile whether `credentials-file` is set, in which case no client is needed */
export function parseClients(text: string, withFile = false): ClientOrNone[] {
  const accepted = `Accepted: one or more of ${CLIENT_NAMES.join(', ')}; or none, with credentials-file.`
  const names = new Set(parseList(text).map(item => item.toLowerCase()))
  if (names.size === 0)
    throw new UserError(`client: an empty value is not supported. ${accepted} Omit the input for docker.`)
  if (names.has('none')) {
    if (names.size > 1) throw new UserError(`client: none cannot be combined with other clients. ${accepted}`)
    if (!withFile)
      throw new UserError('client: none requires credentials-file, the path of the file for the credentials.')
    return ['none']
  }
  return [...names].map(name => {
    const client = CLIENT_NAMES.find(known => known === name)
    if (client !== undefined) return client
    const nearest = name.length > 40 ? undefined : closestMatch(name, CLIENT_NAMES, { maxDistance: 2 })
    const hint = nearest === undefined ? '' : ` Did you mean ${nearest}?`
    throw new UserError(`client: ${quoteItem(name)} is not supported.${hint} ${accepted}`)
  })
}

const COMPONENT = '[a-z0-9]+(?:(?:\\.|__?|-+)[a-z0-9]+)*'

/** Path components of the distribution specification. The first one also follows IBM's namespace rules. */
const REPOSITORY = new RegExp(`^(?=[a-z0-9_-]{4,30}/)${COMPONENT}(?:/${COMPONENT})+$`)

/**
 * Parses a check input. Each repository is checked on every domain, or only on the domain in front of it.
 *
 * Sources: https://github.com/opencontainers/distribution-spec, "Pulling manifests";
 * https://cloud.ibm.com/docs/Registry?topic=Registry-registry_setup_cli_namespace#registry_namespace_setup
 */
export function parseChecks(access: Check['access'], text: string, domains: string[]): Check[] {
  const input = `check-${access}`
  const checks = parseList(text).flatMap(item => {
    const [first = '', ...rest] = item.split('/')
    // Every domain contains a dot, and no namespace does.
    const domain = first.includes('.') ? first.toLowerCase() : undefined
    const repository = domain === undefined ? item : rest.join('/')
    if (domain !== undefined && !domains.includes(domain)) {
      throw new UserError(
        `${input}: ${quoteInput(item)} is on a registry domain that this step does not log in to (${domains.join(', ')}). Add the region, or omit the domain.`,
      )
    }
    if (!REPOSITORY.test(repository) || repository.length > 200) {
      throw new UserError(
        `${input}: ${quoteItem(item)} is not a repository. Accepted: namespace/name in lowercase, without https://, tag or digest, optionally with the registry domain in front. The namespace has 4 to 30 characters.`,
      )
    }
    return (domain === undefined ? domains : [domain]).map(domain => ({ access, domain, repository }))
  })
  return [...new Map(checks.map(check => [`${check.domain}/${check.repository}`, check])).values()]
}

const BOOLEANS = new Map([
  ['true', true],
  ['false', false],
])

export function parseBoolean(input: string, text: string): boolean {
  const value = BOOLEANS.get(text.trim().toLowerCase())
  if (value === undefined)
    throw new UserError(`${input}: ${quoteInput(text)} is not supported. Accepted: true, false.`)
  return value
}
