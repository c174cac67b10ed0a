import { describe, expect, test } from '@jest/globals'
import type { CheckProblem } from '../../src/checks.ts'
import { type Cause, Fault } from '../../src/fault.ts'
import type { Diagnosis } from '../../src/ibm/diagnosis.ts'
import {
  parseApiKey,
  parseAuthMethod,
  parseBoolean,
  parseChecks,
  parseClients,
  parseCredentialsFile,
  parseNoApiKey,
  parseProfileId,
  parseRegions,
} from '../../src/inputs.ts'
import type { Problem } from '../../src/login.ts'
import { explainChecks } from '../../src/report/checks.ts'
import { explainExchange } from '../../src/report/exchange.ts'
import { errorOf, revealed } from '../../src/report/logins.ts'
import { lineOf, readOn } from '../../src/report/parts.ts'
import type { Step } from '../../src/step.ts'
import { UserError } from '../../src/user-error.ts'

const UUID = '6e1f7ea6-734c-49f5-832a-cd8f4aaed739'
/** In the format of an API key, but not one. */
const LIKE_A_KEY = 'a-throw-away_key-that-nobody-has-ever-had-44'

function errorFrom(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    if (error instanceof UserError) return error.message
    throw error
  }
  throw new Error('nothing is wrong with it')
}

