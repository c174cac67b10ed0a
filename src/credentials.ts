/** How the step comes to what it logs in with: the input `auth-method`. */
export const AUTH_METHODS = ['api-key', 'access-token', 'compute-resource'] as const

/** Who logs in, as the inputs say. */
export interface Identity {
  authMethod: (typeof AUTH_METHODS)[number]
  /** The trusted profile's ID. */
  profileId: string
  /** An API key of a service ID that the profile trusts; empty where the method takes none. */
  apiKey: string
}

/** What a registry takes, and all that clients and stores know. */
export interface Credentials {
  username: string
  password: string
}

/** The user name that says that the password is an IAM access token. */
const BEARER = 'iambearer'

/**
 * The profile's ID goes as user name, the key as password.
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

/** The pair as HTTP's Basic scheme and all credential files carry it: base64 of `username:password`. */
export function basicAuth({ username, password }: Credentials): string {
  return Buffer.from(`${username}:${password}`).toString('base64')
}

/** Whether a pair is an access token that has expired, by its own claims: then it is nobody's login any more. */
export function isExpired({ username, password }: Credentials): boolean {
  const { exp } = claimsOf(password)
  return username === BEARER && typeof exp === 'number' && exp * 1000 < Date.now()
}

/**
 * The claims of an IAM token, a JWT; none of anything else. They are shown or compared with the clock, so that its
 * signature is of no interest.
 */
export function claimsOf(token: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(Buffer.from(`${token.split('.')[1]}`, 'base64url').toString()))
  } catch {
    return {}
  }
}
