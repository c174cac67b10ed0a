import * as core from '@actions/core'
import { basicAuth, credentialsOfKey, credentialsOfToken, type Identity } from './credentials.ts'
import { parseJson } from './json.ts'

/** Minimum length of a secret to mask. Masking a shorter one would make the log unreadable. */
export const LEAST_LENGTH = 4

const masked = new Set<string>()

function mask(secret: string): void {
  masked.add(secret)
  core.setSecret(secret)
}

/** Masks secrets in text where the runner's masks may not apply, such as the job summary. */
export function withoutSecrets(text: string): string {
  return [...masked]
    .sort((one, other) => other.length - one.length)
    .reduce((text, secret) => text.replaceAll(secret, '***'), text)
}

/**
 * Masks the API key in every form that may appear in a log: as in the input, trimmed, line by line, as the
 * `apikey` of a key file that was pasted as a whole, and in base64 of `profile:key`.
 *
 * @param key the `api-key` input, exactly as given
 * @param profileId the `profile-id` input, as given
 */
export function maskKey(key: string, profileId: string): void {
  const keys = new Set([
    key,
    key.trim(),
    ...key.split(/\r?\n/).map(line => line.trim()),
    apiKeyOfKeyFile(key) ?? '',
  ])
  for (const secret of keys) {
    // Masking a single brace or letter would mask every one in the log.
    if (!/[A-Za-z0-9]/.test(secret) || secret.length < LEAST_LENGTH) continue
    mask(secret)
    for (const name of profileNames(profileId))
      mask(basicAuth(credentialsOfKey({ profileId: name, apiKey: secret })))
  }
}

/** Masks a token, also in base64 as in credential files. */
export function maskToken(token: string): void {
  mask(token)
  mask(basicAuth(credentialsOfToken(token)))
}

const PROXY_VARIABLES = ['https_proxy', 'http_proxy', 'all_proxy']

/**
 * Masks the passwords of proxies, because programs print the proxy's URL if it fails. If a password contains
 * URL delimiters, its parts are masked, too: that is how they are printed.
 *
 * @param env the environment variables that set the proxies
 */
export function maskProxyPasswords(env: NodeJS.ProcessEnv): void {
  for (const name of PROXY_VARIABLES.flatMap(name => [name, name.toUpperCase()])) {
    const password = env[name]?.match(/^(?:[^/:]*:\/\/|(?![^/:]*:\/\/))[^:@]*:(.*)@/s)?.[1] ?? ''
    for (const secret of new Set([password, decoded(password), ...password.split(/[/?#%@]/)])) {
      if (secret.length >= LEAST_LENGTH) mask(secret)
    }
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** The profile's ID as given, and without the rest of an IAM ID or CRN. */
function profileNames(profileId: string): Set<string> {
  return new Set([profileId.trim(), profileId.match(/Profile-[0-9a-fA-F-]{36}/)?.[0] ?? profileId.trim()])
}

/** The `apikey` field, if the text is a JSON file from `ibmcloud iam service-api-key-create --file`. */
export function apiKeyOfKeyFile(text: string): string | undefined {
  const { apikey } = parseJson(text)
  return typeof apikey === 'string' ? apikey : undefined
}

/** Base64 of a secret inside a longer text, once per alignment. The text's base64 contains one of them. */
function withinBase64(secret: string): string[] {
  return [0, 1, 2].map(before => {
    const bytes = Buffer.from(' '.repeat(before) + secret)
    // Only the characters that depend on nothing but the secret.
    return bytes.toString('base64').slice(Math.ceil((before * 4) / 3), Math.floor((bytes.length * 4) / 3))
  })
}

/**
 * The environment for a program that must not learn the API key.
 *
 * @param env this step's environment
 * @param apiKey the API key; empty if it is not known
 * @param withheld names of variables that are known to contain the API key
 * @returns the environment without the inputs and the state of the action, and without variables that contain
 * the API key, as is or in base64 (the job may have set them in `env:`)
 */
export function environmentWithoutKey(
  env: NodeJS.ProcessEnv,
  { apiKey }: Pick<Identity, 'apiKey'>,
  withheld: string[] = [],
): Record<string, string> {
  const secrets = apiKey === '' ? [] : [apiKey, ...withinBase64(apiKey)]
  return Object.fromEntries(
    Object.entries(env)
      .filter((entry): entry is [string, string] => entry[1] !== undefined)
      .filter(
        ([name, value]) =>
          !OF_THE_ACTION.test(name) &&
          !withheld.includes(name) &&
          !secrets.some(secret => value.includes(secret)),
      ),
  )
}

/**
 * The names of the variables that {@link environmentWithoutKey} removed because they contain the API key.
 *
 * @param kept its result
 */
export function withheldNames(env: NodeJS.ProcessEnv, kept: Record<string, string>): string[] {
  return Object.keys(env).filter(name => !(name in kept) && !OF_THE_ACTION.test(name))
}

/** Inputs and state, as named by the runner. */
const OF_THE_ACTION = /^(?:INPUT|STATE)_/i
