import { expect, test } from '@jest/globals'
import { parseJson, parseValue } from '../../src/json.ts'

const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)

test.each<[text: string, value: unknown, object: object]>([
  ['{"a":1}', { a: 1 }, { a: 1 }],
  ['{"a":null}', { a: null }, { a: null }],
  ['null', null, {}],
  ['x', undefined, {}],
  ['', undefined, {}],
])('%j as a value and as an object', (text, value, object) => {
  expect(parseValue(text)).toEqual(value)
  expect(parseJson(text)).toEqual(object)
})

test('what has too many levels to be written again is not parsed', () => {
  const most = parseValue(nested(1000))
  expect(JSON.stringify(most)).toBe(nested(1000))
  expect(`${most}`).toBe('')
  for (const text of [nested(1001), nested(20_000), `{"a":1,"b":{"c":${nested(1000)}}}`]) {
    expect(parseValue(text)).toBeUndefined()
    expect(parseJson(text)).toEqual({})
  }
})
