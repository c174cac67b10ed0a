import { randomBytes, randomUUID } from 'node:crypto'

/** What a policy allows in a namespace; pushing includes pulling, as the role Writer's does for its clients. */
export type Permission = 'pull' | 'push'

/** Throw-away credentials that the test bed knows. */
export interface Credentials {
  /** `Profile-<uuid>` */
  readonly profileId: string
  /** 44 characters of `A-Z a-z 0-9 - _` */
  readonly apiKey: string
  /** `ServiceId-<uuid>`, whose key it is */
  readonly serviceId: string
}

interface Profile {
  /** IDs of the service IDs that it trusts. */
  readonly trusted: Set<string>
  /** Namespace → what is allowed there. */
  readonly policy: Map<string, Permission>
}

/** IBM's side of things: which keys and profiles there are, who trusts whom, who may do what. */
export class Cloud {
  /** 32 hex digits: the account that all profiles are in. */
  readonly accountId = randomBytes(16).toString('hex')
  /** API key → its service ID. Delete a key to see it refused. */
  readonly keys = new Map<string, string>()
  /** Access token → the service ID or profile that it is of. */
  readonly tokens = new Map<string, string>()
  /** Token of a compute resource → the IDs of the profiles that trust it. */
  readonly computeResources = new Map<string, Set<string>>()
  /** How long an access token is good for, in seconds. */
  tokenLifetime = 3600
  /** Profile ID → profile. */
  readonly profiles = new Map<string, Profile>()

  /** A new service ID with one key. */
  serviceId(): { serviceId: string; apiKey: string } {
    const serviceId = `ServiceId-${randomUUID()}`
    const apiKey = newApiKey()
    this.keys.set(apiKey, serviceId)
    return { serviceId, apiKey }
  }

  /** A new profile that trusts the service IDs given and may do what `policy` (namespace → permission) says. */
  profile(trusted: string[], policy: Record<string, Permission> = {}): string {
    const profileId = `Profile-${randomUUID()}`
    this.profiles.set(profileId, { trusted: new Set(trusted), policy: new Map(Object.entries(policy)) })
    return profileId
  }

  /** New valid credentials; without a policy they may push to the namespace `team`. */
  credentials(policy: Record<string, Permission> = { team: 'push' }): Credentials {
    const { serviceId, apiKey } = this.serviceId()
    return { profileId: this.profile([serviceId], policy), apiKey, serviceId }
  }

  /** A new profile that trusts a new compute resource, with the resource's token; it may push to the namespace `team`. */
  computeResource(): { profileId: string; token: string } {
    const profileId = this.profile([], { team: 'push' })
    const token = randomBytes(48).toString('base64url')
    this.computeResources.set(token, new Set([profileId]))
    return { profileId, token }
  }

  /** A new access token of a service ID or a profile, as IAM answers with it. */
  token(id: string): { access_token: string; expires_in: number; expiration: number } {
    const now = Math.floor(Date.now() / 1000)
    const expiration = now + this.tokenLifetime
    const token = jwt({ iam_id: `iam-${id}`, id: `iam-${id}`, iat: now, exp: expiration })
    this.tokens.set(token, id)
    return { access_token: token, expires_in: this.tokenLifetime, expiration }
  }

  /** The profile that a registry's user name and password are of. */
  profileOf(user: string, password: string): string | undefined {
    return user === 'iambearer' ? this.tokens.get(password) : user
  }

  /** Whether the key is known, and whether the profile trusts the key's service ID. */
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

/** A key as the service makes them, known to nobody. */
export const newApiKey = () => randomBytes(33).toString('base64url')

/** A token of the right shape; nobody checks the signature. */
function jwt(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return [part({ alg: 'RS256' }), part(claims), randomBytes(64).toString('base64url')].join('.')
}
