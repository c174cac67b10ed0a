import { existsSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Family } from '../clients/clients.ts'
import { Failure } from '../failure.ts'
import { isIcrDomain } from '../ibm/regions.ts'
import { basicAuth, type Credentials } from '../secrets.ts'
import type { WorkFolder } from '../work-folder.ts'
import {
  type Config,
  type Entry,
  entryOf,
  readCredentialFile,
  realPath,
  replaceCredentialFile,
  withEntry,
} from './credential-file.ts'
import * as helper from './helper.ts'
import { withLock, withLocks } from './lock.ts'
import { SILENT, undoStores } from './undo.ts'
import {
  type FileChange,
  fingerprint,
  type HelperChange,
  type UndoRecord,
  writeUndoRecord,
} from './undo-record.ts'

/** A file that decides where the clients of one family find their credentials. */
export interface Place {
  family: Family
  /** Path of docker's config.json or of an auth file; it need not exist. */
  file: string
  /** Whether nothing but the step's logins may be in it: a credentials file. */
  alone?: boolean
}

/** What storing and putting back take besides their subject. */
export interface StoreContext {
  work: WorkFolder
  helperEnv: Record<string, string>
}

/**
 * Stores one pair for some domains in all the places given, or in none. What a place's own settings say
 * decides between the file itself and a credential helper. The undo record is written before anything else.
 *
 * @param record what the undo record says besides the stores
 * @returns what has been changed
 * @throws Failure if a place cannot take it; then everything is as it was
 */
export async function storeLogins(
  places: Place[],
  domains: string[],
  credentials: Credentials,
  record: Pick<UndoRecord, 'keep' | 'variables' | 'withheld'>,
  { work, helperEnv }: StoreContext,
): Promise<FileChange[]> {
  const entry = entryFor(credentials)
  const families = Map.groupBy(places, place => realPath(place.file))
  const files = [...families.keys()]
  // A step that dies from here on may leave a lock file, or the folder for one.
  let changes: Pick<UndoRecord, 'files' | 'helpers'> = { files: files.map(untouched), helpers: [] }
  writeUndoRecord(work, { ...record, ...changes })
  let begun = false
  try {
    await withLocks(files, async names => {
      const plans = names.map(same => {
        const file = changes.files.find(({ file }) => same.includes(file)) as FileChange
        const sharing = same.flatMap(name => families.get(name) ?? [])
        return plan(file, sharing, domains, credentials)
      })
      const helpers: HelperChange[] = []
      for (const change of once(plans.flatMap(({ helpers }) => helpers))) {
        if (await helper.lacks({ name: change.name, env: helperEnv }, change)) helpers.push(change)
      }

      changes = { files: plans.map(({ file }) => file), helpers }
      writeUndoRecord(work, { ...record, ...changes })
      begun = true
      for (const change of changes.files) writeEntries(change, entry, work.id)
      for (const { name, domain } of changes.helpers) {
        const secret = { Username: credentials.profileId, Secret: credentials.apiKey }
        await helper.store({ name, env: helperEnv }, domain, secret)
      }
    })
  } catch (error) {
    if (begun) await undoStores(changes, work.id, helperEnv, SILENT)
    throw error
  }
  return changes.files
}

/**
 * Reads the files again and restores what a program without a lock, such as `docker login`, has written over
 * meanwhile. Where there was such a program, looks again until it has done.
 *
 * @param changes what {@link storeLogins} gave
 * @returns the files that a program kept writing over for as long as was looked
 */
export async function restoreOverwritten(
  changes: FileChange[],
  credentials: Credentials,
  work: WorkFolder,
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

/** About five seconds: longer than a login of another program takes, which is what we are up against. */
const MOST_LOOKS = 10
const PAUSE_BETWEEN_LOOKS_MS = 500

/** What a client writes for a login; made here, so that it is the same whichever client proved the pair. */
function entryFor(credentials: Credentials): Entry {
  return { auth: basicAuth(credentials) }
}

function untouched(file: string): FileChange {
  return { file, created: false, alone: false, madeFolder: topmostMissingFolder(file), entries: [] }
}

/** The topmost folder that has to be made for a file. */
function topmostMissingFolder(file: string): string | undefined {
  const folder = path.dirname(file)
  if (folder === file || existsSync(folder)) return undefined
  return topmostMissingFolder(folder) ?? folder
}

/** What has to be changed for one file: entries of its own, or credentials of the helpers that it names. */
function plan(
  file: FileChange,
  places: Place[],
  domains: string[],
  credentials: Credentials,
): { file: FileChange; helpers: HelperChange[] } {
  const { config, stats } = readCredentialFile(file.file)
  const alone = places.some(place => place.alone)
  if (alone && !places.every(place => place.alone)) {
    throw new Failure(
      `credentials-file: ${file.file} is the file that a client of this step uses, and others may have logins in it. Name another file.`,
    )
  }
  if (alone && !holdsOnlyIcrLogins(config)) {
    throw new Failure(
      `credentials-file: ${file.file} exists and holds something else than logins of IBM Cloud Container Registry, so it is left untouched. Name another file.`,
    )
  }
  const targets = places.flatMap(({ family }) =>
    domains.map(domain => ({ domain, name: helper.helperFor(config, domain, family, file.file) })),
  )
  const inFile = new Set(targets.filter(({ name }) => name === undefined).map(({ domain }) => domain))
  const written = fingerprint(entryFor(credentials))
  return {
    file: {
      ...file,
      created: alone || stats === undefined,
      alone,
      entries: [...inFile].map(domain => ({
        domain,
        before: alone ? null : entryOf(config, domain),
        written,
      })),
    },
    helpers: targets.flatMap(({ domain, name }) =>
      name === undefined
        ? []
        : [{ name, domain, written: fingerprint([credentials.profileId, credentials.apiKey]) }],
    ),
  }
}

/** Writes those entries of a file that are not there; tells whether there were any. */
function writeEntries(change: FileChange, entry: Entry, id: string): boolean {
  const { file: name, alone, entries } = change
  const file = readCredentialFile(name)
  const config = entries.reduce(
    (config, { domain, written }) =>
      fingerprint(entryOf(config, domain)) === written ? config : withEntry(config, domain, entry),
    alone ? {} : file.config,
  )
  if (fingerprint(config) === fingerprint(file.config)) return false
  return replaceCredentialFile(file, config, id) || writeEntries(change, entry, id)
}

function holdsOnlyIcrLogins({ auths, ...others }: Config): boolean {
  return Object.keys(others).length === 0 && Object.keys(auths ?? {}).every(isIcrDomain)
}

/** Two families may share a helper, as they may share a file. */
function once(changes: HelperChange[]): HelperChange[] {
  return [...new Map(changes.map(change => [`${change.name} ${change.domain}`, change])).values()]
}
