import { EOL } from 'node:os'
import { describe, expect, jest, test } from '@jest/globals'
import {
  basicAuth,
  claimsOf,
  credentialsOfKey,
  credentialsOfToken,
  isExpired,
} from '../../src/credentials.ts'
import { proxyOf } from '../../src/report/parts.ts'
import {
  apiKeyOfKeyFile,
  environmentWithoutKey,
  maskKey,
  maskProxyPasswords,
  maskToken,
  withheldNames,
  withoutSecrets,
} from '../../src/secrets.ts'

const credentials = { profileId: 'Profile-1', apiKey: 'throw-away_key-of_a-test' }
const base64 = (text: string) => Buffer.from(text).toString('base64')

/** The masks that a function sets. */
function masksOf(act: () => void): Set<string> {
  const printed: string[] = []
  const spy = jest.spyOn(process.stdout, 'write').mockImplementation(text => {
    printed.push(`${text}`)
    return true
  })
  try {
    act()
  } finally {
    spy.mockRestore()
  }
  const lines = printed.join('').split(EOL).filter(Boolean)
  expect(lines.filter(line => !line.startsWith('::add-mask::'))).toEqual([])
  return new Set(lines.map(line => decodeURIComponent(line.slice('::add-mask::'.length))))
}

describe('the masks of a key', () => {
  const key = credentials.apiKey
  const profile = 'Profile-6e1f7ea6-734c-49f5-832a-cd8f4aaed739'
  const keyFile = JSON.stringify({ name: 'ci', apikey: key }, null, 2)

  test.each<[what: string, key: string, masked: string[]]>([
    ['as is', key, [key]],
    ['surrounded by whitespace', `\t ${key} \n`, [`\t ${key} \n`, key]],
    [
      'with several lines',
      `${key}\r\n second\n`,
      [`${key}\r\n second\n`, `${key}\r\n second`, key, 'second'],
    ],
    ['in a file', keyFile, [keyFile, '"name": "ci",', `"apikey": "${key}"`, key]],
    ['of the minimum length', 'abcd', ['abcd']],
    ['of digits', '0123', ['0123']],
    ['in capitals', 'ABCD', ['ABCD']],
    ['too short', 'abc', []],
    ['without letters and digits', '-----', []],
    ['with only one letter', '--a--', ['--a--']],
    ['with only one digit', '--0--', ['--0--']],
    ['with only one capital', '--Z--', ['--Z--']],
    ['empty', '', []],
  ])('%s', (_what, value, masked) => {
    const pairs = masked.map(secret => base64(`${profile}:${secret}`))
    expect(masksOf(() => maskKey(value, profile))).toEqual(new Set([...masked, ...pairs]))
  })

  test.each<[form: string, profile: string, names: string[]]>([
    ['an ID with whitespace', ` ${profile}\n`, [profile]],
    ['an IAM ID', `iam-${profile}`, [`iam-${profile}`, profile]],
    ['a CRN', `crn:v1:x::profile:${profile}`, [`crn:v1:x::profile:${profile}`, profile]],
    ['something else', ' mine ', ['mine']],
    ['an ID in capitals', profile.toUpperCase(), [profile.toUpperCase()]],
  ])('profile-id: %s', (_form, name, names) => {
    expect(masksOf(() => maskKey(key, name))).toEqual(
      new Set([key, ...names.map(name => base64(`${name}:${key}`))]),
    )
  })
})

test('the masks of a token', () => {
  expect(masksOf(() => maskToken('a token'))).toEqual(new Set(['a token', base64('iambearer:a token')]))
})

describe('the masks of proxies', () => {
  const masksIn = (env: NodeJS.ProcessEnv) => masksOf(() => maskProxyPasswords(env))

  test.each(['https_proxy', 'http_proxy', 'all_proxy', 'HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY'])(
    '%s',
    name => {
      expect(masksIn({ [name]: 'http://user:password@proxy.example:3128' })).toEqual(new Set(['password']))
    },
  )

  test.each<[url: string, masked: string[]]>([
    ['user:password@proxy.example', ['password']],
    [':password@proxy.example', ['password']],
    ['http://proxy.example:3128', []],
    ['http://user@proxy.example', []],
    ['http://user@proxy.example:3128/a@b', []],
    ['http://user:abc@proxy.example', []],
    ['http://user:abcd@proxy.example', ['abcd']],
    // As is, decoded, and in the parts into which unencoded characters split it.
    ['http://user:pass%40word@proxy.example', ['pass%40word', 'pass@word', 'pass', '40word']],
    ['http://user:pass%zzword@proxy.example', ['pass%zzword', 'pass', 'zzword']],
    ['http://user:pass@word@proxy.example', ['pass@word', 'pass', 'word']],
    ['http://user:pass/word?and#more@proxy.example', ['pass/word?and#more', 'pass', 'word', 'more']],
    ['http://user:of:three@proxy.example', ['of:three']],
    ['user:two//words@proxy.example', ['two//words', 'words']],
    ['http://user://word@proxy.example', ['//word', 'word']],
    ['http://user:two\nlines@proxy.example', ['two\nlines']],
  ])('%j', (HTTPS_PROXY, masked) => {
    expect(masksIn({ HTTPS_PROXY })).toEqual(new Set(masked))
  })

  test('no proxy, no mask', () => {
    expect(masksIn({})).toEqual(new Set())
  })
})

test('masked values are hidden in other texts too, the longest first', () => {
  masksOf(() => {
    maskToken('longer-one')
    maskToken('the-longer-one-of-two')
    maskToken('one')
  })
  expect(withoutSecrets('the-longer-one-of-two, longer-one and longer-one.')).toBe('***, *** and ***.')
})

