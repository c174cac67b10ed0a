import { existsSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Config, Entry } from '../clients/client.ts'
import { malformed } from '../clients/settings.ts'
import { basicAuth, type Credentials } from '../credentials.ts'
import { isIcrDomain } from '../ibm/regions.ts'
import type { StepWithCredentials } from '../step.ts'
import { FileError, UserError } from '../user-error.ts'
import type { WorkFolder } from '../work-folder.ts'
import {
  entryOf,
  entryTextOf,
  readCredentialFile,
  replaceCredentialFile,
  withEntry,
} from './credential-file.ts'
import { type Destination, wayAround } from './destinations.ts'
import { unlessExpired } from './expired.ts'
import * as helper from './helper.ts'
import { sqlite, withLock, withLocks } from './lock.ts'
import { SILENT, undoStores } from './undo.ts'
import {
  earlierHelperChanges,
  type FileChange,
  fingerprint,
  type HelperChange,
  type UndoRecord,
  writeUndoRecord,
} from './undo-record.ts'

/** Loads what only storing needs, such as crypto. Called while the clients run, when it costs no time. */
export function loadForStoring(): void {
  fingerprint('')
  sqlite()
}

/**
 * Stores the credentials for the domains in all destinations or in none. The settings in each file determine
 * whether they go into the file itself or a credential helper. The undo record is written before anything
 * else.
 *
 * @param record the rest of the undo record
 * @returns the changed files
 * @throws UserError if a destination cannot store the login; everything is then as it was before
 */
export async function storeLogins(
  destinations: Destination[],
  record: Omit<UndoRecord, 'files' | 'helpers'>,
  { domains, credentials, work, env, say, warn }: StepWithCredentials,
): Promise<FileChange[]> {
  const entry = entryFor(credentials)
  const byRealPath = Map.groupBy(destinations, ({ real }) => real)
  const files = [...byRealPath.keys()]
  // From here on, a step that is killed may leave a lock file or its folder behind.
  let changes: Pick<UndoRecord, 'files' | 'helpers'> = { files: files.map(untouched), helpers: [] }
  writeUndoRecord(work, { ...record, ...changes })
  let begun = false
  const unlocked = (file: string, error?: unknown) => {
    if (error !== undefined) throw error
    const another = wayAround(file, destinations)
    if (another === '') return // No other step uses a job-specific file.
    warn(
      `${file}: its file system does not support locks, so another job that logs in at the same time can overwrite this login. If jobs share this file, ${another}.`,
    )
  }
  try {
    await withLocks(
      files,
      async names => {
        const plans = names.map(same => {
          const file = changes.files.find(({ file }) => same.includes(file)) as FileChange
          const sharing = same.flatMap(name => byRealPath.get(name) ?? [])
          return plan(file, sharing, domains, credentials)
        })
        const helperOf = helper.helpers(env)
        const wanted = unique(plans.flatMap(({ helpers }) => helpers))
        const helpers = await notYetStored(wanted, helperOf, work)

        const files = plans.map(({ file }) => file)
        writeUndoRecord(work, { ...record, files, helpers })
        changes = { files, helpers: [] }
        begun = true
        for (const change of files) writeEntries(change, entry, work.id)
        for (const change of helpers) {
          const secret = { Username: credentials.username, Secret: credentials.password }
          changes.helpers.push(change)
          await helper.store(helperOf(change.name), change.domain, secret)
        }
      },
      unlocked,
    )
  } catch (error) {
    if (begun) {
      await undoStores(changes, env, { ...SILENT, id: work.id, auth: basicAuth(credentials) })
      // It has stored nothing, so the post step need not call it.
      if (error instanceof helper.Refusal) changes.helpers.pop()
      writeUndoRecord(work, { ...record, ...changes })
    }
    throw error instanceof FileError ? error.or(wayAround(error.file, destinations)) : error
  }
  const places = [
    ...changes.files.filter(({ entries }) => entries.length > 0).map(({ file }) => file),
    ...changes.helpers.map(({ name }) => `docker-credential-${name}`),
  ]
  for (const place of new Set(places)) say(`Credentials saved to ${place}`)
  return changes.files
}

/**
 * Reads the files again and restores logins that a program without the lock, such as `docker login`, has
 * overwritten since. If one was overwritten, checks again until that no longer happens.
 *
 * @param changes the result of {@link storeLogins}
 * @returns the files that were still being overwritten at the last check
 */
export async function restoreOverwritten(
  changes: FileChange[],
  { credentials, work }: StepWithCredentials,
): Promise<string[]> {
  const entry = entryFor(credentials)
  const contested: string[] = []
  for (const change of changes) {
    const restore = () => withLock(change.file, async () => writeEntries(change, entry, work.id))
    let looks = 0
    while ((await restore()) && ++looks < MOST_LOOKS) await sleep(PAUSE_BETWEEN_LOOKS_MS)
    if (looks === MOST_LOOKS) contested.push(change.file)
  }
  return contested
}

