import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { lockFileOf, withLocks } from '../../src/stores/lock.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'icr-lock-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const grouped = (names: string[]) =>
  withLocks(
    names.map(name => join(folder, name)),
    async files => files,
  )

// Few Linux machines have a case-insensitive file system. On one, both names have the same lock file.
test('names that are the same to the file system share a lock and count as one file', async () => {
  const [lower, upper] = [join(folder, 'config.json'), join(folder, 'Config.json')]
  symlinkSync(lockFileOf(upper), lockFileOf(lower))
  expect(await grouped(['config.json', 'other.json', 'Config.json'])).toEqual([
    [upper, lower],
    [join(folder, 'other.json')],
  ])
})

test('other names count as separate files, and no lock file is left', async () => {
  expect(await grouped(['c', 'a', 'b'])).toEqual(['a', 'b', 'c'].map(name => [join(folder, name)]))
  expect(readdirSync(folder)).toEqual([])
})
