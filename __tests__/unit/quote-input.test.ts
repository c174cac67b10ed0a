import { expect, test } from '@jest/globals'
import { quoteInput } from '../../src/quote-input.ts'

const UUID = '6e1f7ea6-734c-49f5-832a-cd8f4aaed739'

test.each<[what: string, value: string]>([
  ['nothing', ''],
  ['blanks', ' \n\t'],
  ['a word', 'us-east'],
  ['line breaks and quotes', 'a\n"b"'],
  ['60 characters', 'ab '.repeat(20)],
  ['61 characters', `${'ab '.repeat(20)}x`],
  ['characters of two units each', '😀'.repeat(61)],
  ['39 characters of a key', 'x'.repeat(39)],
  ['what no key has in between', `${'x'.repeat(20)}.${'x'.repeat(20)}`],
  ['a profile', `Profile-${UUID}`],
  ['a service ID', `serviceid-${UUID}`],
  ['an ID of a key', `APIKEY-${UUID}`],
])('%s is shown', (_what, value) => {
  const shown = quoteInput(value)
  expect(shown).toMatchSnapshot()
  if (value.trim() !== '') expect(shown).toContain(JSON.stringify([...value].slice(0, 60).join('')))
})

test.each<[what: string, value: string]>([
  ['40 characters of a key', 'x'.repeat(40)],
  ['40 characters of a key in between', `a b ${'x'.repeat(40)} c`],
  ['each character that a key has', `AZaz09_-${'x'.repeat(32)}`],
  ['another ID', `Some-${UUID}`],
  ['an ID that is too short', `Profile-${UUID.slice(0, 32)}`],
  ['a key around an ID', `${'x'.repeat(20)}Profile-${UUID}${'y'.repeat(20)}`],
])('%s may be a key, and is not shown', (_what, value) => {
  const shown = quoteInput(value)
  expect(shown).toMatchSnapshot()
  expect(shown).not.toContain(value)
  expect(shown).not.toMatch(/xxx|6e1f7ea6/)
})
