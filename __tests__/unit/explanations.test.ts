import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { causeOf } from '../../src/causes.ts'
import { EXPLANATIONS, type Subject, type Topic } from '../../src/explanations.ts'
import type { Diagnosis } from '../../src/ibm/iam.ts'

const profileId = 'Profile-6e1f7ea6-734c-49f5-832a-cd8f4aaed739'
const iamId = 'iam-ServiceId-11111111-2222-3333-4444-555555555555'
const DIAGNOSES: Partial<Record<Topic, Diagnosis>> = {
  'unknown-key': { kind: 'unknown-key', words: 'Provided API key could not be found.' },
  'users-key': { kind: 'users-key', iamId: 'IBMid-270000ABCD' },
  untrusted: {
    kind: 'untrusted',
    iamId,
    trusting: ['Profile-1', 'Profile-2', 'Profile-3', 'Profile-4', 'Profile-5'],
  },
  trusted: { kind: 'trusted', iamId },
}
const subject = (topic: Topic): Subject => ({
  domains: ['us.icr.io', 'private.de.icr.io'],
  profileId,
  diagnosis: DIAGNOSES[topic],
  proxy: 'proxy.example:3128',
  words: 'the words that were said',
})
const topics = Object.keys(EXPLANATIONS) as Topic[]

test.each(topics)('%s', topic => {
  expect(EXPLANATIONS[topic](subject(topic))).toMatchSnapshot()
})

test('a service ID that no profile trusts', () => {
  const diagnosis: Diagnosis = { kind: 'untrusted', iamId, trusting: [] }
  expect(EXPLANATIONS.untrusted({ ...subject('untrusted'), diagnosis })).toMatchSnapshot()
})

test.each<Topic>(['no-answer', 'network', 'no-such-host', 'proxy'])('%s without a proxy', topic => {
  expect(EXPLANATIONS[topic]({ ...subject(topic), proxy: undefined })).toMatchSnapshot()
})

test('each topic is a section of docs/troubleshooting.md, which errors link to', () => {
  const sections = readFileSync('docs/troubleshooting.md', 'utf8')
    .match(/^## .*$/gm)
    ?.map(line => line.slice(3))
  expect(sections).toEqual(expect.arrayContaining([...topics, 'check-push', 'check-pull']))
})

/** What clients have been seen to print, and Node. */
describe('what is said, and what it means', () => {
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
    ['no-such-host', 'getaddrinfo ENOTFOUND us.icr.io'],
    ['network', 'read tcp 10.0.0.1:5000->10.0.0.2:443: read: connection reset by peer'],
    ['network', 'dial tcp 10.0.0.2:443: connect: connection refused'],
    ['network', 'connect ECONNREFUSED 127.0.0.1:443'],
    ['network', 'Get "https://us.icr.io/v2/": EOF'],
    ['network', 'aborted'],
    ['no-answer', 'dial tcp 10.0.0.2:443: i/o timeout'],
    ['no-answer', 'net/http: TLS handshake timeout'],
    ['no-answer', 'timed out: no answer'],
    ['certificate', 'tls: failed to verify certificate: x509: certificate signed by unknown authority'],
    ['certificate', 'unable to verify the first certificate'],
    ['proxy', 'Get "https://us.icr.io/v2/": Bad Gateway'],
    [
      'proxy',
      'Failed to establish tunnel to us.icr.io:443 via http://127.0.0.1:9998: HTTP/1.1 502 Bad Gateway',
    ],
    ['proxy-login', 'Get "https://us.icr.io/v2/": Proxy Authentication Required'],
    ['old-client', 'unknown flag: --password-stdin'],
    [
      'daemon',
      'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock',
    ],
    ['foreign-url', 'The registry names https://evil.com for the next request'],
    ['no-user-namespace', 'Error during unshare(CLONE_NEWUSER): Operation not permitted'],
    ['no-user-namespace', 'Error: cannot re-exec process'],
    ['unknown', 'segmentation fault'],
  ])('%s: %s', (cause, words) => {
    expect(causeOf(words).cause).toBe(cause)
  })

  test('refusals are never tried again', () => {
    expect(['HTTP 400: x', 'HTTP 401: x', 'HTTP 403: x'].map(words => causeOf(words).passing)).toEqual([
      false,
      false,
      false,
    ])
  })
})
