import type { Config, Entry, Family } from './client.ts'

/** What the settings of docker, and auth files, name that a login needs. */
const FIELDS = ['auths', 'credHelpers', 'credsStore', 'currentContext', 'HttpHeaders']

/** What an entry of `auths` may hold: texts, all of them. */
export const ENTRY_FIELDS = [
  'auth',
  'email',
  'identitytoken',
  'password',
  'registrytoken',
  'serveraddress',
  'username',
]

/**
 * Reads settings as the clients do. They are written in Go, whose JSON decoder takes the names of its fields in
 * whatever case, and one that comes twice as if both came one after the other: maps are merged, and of anything else
 * the last counts (https://pkg.go.dev/encoding/json#Unmarshal).
 *
 * @returns undefined if the text is not a JSON object
 */
export function parseSettings(text: string): Record<string, unknown> | undefined {
  const settings = parseJson(text)
  if (!isObject(settings)) return undefined
  return decode(text, FIELDS, (name, value) =>
    name === 'auths' ? decode(value, [], decodeEntry) : JSON.parse(value),
  )
}

function decodeEntry(_host: string, text: string) {
  return decode(text, ENTRY_FIELDS, (_name, value) => JSON.parse(value))
}

/** Decodes an object member by member; another value is itself. */
function decode(text: string, fields: string[], valueFrom: (name: string, text: string) => unknown) {
  const whole = JSON.parse(text)
  if (!isObject(whole)) return whole
  const decoded = new Map<string, unknown>()
  for (const { name: written, value: valueText } of membersOf(text)) {
    const field = fields.find(field => new RegExp(`^${field}$`, 'iu').test(written))
    const name = field ?? written
    const value = valueFrom(name, valueText)
    const earlier = field && decoded.get(field)
    if (isObject(earlier) && isObject(value)) decoded.set(name, { ...earlier, ...value })
    // A null leaves a text as it was, and empties a map.
    else if (value !== null || typeof earlier !== 'string') decoded.set(name, value)
  }
  return Object.fromEntries(decoded)
}

/** A member of an object, its value as it is written, and where it is in the object's text. */
export interface Member {
  name: string
  value: string
  start: number
  end: number
}

/** @param text an object that JSON.parse has found well-formed */
export function membersOf(text: string): Member[] {
  const members: Member[] = []
  let depth = 0
  let valueStart = 0
  let name: RegExpExecArray | undefined
  for (const token of text.matchAll(/"(?:[^"\\]+|\\.)*"|[{}[\]]|[^\s{}[\]:,"]+/g)) {
    const { 0: sign, index } = token
    const end = index + sign.length
    if (sign === '}' || sign === ']') depth--
    else if (depth === 1) valueStart = index
    if (sign === '{' || sign === '[') depth++
    else if (depth === 1) {
      const value = text.slice(valueStart, end)
      if (name) members.push({ name: JSON.parse(name[0]), value, start: name.index, end })
      name = name ? undefined : token
    }
  }
  return members
}

/** The parser's own message would show a piece of the file, and so of somebody's password. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export function areTexts(entry: Entry, names: string[]): boolean {
  return names.every(name => typeof (entry[name] ?? '') === 'string')
}

/** What keeps a family's clients from reading the logins of a file: hosts, by their entries, and other settings. */
export function malformed(
  { auths, ...settings }: Config,
  family: Family,
): { hosts: string[]; settings: string[] } {
  const entries = Object.entries(auths ?? {}).filter(([, entry]) => entry && !family.canRead(entry))
  const others = Object.entries(settings).filter(
    ([name, value]) => value !== null && !family.canReadSetting(name, value),
  )
  return { hosts: entries.map(([host]) => host), settings: others.map(([name]) => name) }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
