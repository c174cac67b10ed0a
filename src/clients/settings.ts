import { parseValue } from '../json.ts'
import type { Config, Entry, Family } from './client.ts'

/** The fields of docker's settings and of auth files that a login needs. */
const FIELDS = ['auths', 'credHelpers', 'credsStore', 'currentContext', 'HttpHeaders']

/** The fields of an `auths` entry. All of them are strings. */
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
 * Reads settings as the clients do. They are written in Go, whose JSON decoder matches field names regardless
 * of case and merges repeated fields: maps are merged, and for other values the last one counts
 * (https://pkg.go.dev/encoding/json#Unmarshal).
 *
 * @returns undefined if the text is not a JSON object
 */
export function parseSettings(text: string): Record<string, unknown> | undefined {
  if (!isObject(parseValue(text))) return undefined
  return decode(text, FIELDS, (name, value) =>
    name === 'auths' ? decode(value, [], decodeEntry) : JSON.parse(value),
  )
}

function decodeEntry(_host: string, text: string) {
  return decode(text, ENTRY_FIELDS, (_name, value) => JSON.parse(value))
}

/** Decodes an object member by member; returns any other value unchanged. */
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
    // null leaves an earlier string unchanged but clears a map.
    else if (value !== null || typeof earlier !== 'string') decoded.set(name, value)
  }
  return Object.fromEntries(decoded)
}

/** A member of an object, with its value as written and its position in the object's text. */
export interface Member {
  name: string
  value: string
  start: number
  end: number
}

/** @param text a JSON object; must be valid JSON */
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

export function areTexts(entry: Entry, names: string[]): boolean {
  return names.every(name => typeof (entry[name] ?? '') === 'string')
}

/**
 * What keeps a family's clients from reading the logins in a file: malformed entries, by host, and settings.
 */
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
