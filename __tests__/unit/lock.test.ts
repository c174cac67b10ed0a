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

// Few Linux machines have a file system that folds case; on one, these two names are those of one lock file.
test('names that the file system takes as one have one lock, and are one file', async () => {
  const [lower, upper] = [join(folder, 'config.json'), join(folder, 'Config.json')]
  symlinkSync(lockFileOf(upper), lockFileOf(lower))
  expect(await grouped(['config.json', 'other.json', 'Config.json'])).toEqual([
    [upper, lower],
    [join(folder, 'other.json')],
  ])
})

test('names that it tells apart are files of their own, and no lock stays', async () => {
  expect(await grouped(['c', 'a', 'b'])).toEqual(['a', 'b', 'c'].map(name => [join(folder, name)]))
  expect(readdirSync(folder)).toEqual([])
})
