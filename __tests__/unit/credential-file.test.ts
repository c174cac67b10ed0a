import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { remove } from '../../src/files.ts'
import {
  entryOf,
  entryTextOf,
  fileError,
  readCredentialFile,
  realPath,
  replaceCredentialFile,
  temporaryFile,
  withEntry,
  withFileErrors,
} from '../../src/stores/credential-file.ts'
import { UserError } from '../../src/user-error.ts'

const added = (text: string) => withEntry(text, 'us.icr.io', '{"auth":"b3VyOnM="}')
const undone = (text: string, before: string) =>
  withEntry(text, 'us.icr.io', entryTextOf(before, 'us.icr.io'))

describe('adding an entry to the text and removing it again changes nothing else', () => {
  test.each([
    ['{"auths":{}}', '{"auths":{"us.icr.io": {"auth":"b3VyOnM="}}}'],
    ['{"auths": { "a":{} }}', '{"auths": { "a":{}, "us.icr.io": {"auth":"b3VyOnM="} }}'],
    ['{"auths":{"a":{},"b":{}}}', '{"auths":{"a":{},"b":{},"us.icr.io": {"auth":"b3VyOnM="}}}'],
    ['{"auths":{ }}', '{"auths":{"us.icr.io": {"auth":"b3VyOnM="} }}'],
    ['{"auths":{"us.icr.io":null}}', '{"auths":{"us.icr.io":{"auth":"b3VyOnM="}}}'],
    [
      '{"auths":{"us.icr.io":{"n":[1.10,{"}":"]"}]},"a":{"\\"":"\\\\"}}}',
      '{"auths":{"us.icr.io":{"auth":"b3VyOnM="},"a":{"\\"":"\\\\"}}}',
    ],
    ['{"auths":{"us.icr\\u002eio":{}}}', '{"auths":{"us.icr\\u002eio":{"auth":"b3VyOnM="}}}'],
    [
      '{"x": {"auths": {"us.icr.io": {}}}, "auth\u017f": {}}',
      '{"x": {"auths": {"us.icr.io": {}}}, "auth\u017f": {"us.icr.io": {"auth":"b3VyOnM="}}}',
    ],
    [
      '\n{\r\n\r\n  "auths": {\r\n    "a": {}\r\n\r\n  }\r\n}',
      '\n{\r\n\r\n  "auths": {\r\n    "a": {},\r\n    "us.icr.io": {"auth":"b3VyOnM="}\r\n\r\n  }\r\n}',
    ],
    [
      '{"auths":{"us.icr.io":{}},"auths":null,"auths":{}}',
      '{"auths":{"us.icr.io":{}},"auths":null,"auths":{"us.icr.io": {"auth":"b3VyOnM="}}}',
    ],
  ])('%j', (before, after) => {
    expect(added(before)).toBe(after)
    expect(undone(after, before)).toBe(before)
  })
})

describe('if there is no auths object, an empty one is left behind', () => {
  test.each([
    ['', '{\n\t"auths": {\n\t\t"us.icr.io": {"auth":"b3VyOnM="}\n\t}\n}', '{\n\t"auths": {\n\t\t\n\t}\n}'],
    [' \n', '{\n\t"auths": {\n\t\t"us.icr.io": {"auth":"b3VyOnM="}\n\t}\n}', '{\n\t"auths": {\n\t\t\n\t}\n}'],
    [' { }\n', ' {"auths": {"us.icr.io": {"auth":"b3VyOnM="}} }\n', ' {"auths": {} }\n'],
    [
      '{\n  "a": 1\n}\n',
      '{\n  "a": 1,\n  "auths": {"us.icr.io": {"auth":"b3VyOnM="}}\n}\n',
      '{\n  "a": 1,\n  "auths": {}\n}\n',
    ],
    ['{"auths":null}', '{"auths":{"us.icr.io": {"auth":"b3VyOnM="}}}', '{"auths":{}}'],
    [
      '{"auths":{"us.icr.io":{}},"auths":null}',
      '{"auths":{"us.icr.io":{}},"auths":{"us.icr.io": {"auth":"b3VyOnM="}}}',
      '{"auths":{"us.icr.io":{}},"auths":{}}',
    ],
  ])('%j', (before, after, later) => {
    expect(added(before)).toBe(after)
    expect(undone(after, before)).toBe(later)
  })
})

test('removing an entry keeps those that were added after it', () => {
  expect(withEntry('{"auths":{"us.icr.io":{}, "a":{}}}', 'us.icr.io', null)).toBe('{"auths":{"a":{}}}')
})

test('an entry is removed with its comma, in any position', () => {
  const without = (text: string) => withEntry(text, 'b', null)
  expect(without('{"auths":{"b":{}}}')).toBe('{"auths":{}}')
  expect(without('{"auths":{"a":{} ,\n "b":{}\n}}')).toBe('{"auths":{"a":{} \n}}')
  expect(without('{"auths":{ "b":{} ,\n "c":{}}}')).toBe('{"auths":{ "c":{}}}')
  expect(without('{"auths":{"a":{}, "b":{}, "c":{}}}')).toBe('{"auths":{"a":{}, "c":{}}}')
  expect(without('{"auths":{"a":{},"x":{}, "b":{}}}')).toBe('{"auths":{"a":{},"x":{}}}')
})

