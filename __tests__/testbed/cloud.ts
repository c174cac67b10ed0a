import { randomBytes, randomUUID } from 'node:crypto'

/** What a policy allows in a namespace. `push` includes `pull`, as the role Writer does. */
export type Permission = 'pull' | 'push'

/** Throw-away credentials that the test bed accepts. */
export interface Credentials {
  /** `Profile-<uuid>` */
  readonly profileId: string
  /** 44 characters of `A-Z a-z 0-9 - _` */
  readonly apiKey: string
  /** `ServiceId-<uuid>`, the owner of the key */
  readonly serviceId: string
}

interface Profile {
  /** The service IDs that the profile trusts. */
  readonly trusted: Set<string>
  /** Namespace → permission. */
  readonly policy: Map<string, Permission>
}

/** IBM Cloud's data: keys and profiles, which identities a profile trusts, and what it may do. */
export class Cloud {
  /** 32 hexadecimal digits: the account of all profiles. */
  readonly accountId = randomBytes(16).toString('hex')
  /** API key → its service ID. Delete a key to have it refused. */
  readonly keys = new Map<string, string>()
  /** Access token → the service ID or profile that it was issued for. */
  readonly tokens = new Map<string, string>()
  /** Token of a compute resource → the IDs of the profiles that trust it. */
  readonly computeResources = new Map<string, Set<string>>()
  /** Lifetime of access tokens, in seconds. */
  tokenLifetime = 3600
  /** Profile ID → profile. */
  readonly profiles = new Map<string, Profile>()

  /** Creates a service ID with one API key. */
  serviceId(): { serviceId: string; apiKey: string } {
    const serviceId = `ServiceId-${randomUUID()}`
    const apiKey = newApiKey()
    this.keys.set(apiKey, serviceId)
    return { serviceId, apiKey }
  }

  /**
   * Creates a profile that trusts the given service IDs and has the given policy (namespace → permission).
   */
  profile(trusted: string[], policy: Record<string, Permission> = {}): string {
    const profileId = `Profile-${randomUUID()}`
    this.profiles.set(profileId, { trusted: new Set(trusted), policy: new Map(Object.entries(policy)) })
    return profileId
  }

  /** Creates valid credentials. Without a policy, they may push to the namespace `team`. */
  credentials(policy: Record<string, Permission> = { team: 'push' }): Credentials {
    const { serviceId, apiKey } = this.serviceId()
    return { profileId: this.profile([serviceId], policy), apiKey, serviceId }
  }

  /** Creates a compute resource, with its token, and a profile that trusts it and may push to `team`. */
  computeResource(): { profileId: string; token: string } {
    const profileId = this.profile([], { team: 'push' })
    const token = randomBytes(48).toString('base64url')
    this.computeResources.set(token, new Set([profileId]))
    return { profileId, token }
  }

  /** Creates an access token for a service ID or a profile, in the format of IAM's response. */
  token(id: string): { access_token: string; expires_in: number; expiration: number } {
    const now = Math.floor(Date.now() / 1000)
    const expiration = now + this.tokenLifetime
    const token = jwt({ iam_id: `iam-${id}`, id: `iam-${id}`, iat: now, exp: expiration })
    this.tokens.set(token, id)
    return { access_token: token, expires_in: this.tokenLifetime, expiration }
  }

  /** The profile that a registry's user name and password belong to. */
  profileOf(user: string, password: string): string | undefined {
    return user === 'iambearer' ? this.tokens.get(password) : user
  }

  /** Whether the key exists, and whether the profile trusts the key's service ID. */
  judge(profileId: string, apiKey: string): 'unknown key' | 'no trust' | 'valid' {
    if (profileId === 'iambearer')
      return this.profiles.has(this.tokens.get(apiKey) ?? '') ? 'valid' : 'unknown key'
    const serviceId = this.keys.get(apiKey)
    if (!serviceId) return 'unknown key'
    return this.profiles.get(profileId)?.trusted.has(serviceId) ? 'valid' : 'no trust'
  }

  /** Whether the profile's policy allows `permission` in the namespace of `repository` (`namespace/name`). */
  allows(profileId: string, permission: Permission, repository: string): boolean {
    const granted = this.profiles.get(profileId)?.policy.get(repository.split('/')[0] ?? '')
    return granted === 'push' || granted === permission
  }
}

/** A random API key in the service's format, unknown to any cloud until added. */
export const newApiKey = () => randomBytes(33).toString('base64url')

/** A token in the right format. No one verifies the signature. */
function jwt(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return [part({ alg: 'RS256' }), part(claims), randomBytes(64).toString('base64url')].join('.')
}
