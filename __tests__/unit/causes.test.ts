import { describe, expect, test } from '@jest/globals'
import { CAUSES, faultOfOutput, withoutNoise } from '../../src/clients/output.ts'
import { type Cause, Fault } from '../../src/fault.ts'
import { faultOfAnswer } from '../../src/ibm/answer.ts'
import { networkFault } from '../../src/ibm/http.ts'
import { refusalOfSystem, shortageFault, shortageIn } from '../../src/shortage.ts'
import { OUTPUTS } from './outputs.ts'

describe('the cause of a client’s output', () => {
  const rows = OUTPUTS.flatMap(({ outputs, ...known }) => outputs.map(row => ({ ...row, ...known })))

  test.each(rows)('$cause: $source', ({ output, cause, again }) => {
    const fault = faultOfOutput(output)
    expect(fault).toMatchObject({ cause, output })
    expect(fault.isTransient).toBe(again)
  })

  test.each(CAUSES.flatMap(([cause, words]) => words.map(word => [cause, word] as const)))(
    '%s: at least one output is recognized only by %s',
    (cause, word) => {
      const words = CAUSES.find(([named]) => named === cause)?.[1] ?? []
      const place = words.indexOf(word)
      words.splice(place, 1)
      const missed = rows.filter(row => faultOfOutput(row.output).cause !== row.cause)
      words.splice(place, 0, word)
      expect(missed).not.toEqual([])
    },
  )

  // One row per alternative, as printed by clients.
  test.each([
    ['file handles', 'dial unix /var/run/docker.sock: socket: too many open files'],
    ['file handles', 'spawn docker EMFILE'],
    ['file handles', 'open /tmp/x: ENFILE'],
    ['processes', 'runtime: failed to create new OS thread (have 2 already; errno=11)'],
    ['processes', 'fork/exec /usr/bin/conmon: resource temporarily unavailable'],
    ['processes', 'spawn /usr/bin/docker EAGAIN'],
    ['memory', 'fork/exec /proc/self/exe: cannot allocate memory'],
    ['memory', 'spawn ENOMEM'],
    ['disk space', 'write /tmp/.tmp-auth.json1: no space left on device'],
    ['disk space', 'ENOSPC: no space left, write'],
    ['disk space', 'EDQUOT: quota, write'],
    // Not the account's quota.
    ['disk space', 'write /tmp/.tmp-auth.json1: disk quota exceeded'],
  ])('out of %s: %s', (of, output) => {
    const line = expect.stringContaining(of)
    expect(faultOfOutput(output)).toMatchObject({ cause: 'shortage', output, line })
    expect(shortageIn(output)).toContain(of)
  })

  test.each(['XEMFILE', 'EMFILES', 'EAGAIN', 'ENOMEMO', 'XENOSPC', 'EDQUOTA', 'HTTP 503: all is well'])(
    '%j is not a shortage',
    text => {
      expect(shortageIn(text)).toBeUndefined()
    },
  )

  test.each<[cause: Cause, output: string]>([
    ['private-only', 'denied: Private-only access is enabled on this account'],
    ['private-only', 'unauthorized: You must access this account over the private network'],
    ['quota', 'denied: Your account has exceeded its pull traffic Quota'],
    ['no-user-namespace', 'ERRO[0000] running `/usr/bin/newuidmap 7 0 1000 1`: newuidmap: write failed'],
    ['no-user-namespace', 'ERRO[0000] running `/usr/bin/newgidmap 7 0 1000 1`: newgidmap: write failed'],
    ['no-user-namespace', 'x\ntime="…" level=error msg="running `newgidmap 7`: newgidmap: open failed"'],
    ['unknown', 'WARN[0000] newuidmap: not there'],
    ['unknown', 'and ERRO[0000] newuidmap: not at the start'],
    // A number counts only as a whole, and only after one of these words.
    ['unavailable', 'received unexpected HTTP status: 503 Service Unavailable'],
    ['unavailable', 'invalid status code from registry 502 (Bad Gateway)'],
    ['unavailable', `status${' '.repeat(40)}504`],
    ['unknown', `status${' '.repeat(41)}504`],
    ['unavailable', 'HTTP 500'],
    ['unavailable', 'received unexpected HTTP status: 522 unknown'],
    ['unknown', 'error 500'],
    ['unknown', 'status 5000'],
    ['unknown', 'status x1503'],
    ['unknown', 'HTTP 418'],
  ])('%s: %s', (cause, output) => {
    expect(faultOfOutput(output)).toMatchObject({ cause, output })
  })

  test('the line that shows the cause is found, without noise', () => {
    const lines = [
      'level=info msg="HTTP 503"',
      'level=debug msg="HTTP 503"',
      'the first',
      'HTTP 503: down',
      'HTTP 502: later',
    ]
    expect(faultOfOutput(lines.join('\n'))).toMatchObject({ cause: 'unavailable', line: 'HTTP 503: down' })
    expect(faultOfOutput('nothing of it').line).toBeUndefined()
    expect(withoutNoise(lines.join('\n'))).toEqual(lines.slice(2))
  })

  test('a retry-after in the output is kept', () => {
    expect(faultOfOutput('toomanyrequests: retry-after: 7').retryAfterMs).toBe(7000)
    expect(faultOfOutput('Retry after 12 s').retryAfterMs).toBe(12_000)
    expect(faultOfOutput('retry_after=120').retryAfterMs).toBe(120_000)
    expect(faultOfOutput('retry-after, in words: 7').retryAfterMs).toBe(0)
    expect(faultOfOutput('toomanyrequests: slow down').retryAfterMs).toBe(0)
  })
})

