import { describe, expect, test } from '@jest/globals'
import type { Config, Family } from '../../src/clients/client.ts'
import { areTexts, isObject, malformed, membersOf, parseSettings } from '../../src/clients/settings.ts'

describe('settings are parsed as Go does', () => {
  test.each<[what: string, text: string, settings: Record<string, unknown> | undefined]>([
    ['empty', '{}', {}],
    ['not JSON', 'x', undefined],
    ['not an object', '[]', undefined],
    ['null', 'null', undefined],
    ['a string', '"x"', undefined],
    [
      'names in any case',
      '{"AUTHS":{"a":{}},"credsstore":"x","CREDHELPERS":{"b":"y"},"CurrentContext":"z","httpheaders":{"h":"v"}}',
      {
        auths: { a: {} },
        credsStore: 'x',
        credHelpers: { b: 'y' },
        currentContext: 'z',
        HttpHeaders: { h: 'v' },
      },
    ],
    ['a letter that folds to an s', '{"auth\u017f":{"a":{}}}', { auths: { a: {} } }],
    ['names that only contain one', '{"xauths":{},"authsx":{}}', { xauths: {}, authsx: {} }],
    ['other names: unchanged', '{"Other":1,"other":2}', { Other: 1, other: 2 }],
    ['one name twice: the last', '{"credsStore":"x","CredsStore":"y"}', { credsStore: 'y' }],
    ['another name twice: the last', '{"other":{"a":1},"other":{"b":2}}', { other: { b: 2 } }],
    [
      'maps twice: merged',
      '{"credHelpers":{"a":"x","b":"y"},"credHelpers":{"b":"z"}}',
      { credHelpers: { a: 'x', b: 'z' } },
    ],
    ['null after a string: ignored', '{"credsStore":"x","credsStore":null}', { credsStore: 'x' }],
    ['null after a map: empty', '{"credHelpers":{"a":"x"},"credHelpers":null}', { credHelpers: null }],
    ['a map after null', '{"credHelpers":null,"credHelpers":{"a":"x"}}', { credHelpers: { a: 'x' } }],
    ['null alone', '{"auths":null}', { auths: null }],
    ['not a map of entries', '{"auths":[1]}', { auths: [1] }],
    [
      'a host twice: the last',
      '{"auths":{"a":{"auth":"1"},"a":{"auth":"2"}}}',
      { auths: { a: { auth: '2' } } },
    ],
    ['hosts in other cases: both', '{"auths":{"a":{},"A":{}}}', { auths: { a: {}, A: {} } }],
    [
      'fields of an entry in any case',
      '{"auths":{"a":{"AUTH":"1","Email":"2","IdentityToken":"3","PASSWORD":"4","RegistryToken":"5","ServerAddress":"6","UserName":"7","Other":"8"}}}',
      {
        auths: {
          a: {
            auth: '1',
            email: '2',
            identitytoken: '3',
            password: '4',
            registrytoken: '5',
            serveraddress: '6',
            username: '7',
            Other: '8',
          },
        },
      },
    ],
    ['a field twice: the last', '{"auths":{"a":{"auth":"1","Auth":"2"}}}', { auths: { a: { auth: '2' } } }],
    ['other maps: unchanged', '{"other":{"a":{"AUTH":"1"}}}', { other: { a: { AUTH: '1' } } }],
    ['an entry that is null', '{"auths":{"a":null}}', { auths: { a: null } }],
  ])('%s', (_what, text, settings) => {
    expect(parseSettings(text)).toEqual(settings)
  })
})

describe('the members of an object', () => {
  test.each<[text: string, members: [name: string, value: string][]]>([
    ['{}', []],
    ['{"a":1}', [['a', '1']]],
    [
      ' { "a" : "b" , "c" : [ 1 , {"d":2} ] } ',
      [
        ['a', '"b"'],
        ['c', '[ 1 , {"d":2} ]'],
      ],
    ],
    [
      '{"a":{"b":{}},"c":[]}',
      [
        ['a', '{"b":{}}'],
        ['c', '[]'],
      ],
    ],
    [
      '{"a":"}","b":"{","c":"]["}',
      [
        ['a', '"}"'],
        ['b', '"{"'],
        ['c', '"]["'],
      ],
    ],
    [
      '{"a\\"b":"\\\\","c":"\\""}',
      [
        ['a"b', '"\\\\"'],
        ['c', '"\\""'],
      ],
    ],
    [
      '{"a":true,"b":null,"c":-1.5e+3}',
      [
        ['a', 'true'],
        ['b', 'null'],
        ['c', '-1.5e+3'],
      ],
    ],
    ['{"":""}', [['', '""']]],
    ['{"\\u0061":1}', [['a', '1']]],
    ['{"a:b,c":"d:e,f"}', [['a:b,c', '"d:e,f"']]],
    ['{\n\t"a":\n1\n}', [['a', '1']]],
  ])('%j', (text, members) => {
    const found = membersOf(text)
    expect(found.map(({ name, value }) => [name, value])).toEqual(members)
    for (const { name, value, start, end } of found) {
      const written = text.slice(start, end)
      expect(written.endsWith(value)).toBe(true)
      expect(JSON.parse(`{${written}}`)).toEqual({ [name]: JSON.parse(value) })
    }
  })
})

test.each<[value: unknown, expected: boolean]>([
  [{}, true],
  [{ a: 1 }, true],
  [[], false],
  [null, false],
  ['x', false],
  [undefined, false],
])('%j is an object: %s', (value, expected) => {
  expect(isObject(value)).toBe(expected)
})

test.each<[entry: Record<string, unknown>, expected: boolean]>([
  [{}, true],
  [{ auth: 'x', other: 1 }, true],
  [{ auth: null }, true],
  [{ auth: 1 }, false],
  [{ auth: 'x', email: false }, false],
  [{ auth: 1, email: 'x' }, false],
])('%j has only strings: %s', (entry, expected) => {
  expect(areTexts(entry, ['auth', 'email'])).toBe(expected)
})

test('what a family cannot read is found, and nothing else', () => {
  const family = {
    canRead: ({ auth }) => auth === 'good',
    canReadSetting: (_name, value) => value === 'good',
  } satisfies Partial<Family>
  const config = {
    auths: { a: { auth: 'good' }, b: { auth: 'bad' }, c: null, d: {} },
    one: 'good',
    two: 'bad',
    three: null,
  } as Config
  expect(malformed(config, family as unknown as Family)).toEqual({ hosts: ['b', 'd'], settings: ['two'] })
  expect(malformed({}, family as unknown as Family)).toEqual({ hosts: [], settings: [] })
  expect(malformed({ auths: null } as unknown as Config, family as unknown as Family).hosts).toEqual([])
})
