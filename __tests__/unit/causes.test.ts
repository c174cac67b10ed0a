import { describe, expect, test } from '@jest/globals'
import { CAUSES, faultOfOutput } from '../../src/clients/output.ts'
import { type Cause, Fault } from '../../src/fault.ts'
import { faultOfAnswer } from '../../src/ibm/answer.ts'
import { networkFault } from '../../src/ibm/http.ts'
import { OUTPUTS } from './outputs.ts'

describe('the output of a client, and its cause', () => {
  const rows = OUTPUTS.flatMap(({ outputs, ...known }) => outputs.map(row => ({ ...row, ...known })))

  test.each(rows)('$cause: $source', ({ output, cause, again }) => {
    const fault = faultOfOutput(output)
    expect(fault).toMatchObject({ cause, output })
    expect(fault.isTransient).toBe(again)
  })

  test.each(CAUSES.flatMap(({ cause, words }) => words.map(word => [cause, word] as const)))(
    '%s: a row needs %s',
    (cause, word) => {
      const words = CAUSES.find(row => row.cause === cause)?.words ?? []
      const place = words.indexOf(word)
      words.splice(place, 1)
      const missed = rows.filter(row => faultOfOutput(row.output).cause !== row.cause)
      words.splice(place, 0, word)
      expect(missed).not.toEqual([])
    },
  )

  test.each([
    ['file handles', 'dial unix /var/run/docker.sock: socket: too many open files'],
    ['processes', 'runtime: failed to create new OS thread (have 2 already; errno=11)'],
    ['processes', 'fork/exec /usr/bin/conmon: resource temporarily unavailable'],
    ['memory', 'fork/exec /proc/self/exe: cannot allocate memory'],
    ['disk space', 'write /tmp/.tmp-auth.json1: no space left on device'],
    // That is no quota of the account.
    ['disk space', 'write /tmp/.tmp-auth.json1: disk quota exceeded'],
  ])('out of %s: %s', (of, output) => {
    const line = expect.stringContaining(of)
    expect(faultOfOutput(output)).toMatchObject({ cause: 'shortage', output, line })
  })

  test('a wait that a client repeats is kept', () => {
    expect(faultOfOutput('toomanyrequests: retry-after: 7').retryAfterMs).toBe(7000)
    expect(faultOfOutput('toomanyrequests: slow down').retryAfterMs).toBe(0)
  })
})

describe('an answer to a request of our own, and its cause', () => {
  test.each<[status: number, body: string, cause: Cause]>([
    [400, '', 'refused'],
    [401, '', 'refused'],
    [403, '', 'denied'],
    [404, '', 'unknown'],
    [418, '', 'unknown'],
    [429, '', 'throttled'],
    [500, '', 'unavailable'],
    [501, '', 'unknown'],
    [502, '', 'unavailable'],
    [503, '', 'unavailable'],
    [504, '', 'unavailable'],
    [401, '{"errors":[{"message":"Private-only access is enabled on this account"}]}', 'private-only'],
    [403, '{"errors":[{"message":"Your account has exceeded its pull traffic quota"}]}', 'quota'],
    // A status in a message is no status.
    [418, '{"errors":[{"message":"HTTP 403: unauthorized, connection refused"}]}', 'unknown'],
  ])('%d %s: %s', (status, body, cause) => {
    expect(faultOfAnswer({ status, headers: {}, body })).toMatchObject({ cause, status })
  })

  test('its wait is kept, in milliseconds', () => {
    const answer = { status: 429, headers: { 'retry-after': '5' }, body: 'slow down' }
    expect(faultOfAnswer(answer)).toMatchObject({
      retryAfterMs: 5000,
      output: 'HTTP 429: slow down (retry-after: 5)',
    })
    expect(faultOfAnswer({ ...answer, headers: {} }).retryAfterMs).toBe(0)
  })

  test.each<[wait: string, least: number, most: number]>([
    [new Date(Date.now() + 20_000).toUTCString(), 10_000, 20_000],
    [new Date(Date.now() - 20_000).toUTCString(), 0, 0],
    ['soon', 0, 0],
    ['-1', 0, 0],
    ['', 0, 0],
  ])('a wait of %j', (wait, least, most) => {
    const { retryAfterMs } = faultOfAnswer({ status: 503, headers: { 'retry-after': wait }, body: '' })
    expect(retryAfterMs).toBeGreaterThanOrEqual(least)
    expect(retryAfterMs).toBeLessThanOrEqual(most)
  })
})

describe('what the network does to a request of our own, and its cause', () => {
  const error = (code: string, more: object = {}) =>
    Object.assign(new Error(`so said ${code}`), { code }, more)

  test.each<[code: string, cause: Cause]>([
    ['ENOTFOUND', 'no-such-host'],
    ['EAI_AGAIN', 'no-such-host'],
    ['ECONNREFUSED', 'network'],
    ['ECONNRESET', 'network'],
    ['ECONNABORTED', 'network'],
    ['EPIPE', 'network'],
    ['EHOSTUNREACH', 'network'],
    ['ENETUNREACH', 'network'],
    ['ETIMEDOUT', 'no-answer'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'certificate'],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'certificate'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'certificate'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'certificate'],
    ['CERT_HAS_EXPIRED', 'certificate'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'certificate'],
    ['ERR_PROXY_TUNNEL', 'proxy'],
    ['EACCES', 'unknown'],
  ])('%s: %s', (code, cause) => {
    expect(networkFault(error(code))).toMatchObject({ cause, output: `so said ${code}` })
  })

  test('a machine without handles', () => {
    expect(networkFault(error('EMFILE'))).toMatchObject({
      cause: 'shortage',
      line: expect.stringContaining('file handles'),
    })
  })

  test('a proxy that wants a login', () => {
    expect(networkFault(error('ERR_PROXY_TUNNEL', { statusCode: 407 })).cause).toBe('proxy-login')
    expect(networkFault(error('ERR_PROXY_TUNNEL', { statusCode: 502 })).cause).toBe('proxy')
  })

  test('several addresses that all fail: an error without a message', () => {
    const all = new AggregateError([error('EUNHEARDOF'), error('EHOSTUNREACH')])
    expect(networkFault(all)).toMatchObject({
      cause: 'network',
      output: 'so said EUNHEARDOF; so said EHOSTUNREACH',
    })
  })
})

test.each<[isTransient: boolean, causes: Cause[]]>([
  [true, ['proxy', 'throttled', 'unavailable', 'no-such-host', 'no-answer', 'network', 'killed']],
  [
    false,
    [
      ...([
        'foreign-url',
        'no-challenge',
        'private-only',
        'quota',
        'old-client',
        'no-user-namespace',
      ] as const),
      ...([
        'daemon',
        'proxy-login',
        'proxy-url',
        'wrote-elsewhere',
        'wrote-to-helper',
        'refused',
        'denied',
        'certificate',
        'shortage',
        'unknown',
      ] as const),
    ],
  ],
])('whether another attempt makes sense, %s: %j', (isTransient, causes) => {
  for (const cause of causes) expect([cause, new Fault(cause, '').isTransient]).toEqual([cause, isTransient])
})
