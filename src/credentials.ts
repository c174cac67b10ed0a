/** Who logs in, as the inputs say. */
export interface Identity {
  /** The trusted profile's ID. */
  profileId: string
  /** An API key of a service ID that the profile trusts. */
  apiKey: string
}

/** What a registry takes, and all that clients and stores know. */
export interface Credentials {
  username: string
  password: string
}

/**
 * The profile's ID goes as user name, the key as password.
 *
 * Source: https://cloud.ibm.com/docs/Registry?topic=Registry-registry_access
 */
export function credentialsOf({ profileId, apiKey }: Identity): Credentials {
  return { username: profileId, password: apiKey }
}

/** The pair as HTTP's Basic scheme and all credential files carry it: base64 of `username:password`. */
export function basicAuth({ username, password }: Credentials): string {
  return Buffer.from(`${username}:${password}`).toString('base64')
}