describe('what is wrong with an input', () => {
  const domains = ['us.icr.io', 'de.icr.io']
  const PARSERS = {
    region: (text: string) => parseRegions(text, () => {}),
    'profile-id': parseProfileId,
    'auth-method': parseAuthMethod,
    'api-key': parseApiKey,
    'api-key, where none is used': parseNoApiKey,
    'credentials-file': parseCredentialsFile,
    client: (text: string) => parseClients(text),
    'check-push': (text: string) => parseChecks('push', text, domains),
    logout: (text: string) => parseBoolean('logout', text),
  }
  const VALUES: Record<keyof typeof PARSERS, string[]> = {
    region: [
      '',
      ' ,\n',
      'us-east',
      'US-East.icr.io',
      'private.us-east.icr.io',
      'eu',
      'eu.icr.io',
      'cp.icr.io',
      'private.cp.icr.io',
      'stg.icr.io',
      // Similar to an ID, similar to a former ID, the label of a domain, similar to none, one typo too many.
      'us-sout',
      'us-suoth',
      'ap-nort',
      'us',
      'private',
      'eu-deabc',
      'eu-deabcd',
      'https://us.icr.io',
      'xhttps://us.icr.io',
      'x-private-us-south',
      `us-south${'x'.repeat(33)}`,
      LIKE_A_KEY,
    ],
    'profile-id': [
      '',
      ' \n',
      `ServiceId-${UUID}`,
      ` ServiceId-${UUID}`,
      `iam-serviceid-${UUID}`,
      `ApiKey-${UUID}`,
      'iamapikey',
      'IAMAPIKEY',
      'iambearer',
      'IBMid-270000ABCD',
      `profile-${UUID}`,
      `xProfile-${UUID}`,
      `xServiceId-${UUID}`,
      `xApiKey-${UUID}`,
      'xiamapikey',
      'iamapikeyx',
      'xiambearer',
      'iambearerx',
      'xIBMid-270000ABCD',
      'somebody',
      ` ${LIKE_A_KEY}`,
    ],
    'auth-method': ['', 'api-keys', 'token', 'access_tokn', `api-key${'s'.repeat(34)}`, 'nothing of it'],
    'api-key': [
      '',
      ' \n',
      '{"apikey": "x"}',
      '{"a":',
      '["a"]',
      `ApiKey-${UUID}`,
      `Profile-${UUID}`,
      `iam-Profile-${UUID}`,
      `ServiceId-${UUID}`,
      'crn:v1:x',
      '"quoted"',
      '`quoted\nover lines`',
      'eyJhbGciOi.eyJpYW1f.c2lnbmF0dXJl',
      'of two words',
      'of\ntwo lines',
      'of-ümlauts',
      'x'.repeat(1001),
      'xyz',
    ],
    'api-key, where none is used': [LIKE_A_KEY],
    'credentials-file': [
      '~',
      '~/icr.json',
      '$RUNNER_TEMP/icr.json',
      '${HOME',
      '%TEMP%\\icr.json',
      'icr.json\n',
      'icr\u0007.json',
    ],
    client: [
      '',
      'none',
      'none, docker',
      'dcker',
      'podmna',
      'kaniko',
      `docker${'x'.repeat(35)}`,
      `docker${'x'.repeat(34)}`,
      LIKE_A_KEY,
    ],
    'check-push': ['uk.icr.io/team/app', 'team/app:latest', 'app'],
    logout: ['', 'yes', 'true false'],
  }

  for (const [input, values] of Object.entries(VALUES) as [keyof typeof PARSERS, string[]][]) {
    test.each(values)(`${input}: %j`, value => {
      expect(errorFrom(() => PARSERS[input](value))).toMatchSnapshot()
    })
  }

  const accepted: [input: keyof typeof PARSERS, value: string, result: unknown][] = [
    ['api-key', 'abcd', 'abcd'],
    ['api-key', 'x'.repeat(1000), 'x'.repeat(1000)],
    ['api-key', 'xApiKey-1', 'xApiKey-1'],
    ['api-key', 'xProfile-1', 'xProfile-1'],
    ['api-key', 'xcrn:v1', 'xcrn:v1'],
    ['api-key', 'a{b}[c]', 'a{b}[c]'],
    ['api-key', '"half', '"half'],
    ['api-key', 'half"', 'half"'],
    ['api-key', '"word"-and-more', '"word"-and-more'],
    ['api-key', 'a-b!api_key=c', 'a-b!api_key=c'],
    ['api-key', 'a$KEY', 'a$KEY'],
    ['api-key', 'more-and-"word"', 'more-and-"word"'],
    ['api-key', 'xeyJ.a.b', 'xeyJ.a.b'],
    ['api-key', 'eyJ.a', 'eyJ.a'],
    ['api-key', 'eyJ.a.b.c', 'eyJ.a.b.c'],
    ['api-key', '{}', undefined],
    ['api-key, where none is used', '', ''],
    ['api-key, where none is used', ' \n', ''],
    ['credentials-file', '', undefined],
    ['credentials-file', 'a~b', 'a~b'],
    ['credentials-file', '$', '$'],
    ['credentials-file', '$1/a$b', '$1/a$b'],
    ['credentials-file', '%41.json', '%41.json'],
    ['auth-method', ' Api-Key\n', 'api-key'],
    ['auth-method', '', undefined],
  ]
  test.each(accepted.filter(([, , result]) => result !== undefined))(
    '%s: %j is accepted',
    (input, value, result) => {
      expect(PARSERS[input](value)).toEqual(result)
    },
  )

  test('client: none, where there is a file for the login', () => {
    expect(parseClients('None', true)).toEqual(['none'])
    expect(errorFrom(() => parseClients('none, docker', true))).toMatchSnapshot()
  })
})

const step = {
  identity: { authMethod: 'api-key', profileId: `Profile-${UUID}`, apiKey: 'not shown' },
  domains: ['us.icr.io', 'de.icr.io'],
  env: { GITHUB_ACTION_REPOSITORY: 'OWNER/icr-login', GITHUB_ACTION_REF: 'v1' },
} as unknown as Step
const tokenStep = { ...step, identity: { ...step.identity, authMethod: 'access-token' as const } }

/** An error with its details. */
const whole = ({ message, details }: UserError) => `${message}\n--\n${details}`

