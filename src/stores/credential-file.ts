import { isUtf8 } from 'node:buffer'
import {
  closeSync,
  existsSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  type Stats,
  type StatsBase,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import path from 'node:path'
import type { Config, Entry } from '../clients/client.ts'
import { isObject, type Member, membersOf, parseSettings } from '../clients/settings.ts'
import { remove, rename } from '../files.ts'
import { shortageIn } from '../shortage.ts'
import { FileError, UserError } from '../user-error.ts'

/** The text of a credential file when it was read. */
export interface TextFile {
  /** The real path: a symbolic link to the file is kept. */
  path: string
  text: string
  /** Undefined if the file does not exist yet. */
  stats: Stats | undefined
}

/** The same, as the clients read it. */
export interface CredentialFile extends TextFile {
  config: Config
}

/** Resolves symbolic links in a path. The file itself need not exist. */
export function realPath(file: string): string {
  const absolute = path.resolve(file)
  try {
    return inItsOwnCase(absolute)
  } catch (error) {
    // For example, a loop of symbolic links.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw fileError(absolute, error)
    const target = linkTarget(absolute)
    if (target !== undefined) return realPath(target)
    const folder = path.dirname(absolute)
    return folder === absolute ? absolute : path.join(realPath(folder), path.basename(absolute))
  }
}

/** The native function also corrects upper and lower case, but fails on some Windows drives. */
function inItsOwnCase(file: string): string {
  try {
    return realpathSync.native(file)
  } catch {
    return realpathSync(file)
  }
}

function linkTarget(file: string): string | undefined {
  try {
    return path.resolve(path.dirname(file), readlinkSync(file))
  } catch {
    return undefined
  }
}

/**
 * Reads a credential file. Like docker, treats a missing or empty file, or `null`, as `{}`.
 *
 * @param file its real path
 * @throws UserError if it is not a credential file or cannot be read
 */
export function readCredentialFile(file: string): CredentialFile {
  const unparsed = readUnparsed(file)
  return { ...unparsed, config: parseConfig(file, unparsed.text) }
}

/** Same as {@link readCredentialFile}, but accepts any text. */
export function readUnparsed(file: string): TextFile {
  return withFileErrors(file, () => {
    const stats = statSync(file, { throwIfNoEntry: false })
    requireRegular(file, stats)
    return { path: file, text: textOf(file), stats }
  })
}

/**
 * Opening or reading a pipe would never end, and replacing a device with a file would delete the device.
 *
 * @param stats undefined if there is no file
 * @param named the file to name, if it is not the credential file itself
 */
export function requireRegular(
  file: string,
  stats: StatsBase<unknown> | undefined,
  named = file,
  ...fixes: string[]
): void {
  if (stats?.isFile() === false) throw new FileError(file, `${named}: not a regular file`, ...fixes)
}

function textOf(file: string): string {
  const bytes = existsSync(file) ? readFileSync(file) : Buffer.alloc(0)
  // Other bytes would be lost when the file is written again.
  if (!isUtf8(bytes)) throw invalid(file)
  return bytes.toString()
}

function invalid(file: string): FileError {
  return new FileError(
    file,
    `${file}: it is not a valid credential file (JSON with "auths"), so it was not changed`,
    'fix or delete it',
  )
}

function isBlank(text: string): boolean {
  return /^\s*(?:null\s*)?$/.test(text)
}

function parseConfig(file: string, text: string): Config {
  if (isBlank(text)) return {}
  const config = parseSettings(text)
  const auths = config?.auths ?? {}
  const isCredentialFile =
    config !== undefined &&
    isObject(auths) &&
    Object.values(auths).every(entry => entry === null || isObject(entry)) &&
    isObject(config.credHelpers ?? {}) &&
    Object.values(config.credHelpers ?? {}).every(name => name === null || isText(name)) &&
    isText(config.credsStore ?? '')
  if (!isCredentialFile) throw invalid(file)
  return config as Config
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

/** The exact text of a domain's entry; null if there is none. */
export function entryTextOf(text: string, domain: string): string | null {
  return find(text, domain).entry?.value ?? null
}

/** Sets or removes (null) a domain's entry in the text of a credential file. Keeps all other text as is. */
export function withEntry(text: string, domain: string, entry: string | null): string {
  // Formatted as docker does.
  if (isBlank(text)) return `{\n\t"auths": {\n\t\t"${domain}": ${entry}\n\t}\n}`
  const { auths, entry: earlier } = find(text, domain)
  if (!auths) return addMember(text, 'auths', `{"${domain}": ${entry}}`)
  const list = auths.value === 'null' ? '{}' : auths.value
  if (!earlier) return replaceMember(text, auths, addMember(list, domain, `${entry}`))
  const changed = entry === null ? removeMember(list, earlier) : replaceMember(list, earlier, entry)
  return replaceMember(text, auths, changed)
}

/**
 * Finds the entry that clients use. They merge repeated `auths`: the last entry counts, and null clears all.
 */
function find(text: string, domain: string): { auths: Member | undefined; entry?: Member } {
  const all = membersOf(text).filter(({ name }) => /^auths$/iu.test(name))
  const merged = all.slice(all.findLastIndex(({ value }) => value === 'null') + 1)
  for (const auths of merged.toReversed()) {
    const entry = membersOf(auths.value).findLast(({ name }) => name === domain)
    if (entry) return { auths, entry }
  }
  return { auths: all.at(-1) }
}

/** Adds a member after the others, with the same formatting. */
function addMember(text: string, name: string, value: string): string {
  const head = text.replace(/\s*\}\s*$/, '')
  const [start, margin] = head.match(/\s*\{(\s*)/) ?? []
  return `${head}${head === start ? '' : `,${margin}`}"${name}": ${value}${text.slice(head.length)}`
}

function replaceMember(text: string, { value, end }: Member, other: string): string {
  return text.slice(0, end - value.length) + other + text.slice(end)
}

/** Removes a member and its comma. */
function removeMember(text: string, { start, end }: Member): string {
  const [before, after] = [text.slice(0, start), text.slice(end)]
  const earlier = before.replace(/,\s*$/, '')
  return earlier === before ? before + after.replace(/^\s*,\s*/, '') : earlier + after
}

/** The entry of exactly this domain. Clients prefer it to entries such as `https://domain`. */
export function entryOf(config: Config, domain: string): Entry | null {
  return config.auths?.[domain] ?? null
}

/**
 * Replaces a credential file atomically: readers see either the old file or the new one. A new file is
 * readable by its owner only. An existing file keeps its owner, group, and mode, except for the permissions
 * of others.
 *
 * The temporary file has a random name and must not exist yet, so other users of the folder cannot put a link
 * in its place.
 *
 * @param file the result of {@link readCredentialFile}
 * @param text the new content
 * @param id random; part of the temporary file's name, so that it can be found if the step is killed
 * @returns false if a program that does not use the lock has written to the file since it was read; the file
 * is then left as that program wrote it
 * @throws UserError if the file cannot be replaced; it is then unchanged
 */
export function replaceCredentialFile(file: TextFile, text: string, id: string): boolean {
  const temporary = temporaryFile(file.path, id)
  return withFileErrors(file.path, () => {
    const handle = openSync(temporary, 'wx', 0o600)
    try {
      try {
        writeFileSync(handle, text)
        if (file.stats !== undefined) keepOwnerAndMode(handle, file.stats)
        fsyncSync(handle)
      } finally {
        closeSync(handle)
      }
      const isAsRead = textOf(file.path) === file.text
      if (isAsRead) rename(temporary, file.path)
      else remove(temporary)
      return isAsRead
    } catch (error) {
      remove(temporary)
      throw error
    }
  })
}

/**
 * Same as {@link replaceCredentialFile}, but if there is no space for a second file, overwrites the first one,
 * unless the new content is longer. Pads it to the old length before cutting it off, so that readers never see
 * half of it.
 */
export function shortenCredentialFile(file: TextFile, text: string, id: string): boolean {
  try {
    return replaceCredentialFile(file, text, id)
  } catch (error) {
    const [before, after] = [file.text, text].map(text => Buffer.from(text)) as [Buffer, Buffer]
    if (shortageIn((error as Error).message) === undefined || after.length > before.length) throw error
    if (textOf(file.path) !== file.text) return false
    withFileErrors(file.path, () => {
      const handle = openSync(file.path, 'r+')
      try {
        writeSync(
          handle,
          Buffer.concat([after, before.fill(' ').subarray(after.length)]),
          0,
          before.length,
          0,
        )
        ftruncateSync(handle, after.length)
        fsyncSync(handle)
      } finally {
        closeSync(handle)
      }
    })
    return true
  }
}

/**
 * The path of the new content until it replaces the file. In the same folder, because a rename requires it.
 */
export function temporaryFile(file: string, id: string): string {
  return path.join(path.dirname(file), `.${path.basename(file)}.${id}`)
}

/**
 * Changes only what is different. On file systems such as CIFS, all files have the same owner and mode, and
 * changing them fails, even to the same value.
 */
function keepOwnerAndMode(handle: number, { uid, gid, mode }: Stats): void {
  if (process.platform === 'win32') return
  const made = fstatSync(handle)
  if (made.uid !== uid || made.gid !== gid) fchownSync(handle, uid, gid)
  if (made.mode !== mode) fchmodSync(handle, mode & 0o770)
}

/**
 * Turns file system errors into errors that name the file and how to fix it.
 *
 * @param named the file to name, if it is not the credential file itself
 */
export function withFileErrors<T>(file: string, body: () => T, named = file): T {
  try {
    return body()
  } catch (error) {
    throw fileError(file, error, named)
  }
}

export function fileError(file: string, error: unknown, named = file): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException
  if (error instanceof UserError || code === undefined) return error
  const { root } = path.parse(file)
  if (!existsSync(root)) {
    return new FileError(file, `${named}: the drive or share ${root} does not exist or cannot be reached`)
  }
  if (code === 'ENOTDIR') return new FileError(file, `${named}: its folder is a file`)
  const said = [code, syscall].filter(Boolean).join(', ')
  const shortage = shortageIn(code)
  if (shortage)
    return new UserError(
      `${named}: it was not changed, because this machine ran out of ${shortage} (${said}).`,
    )
  return new FileError(
    file,
    `${named}: cannot be read or replaced (${said}), so it was not changed`,
    // On Windows, another program has it open.
    code === 'EBUSY' && process.platform !== 'win32'
      ? 'mount its folder instead of the file itself'
      : 'make the file and its folder writable',
  )
}
