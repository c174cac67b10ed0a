import { describe, expect, test } from '@jest/globals'
import { faultOfOutput } from '../../src/clients/output.ts'
import { type Cause, Fault } from '../../src/fault.ts'
import { faultOfAnswer } from '../../src/ibm/answer.ts'
import { networkFault } from '../../src/ibm/http.ts'

describe('the output of a client, and its cause', () => {
  test.each([
    [
      'refused',
      'Get "https://us.icr.io/v2/": unauthorized: The login credentials are not valid, or your IBM Cloud account is not active.',
    ],
    ['refused', 'Error: logging into "us.icr.io": invalid username/password'],
    [
      'refused',
      'Error: authenticating creds for "us.icr.io": Requesting bearer token: invalid status code from registry 400 (Bad Request)',
    ],
    [
      'private-only',
      'unauthorized: Private-only access is enabled on this account, but this request was over the public network. You must access this account over the private network',
    ],
    [
      'denied',
      'Get "https://us.icr.io/v2/": denied: You are not authorized to access the specified resource',
    ],
    ['denied', 'invalid status code from registry 403 (Forbidden)'],
    ['quota', 'denied: Your account has exceeded its image storage quota'],
    ['throttled', 'toomanyrequests: slow down'],
    ['throttled', 'Error: too many requests to registry'],
    ['unavailable', 'received unexpected HTTP status: 503 Service Unavailable'],
    ['unavailable', 'invalid status code from registry 502 (Bad Gateway)'],
    ['no-such-host', 'dial tcp: lookup us.icr.io on 127.0.0.53:53: no such host'],
    ['network', 'read tcp 10.0.0.1:5000->10.0.0.2:443: read: connection reset by peer'],
    ['network', 'dial tcp 10.0.0.2:443: connect: connection refused'],
    ['network', 'Get "https://us.icr.io/v2/": EOF'],
    ['no-answer', 'dial tcp 10.0.0.2:443: i/o timeout'],
    ['no-answer', 'net/http: TLS handshake timeout'],
    ['certificate', 'tls: failed to verify certificate: x509: certificate signed by unknown authority'],
    ['proxy', 'Get "https://us.icr.io/v2/": Bad Gateway'],
    ['proxy-login', 'Get "https://us.icr.io/v2/": Proxy Authentication Required'],
    ['old-client', 'unknown flag: --password-stdin'],
    [
      'old-client',
      'Error response from daemon: client version 1.41 is too old. Minimum supported API version is 1.44',
    ],
    ['daemon', 'unable to resolve docker endpoint: context "x": context not found'],
    ['daemon', 'unable to resolve docker endpoint: open /home/x/.docker/ca.pem: no such file or directory'],
    ['daemon', 'open C:\\Users\\x\\.docker\\cert.pem: The system cannot find the file specified.'],
    [
      'daemon',
      'failed to connect to the docker API at unix:///var/run/docker.sock; check if the path is correct',
    ],
    ['daemon', 'failed to connect to the docker API at npipe:////./pipe/docker_engine'],
    ['network', 'dial tcp 10.0.0.2:443: connect: no route to host'],
    ['network', 'dial tcp 10.0.0.2:443: connect: network is unreachable'],
    [
      'network',
      'dial tcp 10.0.0.2:443: connectex: No connection could be made because the target machine actively refused it.',
    ],
    ['network', 'wsarecv: An existing connection was forcibly closed by the remote host.'],
    [
      'no-answer',
      'connectex: A connection attempt failed because the connected party did not properly respond after a period of time',
    ],
    ['private-only', 'denied: You must access this account over the private network'],
    [
      'daemon',
      'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock',
    ],
    ['no-user-namespace', 'Error during unshare(CLONE_NEWUSER): Operation not permitted'],
    ['no-user-namespace', 'Error: cannot re-exec process'],
    ['unknown', 'segmentation fault'],
  ])('%s: %s', (cause, output) => {
    expect(faultOfOutput(output)).toMatchObject({ cause, output })
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
        'unknown',
      ] as const),
    ],
  ],
])('whether another attempt makes sense, %s: %j', (isTransient, causes) => {
  for (const cause of causes) expect([cause, new Fault(cause, '').isTransient]).toEqual([cause, isTransient])
})
