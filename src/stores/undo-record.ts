import { createHash } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { Failure } from '../failure.ts'
import { makeFolder, type WorkFolder } from '../work-folder.ts'
import type { Entry } from './credential-file.ts'

/**
 * What it takes to undo what the step is about to do. It is complete and on disk before the first store is
 * touched, so that the post step can clean up after a step that was killed at any moment.
 */
export interface UndoRecord {
  /** Whether the logins outlive the job (`logout: false`). */
  keep: boolean
  files: FileChange[]
  helpers: HelperChange[]
  variables: VariableChange[]
}

/** Changes of one credential file. */
export interface FileChange {
  /** Its real path. */
  file: string
  /** Whether the step creates it. */
  created: boolean
  /** Whether nothing else may be in it. */
  alone: boolean
  /** The topmost folder that had to be made for it, if any. */
  madeFolder: string | undefined
  entries: EntryChange[]
}

export interface EntryChange {
  domain: string
  /** What the domain had before; null for nothing. */
  before: Entry | null
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

export function writeUndoRecord(work: WorkFolder, record: UndoRecord): void {
  const file = path.join(makeFolder(work), NAME)
  writeFileSync(`${file}.new`, JSON.stringify(record), { mode: 0o600, flush: true })
  renameSync(`${file}.new`, file)
}

/**
 * @returns undefined where the step had not come to changing anything
 * @throws Failure if the record was damaged: by somebody else, because the step writes it whole
 */
export function readUndoRecord(work: WorkFolder): UndoRecord | undefined {
  const file = path.join(work.path, NAME)
  if (!existsSync(file)) return undefined
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    throw new Failure(
      `${file}, the record of what this step stored, cannot be read. Its logins are still where it put them: take them away with the clients' own logout.`,
    )
  }
}

/** Tells whether something is still what the step wrote, without keeping that. */
export function fingerprint(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex')
}
