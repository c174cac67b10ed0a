import { expect, test } from '@jest/globals'
import { quoteInput } from '../../src/quote-input.ts'

const UUID = '6e1f7ea6-734c-49f5-832a-cd8f4aaed739'
const hidden = (length: number) => `a value of ${length} characters (not shown, it looks like an API key)`

test.each<[what: string, value: string, shown: string]>([
  ['nothing', '', 'an empty value'],
  ['blanks', ' \n\t', 'an empty value'],
  ['a word', 'us-east', '"us-east"'],
  ['line breaks and quotes', 'a\n"b"', '"a\\n\\"b\\""'],
  ['60 characters', 'ab '.repeat(20), JSON.stringify('ab '.repeat(20))],
  ['61 characters', `${'ab '.repeat(20)}x`, `${JSON.stringify('ab '.repeat(20))}… (61 characters)`],
  ['characters of two units each', '😀'.repeat(61), `"${'😀'.repeat(60)}"… (61 characters)`],
  ['39 characters of a key', 'x'.repeat(39), `"${'x'.repeat(39)}"`],
  ['40 characters of a key', 'x'.repeat(40), hidden(40)],
  ['40 characters of a key, in between', `a b ${'x'.repeat(40)} c`, hidden(46)],
  ['each character that a key has', `AZaz09_-${'x'.repeat(32)}`, hidden(40)],
  [
    'what no key has in between',
    `${'x'.repeat(20)}.${'x'.repeat(20)}`,
    `"${'x'.repeat(20)}.${'x'.repeat(20)}"`,
  ],
  ['a profile', `Profile-${UUID}`, `"Profile-${UUID}"`],
  ['a service ID', `serviceid-${UUID}`, `"serviceid-${UUID}"`],
  ['an ID of a key', `APIKEY-${UUID}`, `"APIKEY-${UUID}"`],
  ['another ID', `Some-${UUID}`, hidden(41)],
  ['an ID that is too short', `Profile-${UUID.slice(0, 32)}`, hidden(40)],
  ['a key around an ID', `${'x'.repeat(20)}Profile-${UUID}${'y'.repeat(20)}`, hidden(84)],
])('%s is shown as it should', (_what, value, shown) => {
  expect(quoteInput(value)).toBe(shown)
})
