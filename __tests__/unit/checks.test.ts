import { describe, expect, test } from '@jest/globals'
import { icrUrl, parseChallenge } from '../../src/ibm/registry.ts'
import { parseChecks } from '../../src/inputs.ts'

const DOMAINS = ['us.icr.io', 'de.icr.io']

describe('check-push and check-pull', () => {
  test('a repository is checked on every domain, or only on the domain that it begins with', () => {
    expect(parseChecks('push', ' team/app,\r\nDE.icr.io/team/web\n', DOMAINS)).toEqual([
      { access: 'push', domain: 'us.icr.io', repository: 'team/app' },
      { access: 'push', domain: 'de.icr.io', repository: 'team/app' },
      { access: 'push', domain: 'de.icr.io', repository: 'team/web' },
    ])
  })

  test.each(['', ' ', ',\n,'])('%j: no checks', text => {
    expect(parseChecks('pull', text, DOMAINS)).toEqual([])
  })

  test.each([
    'team/app',
    'team/a',
    'team/apps/web/front',
    'team/my.app-2',
    'team/a_b',
    'team/a__b',
    'team/a---b',
    '4444/0',
    'my-team_1/app',
    `${'n'.repeat(30)}/app`,
    `team/${'a'.repeat(195)}`,
  ])('%j is accepted', repository => {
    expect(parseChecks('pull', repository, ['us.icr.io'])).toEqual([
      { access: 'pull', domain: 'us.icr.io', repository },
    ])
  })

  test.each([
    'app',
    '/app',
    'team/',
    'team//app',
    'team/app/',
    'team/./app',
    'team/../app',
    'team/%2e%2e/app',
    'Team/app',
    'team/App',
    'team/app:1',
    'team/app@sha256:0',
    'team/my app',
    'team/a___b',
    'team/a._b',
    'team/-a',
    'team/a-',
    'team/app?n=1',
    'team/app#x',
    'team\\app',
    'team/äpp',
    'tea/app',
    `${'n'.repeat(31)}/app`,
    '-team/app',
    'team_/app',
    // IBM's rule alone would allow these, but no registry accepts such names.
    'te-_am/app',
    'te___am/app',
    `team/${'a'.repeat(196)}`,
    'us.icr.io/app',
    'us.icr.io/team/app:latest',
    'us.icr.io',
    'https://us.icr.io/team/app',
    'docker://us.icr.io/team/app',
    'localhost:5000/team/app',
  ])('%j is not a repository', text => {
    expect(() => parseChecks('push', text, DOMAINS)).toThrow(
      /^check-push: .* is not a repository\. Accepted: namespace\/name in lowercase, without https:\/\/, tag or digest/,
    )
  })

  test.each([
    'uk.icr.io/team/app',
    'private.us.icr.io/team/app',
    'us.icr.io:443/team/app',
    'docker.io/team/app',
    'us.icr.io.evil.example/team/app',
  ])('%j is on a domain that the step does not log in to', text => {
    expect(() => parseChecks('pull', text, DOMAINS)).toThrow(
      `check-pull: ${JSON.stringify(text)} is on a registry domain that this step does not log in to (us.icr.io, de.icr.io). Add the region, or omit the domain.`,
    )
  })
})

describe('a Bearer challenge', () => {
  const realm = 'https://us.icr.io/oauth/token'
  const service = 'registry'

  test.each<[header: string, parameters: Record<string, string>]>([
    [`Bearer realm="${realm}",service="registry"`, { realm, service }],
    [`Bearer realm="${realm}", service="registry"`, { realm, service }],
    [`Bearer realm="${realm}" ,\t service="registry"`, { realm, service }],
    [`Bearer realm=${realm},service=registry`, { realm, service }],
    [`Bearer realm=${realm}, service="registry"`, { realm, service }],
    [`bearer  Realm = "${realm}", SERVICE = registry`, { realm, service }],
    [`Bearer service="registry",realm="${realm}"`, { realm, service }],
    ['Bearer realm="a \\"b\\" \\\\c"', { realm: 'a "b" \\c' }],
    [
      `Bearer realm="${realm}",service="registry",scope="repository:team/app:pull,push",error="insufficient_scope"`,
      { realm, service, scope: 'repository:team/app:pull,push', error: 'insufficient_scope' },
    ],
    // Text inside quotes is not a parameter.
    [
      `Bearer realm="${realm}",error="no, realm=https://evil.example"`,
      { realm, error: 'no, realm=https://evil.example' },
    ],
    ['Bearer realm=""', { realm: '' }],
  ])('%s', (header, parameters) => {
    expect(parseChallenge(challenged(header))).toEqual(parameters)
  })

  test.each(['Basic realm="x"', 'Bearer', 'Bearerrealm="x"', ''])('%j is not one', header => {
    expect(parseChallenge(challenged(header))).toBeUndefined()
  })

  test('is ignored unless the status is 401', () => {
    expect(parseChallenge({ ...challenged(`Bearer realm="${realm}"`), status: 200 })).toBeUndefined()
    expect(parseChallenge({ status: 401, headers: {}, body: '' })).toBeUndefined()
  })
})

function challenged(header: string) {
  return { status: 401, headers: { 'www-authenticate': header }, body: '' }
}

describe('a redirect', () => {
  const base = 'https://us.icr.io/v2/team/app/blobs/uploads/'

  test.each([
    ['https://us.icr.io/oauth/token', 'https://us.icr.io/oauth/token'],
    ['https://icr.io/oauth/token', 'https://icr.io/oauth/token'],
    ['https://dd0.us.icr.io/x?_state=1', 'https://dd0.us.icr.io/x?_state=1'],
    ['/v2/team/app/blobs/uploads/1?_state=2', 'https://us.icr.io/v2/team/app/blobs/uploads/1?_state=2'],
    ['1', `${base}1`],
    ['//de.icr.io/x', 'https://de.icr.io/x'],
    ['HTTPS://US.ICR.IO/x', 'https://us.icr.io/x'],
    // URL parsers treat a backslash as a slash, which ends the host.
    ['https://us.icr.io\\@evil.example', 'https://us.icr.io/@evil.example'],
    ['https://user:password@us.icr.io/x', 'https://us.icr.io/x'],
  ])('%s', (location, url) => {
    expect(icrUrl(location, base).href).toBe(url)
  })

  test.each([
    'https://evil.example/token',
    '//evil.example/token',
    '\\\\evil.example/token',
    'http://us.icr.io/token',
    'ftp://us.icr.io/token',
    'file:///etc/passwd',
    'javascript:1',
    'https://us.icr.io.evil.example/',
    'https://evil-icr.io/',
    'https://xicr.io/',
    'https://us.icr.io@evil.example/',
    'https://evil.example#us.icr.io',
    'https://evil.example/?us.icr.io',
    'https://us.icr.io.',
    'https://iam.cloud.ibm.com/identity/token',
    'https://',
    'https://us icr.io/',
  ])('%s is not followed', location => {
    expect(() => icrUrl(location, base)).toThrow(/^The registry redirects to /)
  })
})
