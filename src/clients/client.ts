import type { Credentials } from '../credentials.ts'
import type { Machine } from './machine.ts'

/** What an `auths` entry holds: `{"auth": base64 of user:password}`, or whatever else a client has put there. */
export type Entry = Record<string, unknown>

/** docker's config.json or an auth file of podman, buildah and skopeo, as they read it. Other keys are kept. */
export interface Config {
  auths?: Record<string, Entry | null>
  credHelpers?: Record<string, string | null>
  credsStore?: string | null
  [other: string]: unknown
}

/** One attempt of a client to log in. */
export interface LoginAttempt {
  domain: string
  credentials: Credentials
  /** Makes an empty folder for what the login writes: it proves the login, and is thrown away. */
  makeFolder(): string
  /** An environment without secrets. */
  env: Record<string, string>
  /** How long the attempt, or what is left of it, may take at this moment, in milliseconds. */
  timeLeft(): number
}

/** What is known of one client. */
export interface Client {
  /** The program to be run; undefined where the login is this action's own. */
  program: string | undefined
  /** What someone can do whose runner does not have it. */
  install: string
  /** Whether it keeps to itself what the registry says with a refusal. */
  hidesMessages: boolean
  /** Logs in, and writes nothing that later steps read. @throws Fault if the login failed */
  logIn(attempt: LoginAttempt): Promise<void>
  /** Where it keeps its logins; undefined where it keeps none. */
  family: Family | undefined
  /**
   * The file that its later runs read first, whatever its login would write.
   *
   * @returns undefined where none can be relied on
   */
  store(machine: Machine): string | undefined
}

/** What is known of the clients that keep their logins in one kind of file. */
export interface Family {
  /** The variable that leads their later runs to a file of the job's own. */
  variable: string
  /** That file in a folder of the job's, and the variable's value for it. */
  jobFile(folder: string): { file: string; value: string }
  /**
   * Makes everything else that they need reachable beside that file, which need not exist yet.
   *
   * @returns the names of what cannot be reached there
   */
  prepare(file: string, machine: Machine): string[]
  /** Whether a file of theirs has settings besides the logins. */
  hasSettings: boolean
  /** All files in which they look for a login, those first that take precedence. */
  searched(machine: Machine): string[]
  /**
   * The credential helper that they ask for a domain, going by a file of their settings.
   *
   * @param file where the settings are, for the error
   * @throws UserError for a name that they cannot use
   */
  helperFor(config: Config, domain: string, file: string): string | undefined
  /** Whether they read a file's other logins beside this entry. */
  canRead(entry: Entry): boolean
  /** Whether they read a file's logins beside this setting, which is not null. */
  canReadSetting(name: string, value: unknown): boolean
  /** The keychain that they use for every domain that no other helper is named for. */
  keychain(config: Config): string | undefined
  /** Finds what takes precedence over the domains' entries in a file. @returns a warning for each */
  precedence(config: Config, file: string, domains: string[], env: NodeJS.ProcessEnv): string[]
}
