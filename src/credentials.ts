import { parseJson } from './json.ts'

/** The accepted values of the `auth-method` input, which determines where the credentials come from. */
export const AUTH_METHODS = ['api-key', 'access-token', 'compute-resource'] as const

/** Who logs in, from the inputs. */
export interface Identity {
  authMethod: (typeof AUTH_METHODS)[number]
  /** The trusted profile's ID. */
  profileId: string
  /** An API key of a service ID that the profile trusts; empty if the method uses none. */
  apiKey: string
}

/** What a registry accepts. Clients and stores know nothing else. */
export interface Credentials {
  username: string
  password: string
}

/** The user name for logging in with an IAM access token as the password. */
const BEARER = 'iambearer'

/**
 * The credentials for an API key: the profile's ID as the user name, the API key as the password.
 *
 * Source: https://cloud.ibm.com/docs/Registry?topic=Registry-registry_access
 */
export function credentialsOfKey({ profileId, apiKey }: Pick<Identity, 'profileId' | 'apiKey'>): Credentials {
  return { username: profileId, password: apiKey }
}

/** @param token an IAM access token of the trusted profile */
export function credentialsOfToken(token: string): Credentials {
  return { username: BEARER, password: token }
}

/** Base64 of `username:password`, as used by HTTP Basic authentication and in credential files. */
export function basicAuth({ username, password }: Credentials): string {
  return Buffer.from(`${username}:${password}`).toString('base64')
}

/** Whether the credentials are an access token that has expired according to its claims. */
export function isExpired({ username, password }: Credentials): boolean {
  const { exp } = claimsOf(password)
  return username === BEARER && typeof exp === 'number' && exp * 1000 < Date.now()
}

/**
 * The claims of an IAM token (a JWT); empty for anything else. The signature is not verified, because the
 * claims are only displayed or compared with the clock.
 */
export function claimsOf(token: string): Record<string, unknown> {
  return parseJson(Buffer.from(`${token.split('.')[1]}`, 'base64url').toString())
}
