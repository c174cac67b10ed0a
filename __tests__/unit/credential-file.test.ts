import { describe, expect, test } from '@jest/globals'
import { entryTextOf, withEntry } from '../../src/stores/credential-file.ts'

const added = (text: string) => withEntry(text, 'us.icr.io', '{"auth":"b3VyOnM="}')
const undone = (text: string, before: string) =>
  withEntry(text, 'us.icr.io', entryTextOf(before, 'us.icr.io'))

describe('an entry goes into the text, and out of it again, and nothing else changes', () => {
  test.each([
    ['{"auths":{}}', '{"auths":{"us.icr.io": {"auth":"b3VyOnM="}}}'],
    ['{"auths": { "a":{} }}', '{"auths": { "a":{}, "us.icr.io": {"auth":"b3VyOnM="} }}'],
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

describe('where there is no auths to put it in, one stays behind', () => {
  test.each([
    ['', '{\n\t"auths": {\n\t\t"us.icr.io": {"auth":"b3VyOnM="}\n\t}\n}', '{\n\t"auths": {\n\t\t\n\t}\n}'],
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

test('an entry that others have been added behind leaves them', () => {
  expect(withEntry('{"auths":{"us.icr.io":{}, "a":{}}}', 'us.icr.io', null)).toBe('{"auths":{"a":{}}}')
})