describe('logins that failed', () => {
  const problem = (client: Problem['client'], domain: string, cause: Cause, said: string): Problem => ({
    client,
    domain,
    fault: new Fault(cause, said),
  })

  test('one error, with a paragraph for each topic, and what was said', () => {
    const problems = [
      problem('docker', 'us.icr.io', 'denied', 'level=info msg="noise"\ndocker says no'),
      problem('podman', 'us.icr.io', 'denied', 'podman says no'),
      problem('docker', 'de.icr.io', 'denied', 'docker says no again'),
      problem('none', 'us.icr.io', 'network', 'socket hang up'),
    ]
    expect(whole(errorOf(problems, undefined, step))).toMatchSnapshot()
  })

  test.each([
    ['us.icr.io', false],
    ['de.icr.io', true],
  ])('a proxy that is not for %s: it is named, %s', (NO_PROXY, isNamed) => {
    const env = { ...step.env, HTTPS_PROXY: 'proxy.example:3128', NO_PROXY }
    const problems = [problem('docker', 'us.icr.io', 'network', 'two\nlines')]
    const { message, details } = errorOf(problems, undefined, { ...step, env })
    expect(message.includes('proxy.example:3128')).toBe(isNamed)
    expect(details).toContain('two\nlines')
  })

  test('a page in the words of a client: the line that is before its HTML is quoted', () => {
    const page = 'unknown: <!DOCTYPE html>\n<html>\n  <h1>Blocked</h1>\n</html>'
    const { message } = errorOf([problem('docker', 'us.icr.io', 'unknown', page)], undefined, step)
    expect(message).toContain('Unrecognized error: unknown: <!DOCTYPE html>.\n')
  })

  test.each<[string, Step['identity']['authMethod'], Diagnosis | undefined]>([
    ['a key of which IAM knows nothing', 'api-key', undefined],
    ['a key that IAM does not know', 'api-key', { kind: 'unknown-key', output: 'BXNIM0415E' }],
    ['a token', 'access-token', undefined],
  ])('refused: %s', (_what, authMethod, diagnosis) => {
    const problems = [problem('docker', 'us.icr.io', 'refused', 'unauthorized')]
    const identity = { ...step.identity, authMethod }
    expect(whole(errorOf(problems, diagnosis, { ...step, identity }))).toMatchSnapshot()
  })

  test.each<[what: string, client: Problem['client'], cause: Cause, said: Cause, then: Cause]>([
    ['a refusal that podman hides', 'podman', 'refused', 'private-only', 'private-only'],
    ['a denial that buildah hides', 'buildah', 'denied', 'quota', 'quota'],
    ['a proxy that wants a login', 'podman', 'unknown', 'proxy-login', 'proxy-login'],
    ['what docker does not say', 'docker', 'unknown', 'refused', 'refused'],
    ['what skopeo does not say', 'skopeo', 'unknown', 'no-challenge', 'no-challenge'],
    [
      'what podman does not say, but another host is named',
      'podman',
      'unknown',
      'foreign-url',
      'foreign-url',
    ],
    ['what podman does not say, but the registry denies', 'podman', 'unknown', 'denied', 'denied'],
    ['a refusal that docker tells itself', 'docker', 'refused', 'quota', 'refused'],
    ['a denial that docker tells itself', 'docker', 'denied', 'quota', 'denied'],
    ['our own request', 'none', 'unknown', 'quota', 'unknown'],
    ['our own request, refused', 'none', 'refused', 'quota', 'refused'],
    ['what podman says of the network', 'podman', 'network', 'quota', 'network'],
    ['another way to the registry', 'podman', 'refused', 'certificate', 'refused'],
  ])('what the registry says to us: %s', (_what, client, cause, said, then) => {
    const [shown] = revealed([problem(client, 'us.icr.io', cause, 'theirs')], new Fault(said, 'ours'))
    expect(shown).toMatchObject({ client, domain: 'us.icr.io', fault: { cause: then } })
    const isAdded = then === said
    expect(shown?.fault.output).toBe(isAdded ? 'theirs\nours' : 'theirs')
  })
})

