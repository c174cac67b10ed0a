import type { Credentials, Identity } from './credentials.ts'
import type { Deadline } from './deadline.ts'
import type { WorkFolder } from './work-folder.ts'

/** The data that all parts of a step share. */
export interface Step {
  identity: Identity
  /** Registry domains, at least one. */
  domains: string[]
  deadline: Deadline
  /** The environment for programs that must not learn a secret. */
  env: Record<string, string>
  work: WorkFolder
  /** Writes a line to the log. */
  say(line: string): void
  warn(message: string): void
  /** Adds a notice annotation. */
  notice(message: string): void
  /** Hides a token in the log. */
  mask(token: string): void
}

/** A step whose credentials are known. */
export type StepWithCredentials = Step & { credentials: Credentials }