describe('the entry that counts', () => {
  test.each<[text: string, entry: string | null]>([
    ['{}', null],
    ['{"auths":{}}', null],
    ['{"auths":{"a":{"x":1}}}', '{"x":1}'],
    ['{"auths":{"a":{"x":1},"a":{"x":2}}}', '{"x":2}'],
    ['{"auths":{"a":{"x":1}},"AUTHS":{"b":{}}}', '{"x":1}'],
    ['{"auths":{"a":{"x":1}},"auths":{"a":{"x":2}}}', '{"x":2}'],
    ['{"auths":{"a":{"x":1}},"auths":null}', null],
    ['{"auths":{"a":{"x":1}},"auths":null,"auths":{"a":{"x":2}}}', '{"x":2}'],
    ['{"auths":{"A":{"x":1}}}', null],
    ['{"xauths":{"a":{"x":1}},"authsx":{"a":{"x":2}}}', null],
    ['{"auths":{"a":null}}', 'null'],
  ])('%s: %s', (text, entry) => {
    expect(entryTextOf(text, 'a')).toBe(entry)
  })

  test('in parsed settings', () => {
    expect(entryOf({ auths: { a: { auth: 'x' } } }, 'a')).toEqual({ auth: 'x' })
    expect(entryOf({ auths: { a: null } }, 'a')).toBeNull()
    expect(entryOf({ auths: {} }, 'a')).toBeNull()
    expect(entryOf({}, 'a')).toBeNull()
  })
})

// Windows has other modes and links.
const describeOnPosix = process.platform === 'win32' ? describe.skip : describe

