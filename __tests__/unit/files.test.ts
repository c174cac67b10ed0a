import { existsSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { remove } from '../../src/files.ts'
import { noFolderLinks, testUnless } from '../testbed/needs.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'icr-files-'))
})
afterEach(() => {
  remove(folder)
  expect(existsSync(folder)).toBe(false)
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
