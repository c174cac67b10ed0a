import { createHash } from 'node:crypto'
import { readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import * as core from '@actions/core'
import { readText } from '../clients/machine.ts'
import { isObject } from '../clients/settings.ts'
import { rename } from '../files.ts'
import { parseJson } from '../json.ts'
import { makeFolder, WORK_FOLDER, type WorkFolder } from '../work-folder.ts'

/**
 * All that is needed to undo a step. It is complete before any credentials are stored, so that the post step
 * can clean up even if the step is killed at any point. The step's state contains the same without secrets, in
 * case the job empties `RUNNER_TEMP`.
 */
export interface UndoRecord {
  /** Whether to stay logged in after the job (`logout: false`). */
  keep: boolean
  /** The user name of the credentials. */
  username: string
  files: FileChange[]
  helpers: HelperChange[]
  variables: VariableChange[]
  /** Variables withheld from helpers because they contain the API key, which the post step may not know. */
  withheld: string[]
}

/** The changes to one credential file. */
export interface FileChange {
  /** The real path of the file. */
  file: string
  /** Whether the step creates the file. */
  created: boolean
  /** Whether the file may contain nothing else. */
  exclusive: boolean
  /** The topmost folder that had to be created for the file, if any. */
  madeFolder: string | undefined
  entries: EntryChange[]
}

export interface EntryChange {
  domain: string
  /** The domain's previous entry, as written; null if there was none. */
  before: string | null
  /** Whether there was a previous entry that is no longer known. */
  isLost?: boolean
  /** Fingerprint of the entry that the step writes. */
  written: string
}

/** Credentials that the step stores in a credential helper, which had none before. */
export interface HelperChange {
  name: string
  domain: string
  written: string
}

/** An environment variable that the step sets for later steps of the job. */
export interface VariableChange {
  name: string
  /** Its previous value. Empty if it was not set: clients do not distinguish the two. */
  before: string
  written: string
}

const NAME = 'undo.json'

const STATE = 'undo'

/**
 * Writes the record. It replaces an earlier one by a rename, so it is never incomplete, even if the step is
 * killed. It is not flushed to the disk: after a crash of the machine, no post step would read it.
 */
export function writeUndoRecord(work: WorkFolder, record: UndoRecord): void {
  core.saveState(STATE, JSON.stringify(withoutSecrets(record)))
  const file = path.join(makeFolder(work), NAME)
  writeFileSync(`${file}.new`, JSON.stringify(record), { mode: 0o600 })
  rename(`${file}.new`, file)
}

/** Omits the previous entries. They stay in the record on disk, which only its owner can read. */
function withoutSecrets(record: UndoRecord): UndoRecord {
  const files = record.files.map(file => ({
    ...file,
    entries: file.entries.map(entry => ({ ...entry, before: null, isLost: isLogin(entry.before) })),
  }))
  return { ...record, files }
}

/** Whether an entry contains anything. Clients ignore empty entries. */
function isLogin(entry: string | null): boolean {
  return Object.values(parseJson(entry ?? '')).some(Boolean)
}

/**
 * @returns the record from disk; if it is missing or damaged, the copy in the step's state; undefined if the
 * step was stopped before it changed anything
 */
export function readUndoRecord(work: WorkFolder): UndoRecord | undefined {
  return parse(readText(path.join(work.path, NAME))) ?? parse(core.getState(STATE))
}

/**
 * What earlier steps of the same job have stored in credential helpers, from their records in `RUNNER_TEMP`.
 */
export function earlierHelperChanges(work: WorkFolder): HelperChange[] {
  const temp = path.dirname(work.path)
  return readdirSync(temp)
    .filter(name => name !== work.id && name.startsWith(WORK_FOLDER))
    .flatMap(name => parse(readText(path.join(temp, name, NAME)))?.helpers ?? [])
}

function parse(text: string): UndoRecord | undefined {
  const record = parseJson(text) as Partial<UndoRecord>
  const { files, helpers, variables, withheld } = record
  const isWhole =
    [files, helpers, variables].every(list => Array.isArray(list) && list.every(isObject)) &&
    files?.every(({ entries }) => Array.isArray(entries)) &&
    Array.isArray(withheld)
  return isWhole ? (record as UndoRecord) : undefined
}

/** Identifies what the step wrote, without keeping the secret. */
export function fingerprint(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex')
}
