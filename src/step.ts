import type { Credentials, Identity } from './credentials.ts'
import type { Deadline } from './deadline.ts'
import type { WorkFolder } from './work-folder.ts'

/** What all parts of one step share. */
export interface Step {
  identity: Identity
  /** The registry domains, at least one. */
  domains: string[]
  deadline: Deadline
  /** For programs that must not learn a secret from it. */
  env: Record<string, string>
  work: WorkFolder
  /** Writes a line to the log. */
  say(line: string): void
  warn(message: string): void
  /** Tells of what is worth a notice. */
  notice(message: string): void
  /** Hides a token in the log. */
  mask(token: string): void
}

/** The same once it is known what the clients log in with. */
export type StepWithCredentials = Step & { credentials: Credentials }