describe('checks that failed', () => {
  const problem = (
    access: 'push' | 'pull',
    domain: string,
    cause: Cause,
    details: { status?: number } = {},
  ): CheckProblem => ({
    access,
    domain,
    repository: 'team/app',
    fault: new Fault(cause, `the words of ${cause}`, details),
  })

  test.each<[string, CheckProblem[]]>([
    ['refused', [problem('push', 'us.icr.io', 'refused')]],
    ['denied', [problem('pull', 'private.de.icr.io', 'denied')]],
    ['not there', [problem('push', 'us.icr.io', 'unknown', { status: 404 })]],
    ['in the global registry', [problem('push', 'icr.io', 'denied')]],
    ['in a region that is newer', [problem('pull', 'new.icr.io', 'denied')]],
    ['no registry', [problem('pull', 'us.icr.io', 'no-challenge')]],
    ['by something else', [problem('pull', 'us.icr.io', 'unknown', { status: 418 })]],
    [
      'several, in each its own way',
      [problem('push', 'us.icr.io', 'denied'), problem('pull', 'de.icr.io', 'network')],
    ],
  ])('%s', (_what, problems) => {
    expect(whole(explainChecks(problems, step))).toMatchSnapshot()
  })
})

describe('an access token that could not be had', () => {
  const proxied = { ...tokenStep, env: { ...step.env, HTTPS_PROXY: 'proxy.example:3128' } }

  test.each<[string, Fault | undefined, Diagnosis | undefined]>([
    ['no answer', new Fault('no-answer', 'timed out'), undefined],
    ['a proxy whose URL is wrong', new Fault('proxy-url', 'HTTPS_PROXY'), undefined],
    ['a proxy that wants a login', new Fault('proxy-login', 'HTTP 407'), undefined],
    [
      'a certificate that is not valid yet',
      new Fault('certificate', 'certificate is not yet valid'),
      undefined,
    ],
    ['a shortage', new Fault('shortage', 'spawn ENOMEM', { line: 'memory' }), undefined],
    ['a refusal', undefined, { kind: 'unknown-key', output: 'BXNIM0415E' }],
    ['neither', undefined, undefined],
  ])('%s', (_what, fault, refused) => {
    expect(whole(explainExchange(fault, refused, proxied))).toMatchSnapshot()
  })

  test.each([
    ['iam.cloud.ibm.com', ['us.icr.io', 'de.icr.io'], false],
    ['iam.cloud.ibm.com', ['us.icr.io', 'private.de.icr.io'], false],
    ['private.iam.cloud.ibm.com', ['us.icr.io', 'private.de.icr.io'], false],
    ['private.iam.cloud.ibm.com', ['us.icr.io', 'de.icr.io'], true],
  ])('past the proxy to %s alone, with %j: a proxy is named, %s', (NO_PROXY, domains, isNamed) => {
    const env = { ...proxied.env, NO_PROXY }
    const { message } = explainExchange(new Fault('no-answer', 'x'), undefined, {
      ...tokenStep,
      domains,
      env,
    })
    expect(message.includes('proxy.example:3128')).toBe(isNamed)
  })
})

test.each([
  [{ GITHUB_ACTION_REPOSITORY: 'OWNER/icr-login', GITHUB_ACTION_REF: 'v1' }],
  [{ GITHUB_ACTION_REPOSITORY: 'OWNER/icr-login', GITHUB_ACTION_REF: '' }],
  [{ GITHUB_ACTION_REPOSITORY: '', GITHUB_ACTION_REF: 'v1' }],
])('where to read on, with %j', env => {
  expect(readOn('quota', env)).toMatchSnapshot()
})

test('the line that is quoted: the one that tells, else the last that is no noise, in short', () => {
  const said = 'the first\nlevel=info msg="x"\nlevel=debug msg="y"'
  expect(lineOf(new Fault('unknown', said))).toBe('the first')
  expect(lineOf(new Fault('unknown', said, { line: 'that one' }))).toBe('that one')
  expect(lineOf(new Fault('unknown', ''))).toBe('')
  expect(lineOf(undefined)).toBe('')
  expect(lineOf(new Fault('unknown', 'x'.repeat(301)))).toBe('x'.repeat(300))
})
