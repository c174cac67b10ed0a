import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import * as core from '@actions/core'
import { isObject } from '../clients/settings.ts'
import { rename } from '../files.ts'
import { parseJson } from '../ibm/answer.ts'
import { makeFolder, WORK_FOLDER, type WorkFolder } from '../work-folder.ts'

/**
 * What it takes to undo what the step is about to do. It is complete and on disk before the first store is
 * touched, so that the post step can clean up after a step that was killed at any moment. The step's state has the
 * same without what is secret, for a job in which somebody empties `RUNNER_TEMP`.
 */
export interface UndoRecord {
  /** Whether the logins outlive the job (`logout: false`). */
  keep: boolean
  files: FileChange[]
  helpers: HelperChange[]
  variables: VariableChange[]
  /** Names of variables that helpers do not get, because they hold the key: the post step may not know it. */
  withheld: string[]
}

/** Changes of one credential file. */
export interface FileChange {
  /** Its real path. */
  file: string
  /** Whether the step creates it. */
  created: boolean
  /** Whether nothing else may be in it. */
  exclusive: boolean
  /** The topmost folder that had to be made for it, if any. */
  madeFolder: string | undefined
  entries: EntryChange[]
}

export interface EntryChange {
  domain: string
  /** What the domain had before, as it was written; null for nothing. */
  before: string | null
  /** Whether it had something that is not known any more. */
  isLost?: boolean
  /** Fingerprint of what the step writes. */
  written: string
}

/** A credential that the step gives to a credential helper. There was none before. */
export interface HelperChange {
  name: string
  domain: string
  written: string
}

/** An environment variable that the step sets for the later steps of the job. */
export interface VariableChange {
  name: string
  /** Its earlier value; empty where it was not set, which means the same to all clients. */
  before: string
  written: string
}

const NAME = 'undo.json'

const STATE = 'undo'

export function writeUndoRecord(work: WorkFolder, record: UndoRecord): void {
  core.saveState(STATE, JSON.stringify(withoutSecrets(record)))
  const file = path.join(makeFolder(work), NAME)
  writeFileSync(`${file}.new`, JSON.stringify(record), { mode: 0o600, flush: true })
  rename(`${file}.new`, file)
}

/** Entries of others stay in the record, which is for its owner alone. */
function withoutSecrets(record: UndoRecord): UndoRecord {
  const files = record.files.map(file => ({
    ...file,
    entries: file.entries.map(entry => ({ ...entry, before: null, isLost: isLogin(entry.before) })),
  }))
  return { ...record, files }
}

/** Clients take an entry that says nothing for none. */
function isLogin(entry: string | null): boolean {
  return Object.values(parseJson(entry ?? '')).some(Boolean)
}

/**
 * @returns the record; where it is gone, or damaged, what the state has of it; undefined where the step had not come to
 *          changing anything
 */
export function readUndoRecord(work: WorkFolder): UndoRecord | undefined {
  return parse(textOf(path.join(work.path, NAME))) ?? parse(core.getState(STATE))
}

/** What earlier steps of the same job have given to credential helpers, by their records in `RUNNER_TEMP`. */
export function earlierHelperChanges(work: WorkFolder): HelperChange[] {
  const temp = path.dirname(work.path)
  return readdirSync(temp)
    .filter(name => name !== work.id && name.startsWith(WORK_FOLDER))
    .flatMap(name => parse(textOf(path.join(temp, name, NAME)))?.helpers ?? [])
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
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

/** Tells whether something is still what the step wrote, without keeping that. */
export function fingerprint(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex')
}