describe('the cause of a response to one of the action’s own requests', () => {
  test.each<[status: number, body: string, cause: Cause]>([
    [400, '', 'refused'],
    [401, '', 'refused'],
    [403, '', 'denied'],
    [404, '', 'unknown'],
    [418, '', 'unknown'],
    [407, '', 'proxy-login'],
    [408, '', 'no-answer'],
    [429, '', 'throttled'],
    [499, '', 'unknown'],
    [500, '', 'unavailable'],
    [501, '', 'unavailable'],
    [522, '', 'unavailable'],
    [502, '', 'unavailable'],
    [503, '', 'unavailable'],
    [504, '', 'unavailable'],
    [401, '{"errors":[{"message":"Private-only access is enabled on this account"}]}', 'private-only'],
    [403, '{"errors":[{"message":"Your account has exceeded its pull traffic quota"}]}', 'quota'],
    // A status in a message does not count.
    [418, '{"errors":[{"message":"HTTP 403: unauthorized, connection refused"}]}', 'unknown'],
  ])('%d %s: %s', (status, body, cause) => {
    expect(faultOfAnswer({ status, headers: {}, body })).toMatchObject({ cause, status })
  })

  test('its retry-after is kept, in milliseconds', () => {
    const answer = { status: 429, headers: { 'retry-after': '5' }, body: 'slow down' }
    expect(faultOfAnswer(answer)).toMatchObject({
      retryAfterMs: 5000,
      output: 'HTTP 429: slow down (retry-after: 5)',
    })
    expect(faultOfAnswer({ ...answer, headers: {} }).retryAfterMs).toBe(0)
  })

  test.each<[body: string, message: string]>([
    ['{"errors":[{"message":"one","code":"X"},{"code":"TWO"},{},null]}', 'one; TWO; ; '],
    ['{"errors":[]}', 'no message'],
    ['{"errors":"x","message":"the message"}', 'the message'],
    ['{"errorMessage":"IAM’s message"}', 'IAM’s message'],
    ['{"message":" ","errorMessage":"not this"}', 'no message'],
    ['{"message":5}', '5'],
    [' <html> ', '<html>'],
    ['<html>\r\n\t<h1>Blocked</h1>\n\u001b[31m</html>\n', '<html> <h1>Blocked</h1> [31m</html>'],
    ['"text"', '"text"'],
    ['null', 'null'],
    ['', 'no message'],
    ['x'.repeat(301), 'x'.repeat(300)],
  ])('its message: %s', (body, message) => {
    const { output } = faultOfAnswer({ status: 418, headers: {}, body })
    expect(output).toBe(`HTTP 418: ${message}`.trimEnd())
  })

  test('retry-after twice: the first one counts', () => {
    const headers = { 'retry-after': ['5', '7'] }
    expect(faultOfAnswer({ status: 429, headers, body: '' }).retryAfterMs).toBe(5000)
  })

  test.each<[what: string, wait: string, least: number, most: number]>([
    ['seconds', '20', 20_000, 20_000],
    ['seconds with whitespace', ' 20 ', 20_000, 20_000],
    ['half a second', '0.5', 500, 500],
    ['a future date', new Date(Date.now() + 20_000).toUTCString(), 10_000, 20_000],
    ['a past date', new Date(Date.now() - 20_000).toUTCString(), 0, 0],
    ['a word', 'soon', 0, 0],
    ['a negative number', '-1', 0, 0],
    ['nothing', '', 0, 0],
    ['a space', ' ', 0, 0],
  ])('retry-after: %s', (_what, wait, least, most) => {
    const { retryAfterMs } = faultOfAnswer({ status: 503, headers: { 'retry-after': wait }, body: '' })
    expect(retryAfterMs).toBeGreaterThanOrEqual(least)
    expect(retryAfterMs).toBeLessThanOrEqual(most)
  })
})

