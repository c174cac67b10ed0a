import { expect, test } from '@jest/globals'
import { proxyOf } from '../../src/report/parts.ts'
import { environmentWithoutKey } from '../../src/secrets.ts'

const credentials = { profileId: 'Profile-1', apiKey: 'throw-away_key-of_a-test' }
const base64 = (text: string) => Buffer.from(text).toString('base64')

test.each([
  ['the key', credentials.apiKey],
  ['the key among other things', `x=${credentials.apiKey};`],
  ['its base64', base64(credentials.apiKey)],
  ['its base64 with a line break', base64(`${credentials.apiKey}\n`)],
  ['base64 of another pair', base64(`iamapikey:${credentials.apiKey}`)],
  ['base64 of profile and key', base64(`Profile-1:${credentials.apiKey}`)],
  ['an auth file', `{"auths":{"us.icr.io":{"auth":"${base64(`ab:${credentials.apiKey}`)}"}}}`],
])('a variable that holds %s is not for programs', (_what, value) => {
  expect(environmentWithoutKey({ HELD: value, OTHER: 'kept' }, credentials)).toEqual({ OTHER: 'kept' })
})

test('inputs and state are not for programs, and the rest is', () => {
  const env = { 'INPUT_API-KEY': 'x', STATE_a: 'x', PATH: '/bin', UNSET: undefined, EMPTY: '' }
  expect(environmentWithoutKey(env, credentials)).toEqual({ PATH: '/bin', EMPTY: '' })
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
  ['', undefined],
])('the proxy %j is shown as %j', (HTTPS_PROXY, shown) => {
  expect(proxyOf({ HTTPS_PROXY }, 'us.icr.io')).toBe(shown)
})
