import * as core from '@actions/core'
import { basicAuth, credentialsOfKey, credentialsOfToken, type Identity } from './credentials.ts'

/** Nothing shorter is a secret that is worth a log full of asterisks. */
export const LEAST_LENGTH = 4

const masked = new Set<string>()

function mask(secret: string): void {
  masked.add(secret)
  core.setSecret(secret)
}

/** A text for where the runner's masks may not count, such as the job's summary. */
export function withoutSecrets(text: string): string {
  return [...masked]
    .sort((one, other) => other.length - one.length)
    .reduce((text, secret) => text.replaceAll(secret, '***'), text)
}

/**
 * Tells the runner to hide the key in whatever form it may show up in a log: as it came, trimmed, line by
 * line, as the `apikey` of a key file that was pasted whole, and within base64 of `profile:key`.
 *
 * @param key the input `api-key`, exactly as it came
 * @param profileId the input `profile-id`, as it came
 */
export function maskKey(key: string, profileId: string): void {
  const keys = new Set([
    key,
    key.trim(),
    ...key.split(/\r?\n/).map(line => line.trim()),
    apiKeyOfKeyFile(key) ?? '',
  ])
  for (const secret of keys) {
    // A brace, or a letter, would have every one of the log hidden.
    if (!/[A-Za-z0-9]/.test(secret) || secret.length < LEAST_LENGTH) continue
    mask(secret)
    for (const name of profileNames(profileId))
      mask(basicAuth(credentialsOfKey({ profileId: name, apiKey: secret })))
  }
}

/** Tells the runner to hide a token, and what credential files make of it. */
export function maskToken(token: string): void {
  mask(token)
  mask(basicAuth(credentialsOfToken(token)))
}

const PROXY_VARIABLES = ['https_proxy', 'http_proxy', 'all_proxy']

/**
 * Tells the runner to hide the passwords of proxies: programs print a proxy's URL when it does not work. Where the
 * password has characters that end a part of a URL, its pieces are hidden too, because that is how they are printed.
 *
 * @param env whose variables name the proxies
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

/** A profile's ID as it came, and as it is in an IAM ID or a CRN. */
function profileNames(profileId: string): Set<string> {
  return new Set([profileId.trim(), profileId.match(/Profile-[0-9a-fA-F-]{36}/)?.[0] ?? profileId.trim()])
}

/** The `apikey` field, if the text is the JSON file that `ibmcloud iam service-api-key-create --file` writes. */
export function apiKeyOfKeyFile(text: string): string | undefined {
  try {
    const { apikey } = JSON.parse(text)
    return typeof apikey === 'string' ? apikey : undefined
  } catch {
    return undefined
  }
}

/** What base64 of a text has in it if the text holds the secret: one of three, by the secret's place in it. */
function withinBase64(secret: string): string[] {
  return [0, 1, 2].map(before => {
    const bytes = Buffer.from(' '.repeat(before) + secret)
    // Only the letters that are made of the secret alone.
    return bytes.toString('base64').slice(Math.ceil((before * 4) / 3), Math.floor((bytes.length * 4) / 3))
  })
}

/**
 * The environment for a program that must not learn the key from it.
 *
 * @param env this step's environment
 * @param apiKey the key; empty where it is not known
 * @param withheld names of variables that are known to hold the key
 * @returns the same less all inputs and state of the action, and less every variable that holds the key, as it
 *          is or within base64, which a job may have put into `env:` as well
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

/** The variables that {@link environmentWithoutKey} takes out for what they hold, by name. */
export function withheldNames(env: NodeJS.ProcessEnv, identity: Pick<Identity, 'apiKey'>): string[] {
  const kept = environmentWithoutKey(env, identity)
  return Object.keys(env).filter(name => !(name in kept) && !OF_THE_ACTION.test(name))
}

/** Inputs and state, as the runner names them. */
const OF_THE_ACTION = /^(?:INPUT|STATE)_/i