/** About five seconds in total, longer than another program's login takes. */
const MOST_LOOKS = 10
const PAUSE_BETWEEN_LOOKS_MS = 500

/** The entry that a client writes for a login. Created here, so that it is the same for all clients. */
function entryFor(credentials: Credentials): Entry {
  return { auth: basicAuth(credentials) }
}

function untouched(file: string): FileChange {
  return { file, created: false, exclusive: false, madeFolder: topmostMissingFolder(file), entries: [] }
}

/** The topmost folder that must be created for a file. */
function topmostMissingFolder(file: string): string | undefined {
  const folder = path.dirname(file)
  if (folder === file || existsSync(folder)) return undefined
  return topmostMissingFolder(folder) ?? folder
}

/** Plans the changes for one file: its own entries, and credentials for the helpers that it configures. */
function plan(
  file: FileChange,
  destinations: Destination[],
  domains: string[],
  credentials: Credentials,
): { file: FileChange; helpers: HelperChange[] } {
  const { config, text, stats } = readCredentialFile(file.file)
  const exclusive = destinations.some(destination => destination.exclusive)
  if (exclusive && !destinations.every(destination => destination.exclusive)) {
    throw new UserError(
      `credentials-file: ${file.file} is used by a client of this step and may contain other logins. Use another file.`,
    )
  }
  if (exclusive && !holdsOnlyIcrLogins(config)) {
    throw new UserError(
      `credentials-file: ${file.file} exists and contains more than IBM Cloud Container Registry credentials, so it was not changed. Use another file.`,
    )
  }
  const targets = destinations.flatMap(({ family }) =>
    domains.map(domain => ({ domain, family, name: family.helperFor(config, domain, file.file) })),
  )
  const inFile = new Set(targets.filter(({ name }) => name === undefined).map(({ domain }) => domain))
  const readers = new Set(targets.filter(({ name }) => name === undefined).map(({ family }) => family))
  for (const family of exclusive ? [] : readers) {
    const { hosts, settings } = malformed(config, family)
    const others = hosts.filter(host => !inFile.has(host))
    if (others.length > 0) {
      throw new FileError(
        file.file,
        `${file.file}: the entry for ${others.join(', ')} is malformed ("auth" must be the Base64 of user:password), so clients may ignore every login in this file`,
        'fix or delete that entry',
      )
    }
    if (settings.length > 0) {
      throw new FileError(
        file.file,
        `${file.file}: the value of ${settings.join(', ')} has the wrong type, so docker ignores every login in this file`,
        'fix or delete that setting',
      )
    }
  }
  const written = fingerprint(entryFor(credentials))
  return {
    file: {
      ...file,
      created: exclusive || stats === undefined,
      exclusive,
      entries: [...inFile].map(domain => ({
        domain,
        before: exclusive ? null : unlessExpired(entryTextOf(text, domain)),
        written,
      })),
    },
    helpers: targets.flatMap(({ domain, name }) =>
      name === undefined
        ? []
        : [{ name, domain, written: fingerprint([credentials.username, credentials.password]) }],
    ),
  }
}

/** Writes the entries that are missing from a file. @returns whether there were any */
function writeEntries(change: FileChange, entry: Entry, id: string): boolean {
  const { file: name, exclusive, entries } = change
  const file = readCredentialFile(name)
  const text = entries.reduce(
    (text, { domain, written }) =>
      !exclusive && fingerprint(entryOf(file.config, domain)) === written
        ? text
        : withEntry(text, domain, JSON.stringify(entry)),
    exclusive ? '' : file.text,
  )
  if (text === file.text) return false
  return replaceCredentialFile(file, text, id) || writeEntries(change, entry, id)
}

function holdsOnlyIcrLogins({ auths, ...others }: Config): boolean {
  return Object.keys(others).length === 0 && Object.keys(auths ?? {}).every(isIcrDomain)
}

/** The changes that helpers do not store already. @throws UserError if a helper stores anyone else's login */
async function notYetStored(
  changes: HelperChange[],
  helperOf: ReturnType<typeof helper.helpers>,
  work: WorkFolder,
): Promise<HelperChange[]> {
  const earlier = earlierHelperChanges(work)
  const free: HelperChange[] = []
  for (const [name, ofHelper] of Map.groupBy(changes, ({ name }) => name)) {
    // Clients need no list, and some keychains refuse to list nothing, such as macOS's until 2019.
    const listed = await helper.hosts(helperOf(name)).catch(error => {
      if (error instanceof helper.Refusal) return error
      throw error
    })
    for (const change of ofHelper) {
      if ((await helper.stateOf(helperOf(name), listed, change, earlier)) === 'free') free.push(change)
    }
  }
  return free
}

/** Removes duplicates: two families may use the same helper. */
function unique(changes: HelperChange[]): HelperChange[] {
  return [...new Map(changes.map(change => [`${change.name} ${change.domain}`, change])).values()]
}
