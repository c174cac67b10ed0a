import { existsSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { patiently, remove, removeEmptyFolder, rename } from '../../src/files.ts'
import { noFolderLinks, testUnless } from '../testbed/needs.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'icr-files-'))
})
afterEach(() => {
  remove(folder)
  expect(existsSync(folder)).toBe(false)
})

describe('what is retried', () => {
  // Two seconds of pauses, which need not pass here.
  const pausesOf = (act: () => void) => {
    const wait = jest.spyOn(Atomics, 'wait').mockReturnValue('timed-out')
    try {
      expect(act).toThrow(/^E/)
      return wait.mock.calls.length
    } finally {
      wait.mockRestore()
    }
  }
  const failing = (code: string) => () => {
    throw Object.assign(new Error(code), { code })
  }

  test.each<[platform: NodeJS.Platform, code: string, pauses: number]>([
    ['win32', 'EPERM', 79],
    ['win32', 'EBUSY', 0],
    ['linux', 'EPERM', 0],
    ['linux', 'EBUSY', 79],
    ['darwin', 'EPERM', 0],
  ])('%s, %s: %d pauses', (platform, code, pauses) => {
    const { platform: real } = process
    Object.defineProperty(process, 'platform', { value: platform })
    try {
      expect(pausesOf(() => patiently({ windows: ['EPERM'], others: ['EBUSY'] }, failing(code)))).toBe(pauses)
    } finally {
      Object.defineProperty(process, 'platform', { value: real })
    }
  })

  // These can never be removed or replaced.
  testUnless(process.platform === 'linux' ? undefined : 'needs Linux')(
    'a refusal of Linux is final: removing and renaming fail at once',
    async () => {
      expect(pausesOf(() => remove('/proc/version'))).toBe(0)
      expect(pausesOf(() => removeEmptyFolder('/proc/self/fd'))).toBe(0)
      expect(pausesOf(() => rename(folder, '/'))).toBe(0)
    },
  )
})

describe.each(['plain', 'Jürgen', '田中'])('%s', name => {
  const item = (...names: string[]) => join(folder, name, ...names)
  beforeEach(() => {
    mkdirSync(item('deeper', name), { recursive: true })
  })

  test('removes a file, and not the files next to it', () => {
    for (const file of [name, 'other']) writeFileSync(item(file), '')
    remove(item(name))
    expect(readdirSync(item()).sort()).toEqual(['deeper', 'other'])
  })

  test('removes a folder with everything in it', () => {
    for (const file of ['one', name]) writeFileSync(item('deeper', name, file), '')
    remove(item())
    expect(readdirSync(folder)).toEqual([])
  })

  testUnless(noFolderLinks)('removes a link, but not its target', async () => {
    mkdirSync(join(folder, 'elsewhere/kept'), { recursive: true })
    symlinkSync(join(folder, 'elsewhere'), item('deeper/link'), 'junction')
    symlinkSync(join(folder, 'missing'), item('deeper/broken'), 'junction')
    remove(item())
    expect(readdirSync(folder)).toEqual(['elsewhere'])
    expect(readdirSync(join(folder, 'elsewhere'))).toEqual(['kept'])
  })

  test('a missing file is not an error', () => {
    remove(item('missing'))
    remove(item('missing/deeper'))
    expect(readdirSync(item('deeper'))).toEqual([name])
  })
})