test.each<[text: string, key: string | undefined]>([
  ['{"apikey": "x"}', 'x'],
  ['{"apikey": 5}', undefined],
  ['{}', undefined],
  ['null', undefined],
  ['x', undefined],
])('the API key in the key file %j', (text, key) => {
  expect(apiKeyOfKeyFile(text)).toBe(key)
})

test('the credentials of an API key, and of a token', () => {
  expect(credentialsOfKey(credentials)).toEqual({ username: 'Profile-1', password: credentials.apiKey })
  expect(credentialsOfToken('x')).toEqual({ username: 'iambearer', password: 'x' })
  expect(basicAuth({ username: 'a', password: 'b:c' })).toBe(base64('a:b:c'))
})

describe('a token that expired', () => {
  const tokenWith = (claims: unknown) => `e.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`
  const now = Math.floor(Date.now() / 1000)

  test.each<[what: string, username: string, claims: unknown, expected: boolean]>([
    ['ten seconds ago', 'iambearer', { exp: now - 10 }, true],
    ['in the future', 'iambearer', { exp: now + 100 }, false],
    ['as a string', 'iambearer', { exp: `${now - 10}` }, false],
    ['without an expiration', 'iambearer', {}, false],
    ['without claims', 'iambearer', null, false],
    ['and is not a token', 'Profile-1', { exp: now - 10 }, false],
  ])('%s', (_what, username, claims, expected) => {
    expect(isExpired({ username, password: tokenWith(claims) })).toBe(expected)
  })

  test('at exactly this time is expired', () => {
    const spy = jest.spyOn(Date, 'now').mockReturnValue(1_700_000_000_000)
    const expired = [1_699_999_999, 1_700_000_000].map(exp =>
      isExpired({ username: 'iambearer', password: tokenWith({ exp }) }),
    )
    spy.mockRestore()
    expect(expired).toEqual([true, false])
  })

  test('the claims of a token', () => {
    expect(claimsOf(tokenWith({ iam_id: 'ü' }))).toEqual({ iam_id: 'ü' })
    for (const text of ['', 'x', 'a.b.c', '.', 'e.!!.s']) expect(claimsOf(text)).toEqual({})
  })
})

test.each([
  ['the key', credentials.apiKey],
  ['the key among other things', `x=${credentials.apiKey};`],
  ['its base64', base64(credentials.apiKey)],
  ['its base64 with a line break', base64(`${credentials.apiKey}\n`)],
  ['base64 of another pair', base64(`iamapikey:${credentials.apiKey}`)],
  ['base64 of profile and key', base64(`Profile-1:${credentials.apiKey}`)],
  ['base64 with one letter before it', base64(`a${credentials.apiKey}b`)],
  ['base64 with two letters before it', base64(`ab${credentials.apiKey}c`)],
  ['base64 with three letters before it', base64(`abc${credentials.apiKey}de`)],
  ['an auth file', `{"auths":{"us.icr.io":{"auth":"${base64(`ab:${credentials.apiKey}`)}"}}}`],
])('a variable that contains %s is withheld from programs', (_what, value) => {
  const env = { HELD: value, OTHER: 'kept' }
  const kept = environmentWithoutKey(env, credentials)
  expect(kept).toEqual({ OTHER: 'kept' })
  expect(withheldNames(env, kept)).toEqual(['HELD'])
})

test('a short key does not withhold other variables', () => {
  expect(environmentWithoutKey({ HELD: base64('abcd'), OTHER: 'kept' }, { apiKey: 'abcd' })).toEqual({
    OTHER: 'kept',
  })
})

test('inputs and state are withheld from programs, and no other variables', () => {
  const env = {
    'INPUT_API-KEY': 'x',
    input_region: 'x',
    STATE_a: 'x',
    MY_STATE_: 'x',
    OUTPUT_INPUT_: 'x',
    PATH: '/bin',
    UNSET: undefined,
    EMPTY: '',
  }
  const kept = { MY_STATE_: 'x', OUTPUT_INPUT_: 'x', PATH: '/bin', EMPTY: '' }
  expect(environmentWithoutKey(env, credentials)).toEqual(kept)
  // If the key is unknown, the variables with it are known by name.
  expect(environmentWithoutKey(env, { apiKey: '' }, ['PATH'])).toEqual({
    MY_STATE_: 'x',
    OUTPUT_INPUT_: 'x',
    EMPTY: '',
  })
  expect(withheldNames(env, kept)).toEqual(['UNSET'])
})

test.each([
  ['http://user:secret@proxy.example:3128', 'proxy.example:3128'],
  ['proxy.example:3128', 'proxy.example:3128'],
  ['user:secret@proxy.example:3128', 'proxy.example:3128'],
  ['http://user:pa#ss@proxy.example:3128', 'proxy.example:3128'],
  ['http://user:12#ss@proxy.example:3128/', 'proxy.example:3128'],
  ['http://user:p%zz@proxy.example:3128', 'proxy.example:3128'],
  ['http://user:p@ss@proxy.example:3128', 'proxy.example:3128'],
  ['user:p/ss@proxy.example:3128', 'proxy.example:3128'],
  ['http://user:p\nss@proxy.example:3128/\n?x', 'proxy.example:3128'],
  ['http://proxy.example:3128/path?query#fragment', 'proxy.example:3128'],
  ['', undefined],
])('the proxy %j is shown as %j', (HTTPS_PROXY, shown) => {
  expect(proxyOf({ HTTPS_PROXY }, 'us.icr.io')).toBe(shown)
})