describe('the cause of a network error of one of the action’s own requests', () => {
  const error = (code: string, more: object = {}) =>
    Object.assign(new Error(`so said ${code}`), { code }, more)

  test.each<[code: string, cause: Cause]>([
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
    ['CRL_HAS_EXPIRED', 'certificate'],
    ['INVALID_CA', 'certificate'],
    ['ERR_PROXY_TUNNEL', 'proxy'],
    ['EACCES', 'unknown'],
  ])('%s: %s', (code, cause) => {
    expect(networkFault(error(code))).toMatchObject({ cause, output: `so said ${code}` })
  })

  test('out of file handles', () => {
    expect(networkFault(error('EMFILE'))).toMatchObject({
      cause: 'shortage',
      line: expect.stringContaining('file handles'),
    })
  })

  test.each<[syscall: string, cause: Cause]>([
    ['connect', 'network'],
    ['getaddrinfo', 'no-such-host'],
    ['open', 'unknown'],
  ])('a code that is not listed, of %s: %s', (syscall, cause) => {
    expect(networkFault(error('EUNHEARDOF', { syscall })).cause).toBe(cause)
  })

  test.each([
    ['connect', 'ECONNREFUSED', 'proxy'],
    ['connect', 'EHOSTUNREACH', 'proxy'],
    ['getaddrinfo', 'ENOTFOUND', 'proxy'],
    ['read', 'ECONNRESET', 'network'],
  ])('behind a proxy, %s: %s is %s', (syscall, code, cause) => {
    expect(networkFault(error(code, { syscall }), 'http://proxy.example').cause).toBe(cause)
    // As Node does, with the code of the first error.
    const all = Object.assign(new AggregateError([error(code, { syscall })]), { code })
    expect(networkFault(all, 'http://proxy.example').cause).toBe(cause)
  })

  test('a proxy that requires authentication', () => {
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
  [true, ['daemon', 'proxy', 'throttled', 'unavailable', 'no-such-host', 'no-answer', 'network', 'killed']],
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

test.each<[error: object, refusal: string | undefined]>([
  [Object.assign(new Error('ENOSPC, write'), { syscall: 'write' }), 'ENOSPC, write'],
  [new Error('Missing file at path: /no/such/file'), 'Missing file at path: /no/such/file'],
  [new Error('not a Missing file at path: /x'), undefined],
  [new Error('ENOSPC, write'), undefined],
])('the error of the system: %s', (error, refusal) => {
  expect(refusalOfSystem(error)).toBe(refusal)
})

test('a shortage as a fault', () => {
  expect(shortageFault('spawn ENOMEM')).toMatchObject({
    cause: 'shortage',
    output: 'spawn ENOMEM',
    line: 'memory',
  })
  expect(shortageFault('all is well')).toBeUndefined()
})
