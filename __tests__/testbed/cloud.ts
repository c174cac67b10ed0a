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

  /** Whether the key is known, and whether the profile trusts the key's service ID. */
  judge(profileId: string, apiKey: string): 'unknown key' | 'no trust' | 'valid' {
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