describeOnPosix('files', () => {
  let folder: string
  let file: string
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'icr-files-')))
    file = join(folder, 'config.json')
  })
  afterEach(() => remove(folder))

  const messageOf = (act: () => unknown) => {
    try {
      act()
    } catch (error) {
      expect(error).toBeInstanceOf(UserError)
      return (error as Error).message.replaceAll(folder, 'FOLDER')
    }
    throw new Error('nothing is wrong with it')
  }

  test.each(['', ' \n', ' null \n', '{}', '{"auths":null,"credHelpers":null,"credsStore":null}'])(
    '%j has no logins',
    text => {
      writeFileSync(file, text)
      const { path, config, text: read, stats } = readCredentialFile(file)
      expect([path, read, config.auths ?? null, stats?.isFile()]).toEqual([file, text, null, true])
    },
  )

  test('a missing file has no logins either', () => {
    expect(readCredentialFile(file)).toEqual({ path: file, config: {}, text: '', stats: undefined })
  })

  test('a file is parsed', () => {
    const config = { auths: { a: { auth: 'x' }, b: null }, credHelpers: { c: 'y', d: null }, credsStore: 'z' }
    writeFileSync(file, JSON.stringify(config))
    expect(readCredentialFile(file).config).toEqual(config)
  })

  const noCredentialFile = (text: string) => {
    writeFileSync(file, text)
    return messageOf(() => readCredentialFile(file))
  }

  test('what is not JSON is no credential file', () => {
    expect(noCredentialFile('x')).toMatchSnapshot()
  })

  test.each([
    '[]',
    '"x"',
    '{"auths":[]}',
    '{"auths":"x"}',
    '{"auths":{"a":"x"}}',
    '{"auths":{"a":{},"b":[]}}',
    '{"credHelpers":[]}',
    '{"credHelpers":{"a":"x","b":1}}',
    '{"credsStore":1}',
  ])('nor is %s', text => {
    expect(noCredentialFile(text)).toBe(noCredentialFile('x'))
  })

  test('nor is what is not UTF-8', () => {
    const expected = noCredentialFile('x')
    writeFileSync(file, Buffer.from('{"a":"\xff"}', 'latin1'))
    expect(messageOf(() => readCredentialFile(file))).toBe(expected)
  })

  test('nor is a folder', () => {
    expect(messageOf(() => readCredentialFile(folder))).toMatchSnapshot()
  })

  test('real paths: of links, of what is missing, of links to what is missing', () => {
    mkdirSync(join(folder, 'real'))
    symlinkSync('real', join(folder, 'link'))
    symlinkSync('link/missing', join(folder, 'to-missing'))
    symlinkSync('circle', join(folder, 'circle'))
    writeFileSync(join(folder, 'real/there'), '')
    const real = (name: string) => realPath(join(folder, name)).slice(folder.length + 1)
    expect(real('link/there')).toBe('real/there')
    expect(real('link/missing')).toBe('real/missing')
    expect(real('link/missing/deeper')).toBe('real/missing/deeper')
    expect(real('to-missing')).toBe('real/missing')
    expect(realPath('jest.config.js')).toBe(join(realpathSync('.'), 'jest.config.js'))
    expect(messageOf(() => realPath(join(folder, 'circle')))).toMatchSnapshot()
  })

  test('the temporary file is a hidden file in the same folder', () => {
    expect(temporaryFile('/a/b.json', 'id')).toBe('/a/.b.json.id')
  })

  describe('one is replaced whole', () => {
    test('an existing file: keeps its mode, but without access for others', () => {
      writeFileSync(file, 'before')
      chmodSync(file, 0o757)
      const { ino } = statSync(file)
      expect(
        replaceCredentialFile({ path: file, text: 'before', stats: statSync(file) }, 'after', 'id'),
      ).toBe(true)
      expect(readFileSync(file, 'utf8')).toBe('after')
      expect(statSync(file).mode & 0o777).toBe(0o750)
      expect(statSync(file).ino).not.toBe(ino)
      expect(readdirSync(folder)).toEqual(['config.json'])
    })

    const testAsRoot = process.geteuid?.() === 0 ? test : test.skip

    testAsRoot.each([
      ['owner', 1234, 0],
      ['group', 0, 2345],
      ['owner and group', 1234, 2345],
    ])('a file with another %s keeps it', (_what, uid, gid) => {
      writeFileSync(file, '{}')
      chownSync(file, uid, gid)
      expect(replaceCredentialFile(readCredentialFile(file), '{}', 'id')).toBe(true)
      expect(statSync(file)).toMatchObject({ uid, gid })
    })

    test('no file is left open', () => {
      const open = () => readdirSync('/proc/self/fd').length
      const before = open()
      for (let time = 0; time < 20; time++)
        replaceCredentialFile(readCredentialFile(file), `{"n":${time}}`, 'id')
      expect(open()).toBeLessThan(before + 20)
    })

    test('a new file: access only for its owner', () => {
      expect(replaceCredentialFile(readCredentialFile(file), 'after', 'id')).toBe(true)
      expect(readFileSync(file, 'utf8')).toBe('after')
      expect(statSync(file).mode & 0o777).toBe(0o600)
    })

    test('not if another program has written it in the meantime', () => {
      const read = readCredentialFile(file)
      writeFileSync(file, 'theirs')
      expect(replaceCredentialFile(read, 'after', 'id')).toBe(false)
      expect(readFileSync(file, 'utf8')).toBe('theirs')
      expect(readdirSync(folder)).toEqual(['config.json'])
    })

    test('by no file that is there already, which stays', () => {
      writeFileSync(temporaryFile(file, 'id'), 'somebody’s')
      expect(
        messageOf(() => replaceCredentialFile(readCredentialFile(file), 'after', 'id')),
      ).toMatchSnapshot()
      expect(existsSync(file)).toBe(false)
      expect(readFileSync(temporaryFile(file, 'id'), 'utf8')).toBe('somebody’s')
    })

    test('if it cannot be replaced, no temporary file is left', () => {
      const read = { ...readCredentialFile(file), stats: { uid: -2, gid: -2, mode: 0 } as never }
      expect(() => replaceCredentialFile(read, 'after', 'id')).toThrow()
      expect(readdirSync(folder)).toEqual([])
    })
  })
})

describe('what the file system refuses', () => {
  const refused = (code: string | undefined, syscall?: string) =>
    Object.assign(new Error('x'), { code, syscall })

  test.each<[code: string, syscall: string | undefined]>([
    ['EACCES', 'open'],
    ['EACCES', undefined],
    ['ENOSPC', 'write'],
    ['ENOTDIR', 'stat'],
  ])('%s, %s', (code, syscall) => {
    const error = fileError('/a/b', refused(code, syscall))
    expect(error).toBeInstanceOf(UserError)
    expect((error as Error).message).toMatchSnapshot()
  })

  const testOnPosix = process.platform === 'win32' ? test.skip : test

  // On Windows, another program has the file open.
  testOnPosix('because the file is mounted', () => {
    expect(fileError('/a/b', refused('EBUSY', 'rename'))).toMatchObject({
      message: expect.stringMatching(
        /\(EBUSY, rename\), so it was not changed\. Mount its folder instead of the file/,
      ),
    })
  })

  // A path without a drive. On Windows, everything before the first slash of a path is its drive.
  test('where there is no drive', () => {
    expect(fileError('no-root', refused('ENOENT', 'open'))).toMatchSnapshot()
  })

  test('other errors are returned unchanged', () => {
    for (const error of [new TypeError('a defect'), new UserError('theirs')]) {
      expect(fileError('/a/b', error)).toBe(error)
      expect(() =>
        withFileErrors('/a/b', () => {
          throw error
        }),
      ).toThrow(error)
    }
    expect(fileError('/a/b', Object.assign(new UserError('theirs'), { code: 'EACCES' }))).toMatchObject({
      message: 'theirs',
    })
    expect(withFileErrors('/a/b', () => 5)).toBe(5)
  })
})
