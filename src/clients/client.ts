import type { Credentials } from '../credentials.ts'
import type { Machine } from './machine.ts'

/** An `auths` entry: `{"auth": base64 of user:password}`, or whatever else a client has written there. */
export type Entry = Record<string, unknown>

/**
 * docker's config.json, or an auth file of podman, buildah, and skopeo, as they read it. Other keys are kept.
 */
export interface Config {
  auths?: Record<string, Entry | null>
  credHelpers?: Record<string, string | null>
  credsStore?: string | null
  [other: string]: unknown
}

/** One login attempt of a client. */
export interface LoginAttempt {
  domain: string
  credentials: Credentials
  /** Creates an empty folder for what the login writes, which proves the login and is then deleted. */
  makeFolder(): string
  /** The environment variables, without secrets. */
  env: Record<string, string>
  /** How long the rest of the attempt may take at this moment, in milliseconds. */
  timeLeft(): number
}

/** A client of the table in table.ts. */
export interface Client {
  /** The program to run; undefined if this action logs in by itself. */
  program: string | undefined
  /** How to install it, for the error if it is not found. */
  install: string
  /** Whether it omits the registry's message when a login is refused. */
  hidesMessages: boolean
  /** Logs in without writing to any file that later steps read. @throws Fault if the login failed */
  logIn(attempt: LoginAttempt): Promise<void>
  /** Where it stores its logins; undefined if it stores none. */
  family: Family | undefined
  /**
   * The file that its later runs read first, regardless of where its own login would write.
   *
   * @returns undefined if there is no such file that later steps can rely on
   */
  store(machine: Machine): string | undefined
}

/** Clients that store their logins in the same kind of file. */
export interface Family {
  /** The variable that points their later runs to a job-specific file. */
  variable: string
  /** The path of that file in the job's folder, and the variable's value for it. */
  jobFile(folder: string): { file: string; value: string }
  /**
   * Makes everything else that they need available next to that file, which need not exist yet.
   *
   * @returns the names of what could not be made available
   */
  prepare(file: string, machine: Machine): string[]
  /** Whether their files contain settings besides logins. */
  hasSettings: boolean
  /** All files in which they look for a login, in order of precedence. */
  searched(machine: Machine): string[]
  /**
   * The credential helper that the settings in a file select for a domain.
   *
   * @param file the path of the settings, for the error
   * @throws UserError for a name that they cannot use
   */
  helperFor(config: Config, domain: string, file: string): string | undefined
  /** Whether they can read the file's other logins despite this entry. */
  canRead(entry: Entry): boolean
  /** Whether they can read the file's logins despite this setting, which is not null. */
  canReadSetting(name: string, value: unknown): boolean
  /**
   * The credential helper that they use for all domains that have none of their own (docker's `credsStore`).
   */
  keychain(config: Config): string | undefined
  /** Finds what takes precedence over the domains' entries in a file. @returns one warning for each */
  precedence(config: Config, file: string, domains: string[], env: NodeJS.ProcessEnv): string[]
}
