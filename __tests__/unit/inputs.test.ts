import { EOL } from 'node:os'
import { afterEach, describe, expect, jest, test } from '@jest/globals'
import { REGIONS, regionOf, resolveRegion } from '../../src/ibm/regions.ts'
import {
  type Inputs,
  parseApiKey,
  parseBoolean,
  parseChecks,
  parseClients,
  parseProfileId,
  parseRegions,
  readInputs,
} from '../../src/inputs.ts'

const UUID = '6e1f7ea6-734c-49f5-832a-cd8f4aaed739'

describe('region', () => {
  // Not derived from the table in src, so that a mistake there is noticed.
  test.each([
    ['global', 'icr.io'],
    ['au-syd', 'au.icr.io'],
    ['ap-south', 'au.icr.io'],
    ['br-sao', 'br.icr.io'],
    ['ca-mon', 'ca2.icr.io'],
    ['ca-tor', 'ca.icr.io'],
    ['eu-de', 'de.icr.io'],
    ['eu-central', 'de.icr.io'],
    ['eu-es', 'es.icr.io'],
    ['eu-gb', 'uk.icr.io'],
    ['uk-south', 'uk.icr.io'],
    ['in-che', 'in.icr.io'],
    ['in-mum', 'in2.icr.io'],
    ['jp-osa', 'jp2.icr.io'],
    ['jp-tok', 'jp.icr.io'],
    ['ap-north', 'jp.icr.io'],
    ['us-south', 'us.icr.io'],
  ])('%s is %s', (region, domain) => {
    expect(resolveRegion(` ${region.toUpperCase()} `)).toEqual({ domain })
  })

  test.each(REGIONS.flatMap(({ domain }) => [domain, `private.${domain}`]))(
    '%s is a known domain',
    domain => {
      expect(resolveRegion(domain)).toEqual({ domain })
    },
  )

  test('a private domain begins with “private.”', () => {
    expect(regionOf('private.us.icr.io')).toBe('us-south')
    expect(regionOf('us.private.icr.io')).toBeUndefined()
    expect(regionOf('xprivate.us.icr.io')).toBeUndefined()
  })

  test('a domain that is newer than the release is used, with a warning', () => {
    expect(resolveRegion('us2.icr.io')).toEqual({
      domain: 'us2.icr.io',
      warning: 'region: us2.icr.io is unknown to this release. Did you mean us.icr.io? Using it anyway.',
    })
    expect(resolveRegion('private.us2.icr.io').warning).toContain('Did you mean private.us.icr.io?')
    expect(resolveRegion('private-us.icr.io').warning).toContain('Did you mean private.us.icr.io?')
  })

  test.each(['new.icr.io', 'private.somewhere.icr.io', 'a.b.icr.io', 'x.private.us.icr.io'])(
    '%s is not similar to any known domain',
    name => {
      expect(resolveRegion(name)).toEqual({
        domain: name,
        warning: `region: ${name} is unknown to this release. Using it anyway.`,
      })
    },
  )

  test.each([
    ['us-south.icr.io', 'us-south or us.icr.io'],
    ['US-South.icr.io', 'us-south or us.icr.io'],
    ['uk-south.icr.io', 'uk-south or uk.icr.io'],
    ['global.icr.io', 'global or icr.io'],
    ['private.us-south.icr.io', 'private.us.icr.io'],
    ['us-south.private.icr.io', 'private.us.icr.io'],
    ['private.global.icr.io', 'private.icr.io'],
    ['registry.eu-de.icr.io', 'eu-de or de.icr.io'],
  ])('%s is a region used as a domain, which does not exist', (text, instead) => {
    expect(() => resolveRegion(text)).toThrow(
      `region: ${JSON.stringify(text.toLowerCase())} does not exist. Use ${instead}.`,
    )
  })

  test.each(REGIONS)('$id is not a domain', ({ id }) => {
    for (const host of [`${id}.icr.io`, `private.${id}.icr.io`])
      expect(() => resolveRegion(host)).toThrow('does not exist. Use ')
  })

  test('separated by commas and line breaks; each domain once, with one warning', () => {
    const warnings: string[] = []
    const domains = parseRegions(
      'us-south, EU-DE\r\nde.icr.io,\n\nnew.icr.io,new.icr.io,new.icr.io',
      warning => warnings.push(warning),
    )
    expect(domains).toEqual(['us.icr.io', 'de.icr.io', 'new.icr.io'])
    expect(warnings).toHaveLength(1)
  })

  test.each(['constructor', '__proto__', 'icr.io.', '.icr.io', 'xicr.io', 'us_x.icr.io', 'us.icr.io\tx'])(
    '%j is refused',
    text => {
      expect(() => resolveRegion(text)).toThrow('is not a region')
    },
  )
})

test.each([
  ['https://us.icr.io/', 'us.icr.io'],
  ['http://private.de.icr.io', 'private.de.icr.io'],
  ['us.icr.io:443', 'us.icr.io'],
  ['us.icr.io/my-namespace', 'us.icr.io'],
  ['icr.io.', 'icr.io'],
  ['private.us-south', 'private.us.icr.io'],
  ['private-us-south', 'private.us.icr.io'],
  ['private uk-south', 'private.uk.icr.io'],
  ['DE', 'eu-de'],
])('region %j: did you mean %s?', (text, meant) => {
  expect(() => resolveRegion(text)).toThrow(`Did you mean ${meant}?`)
})

test.each(['icr.io.evil.com', 'a@us.icr.io', 'evil.com/us.icr.io'])('region %j: no guess', text => {
  expect(() => resolveRegion(text)).not.toThrow('Did you mean')
  expect(() => resolveRegion(text)).toThrow('is not a region')
})

describe('profile-id', () => {
  test.each([
    `Profile-${UUID}`,
    `iam-Profile-${UUID}`,
    `crn:v1:bluemix:public:iam-identity::a/1560be5426584bf8a43e751560be5426::profile:Profile-${UUID}`,
    `\tProfile-${UUID}\n`,
  ])('%j is accepted', text => {
    expect(parseProfileId(text)).toBe(`Profile-${UUID}`)
  })

  test.each([`profile-${UUID}`, `Profile-${UUID}0`, `Profile-${UUID} x`, `Profile-${UUID}\nProfile-${UUID}`])(
    '%j is malformed',
    text => {
      expect(() => parseProfileId(text)).toThrow('is malformed')
    },
  )
})

test('an API key may begin with a hyphen and have any length', () => {
  for (const key of ['-starts-with-a-hyphen', 'short', 'x'.repeat(300)])
    expect(parseApiKey(`${key}\n`)).toBe(key)
})

test.each([
  ['crn:v1:bluemix:public:iam-identity::a/1::apikey:ApiKey-1', 'it is a CRN'],
  [`ServiceId-${UUID}`, 'it is the ID of'],
  ['eyJhbGciOi.eyJpYW1f.c2lnbmF0dXJl', 'it is an IAM access token'],
  ['{"a":', 'it looks like JSON'],
  ['apikey:0123456789', 'it begins with the name of the key'],
  ['ICR_API_KEY=0123456789', 'it begins with the name of the key'],
  ['"apikey":"0123456789"', 'it begins with the name of the key'],
  ['$ICR_API_KEY', 'it is the name of a variable'],
  [`$\{ICR_API_KEY}`, 'it is the name of a variable'],
])('api-key %j', (text, says) => {
  expect(() => parseApiKey(text)).toThrow(`api-key: ${says}`)
})

test('clients: without duplicates, case-insensitive', () => {
  expect(parseClients('Podman,docker\npodman')).toEqual(['podman', 'docker'])
})

test('booleans are case-insensitive', () => {
  expect([parseBoolean('logout', ' TRUE'), parseBoolean('logout', 'False')]).toEqual([true, false])
})

describe('all inputs together', () => {
  const before = { ...process.env }
  afterEach(() => {
    process.env = { ...before }
  })

  /** Reads inputs as the runner passes them. */
  function read(given: Record<string, string>): { inputs: Inputs; printed: string; warnings: string[] } {
    for (const [name, value] of Object.entries(given)) process.env[`INPUT_${name.toUpperCase()}`] = value
    const warnings: string[] = []
    let printed = ''
    const spy = jest.spyOn(process.stdout, 'write').mockImplementation(text => {
      printed += text
      return true
    })
    try {
      return { inputs: readInputs(warning => warnings.push(warning)), warnings, printed }
    } finally {
      spy.mockRestore()
    }
  }

  const given = {
    region: 'us-south, new.icr.io',
    'profile-id': `iam-Profile-${UUID}`,
    'api-key': ' throw-away \n',
    'auth-method': 'access-token',
    client: 'podman',
    isolated: 'true',
    'credentials-file': 'icr.json',
    'check-push': 'us.icr.io/team/push',
    'check-pull': 'us.icr.io/team/pull',
    logout: 'false',
  }

  test('are read', () => {
    const { inputs, printed, warnings } = read(given)
    expect(inputs).toEqual({
      domains: ['us.icr.io', 'new.icr.io'],
      identity: { authMethod: 'access-token', profileId: `Profile-${UUID}`, apiKey: 'throw-away' },
      clients: ['podman'],
      isolated: true,
      credentialsFile: 'icr.json',
      checks: [
        { access: 'push', domain: 'us.icr.io', repository: 'team/push' },
        { access: 'pull', domain: 'us.icr.io', repository: 'team/pull' },
      ],
      logout: false,
    })
    expect(warnings).toHaveLength(1)
    // As entered, and as used.
    expect(printed).toContain(`::add-mask:: throw-away %0A${EOL}`)
    expect(printed).toContain(`::add-mask::throw-away${EOL}`)
    expect(printed).toContain(
      `::add-mask::${Buffer.from(`Profile-${UUID}:throw-away`).toString('base64')}${EOL}`,
    )
  })

  test('client: none, with a credentials file', () => {
    const { inputs } = read({ ...given, client: 'none', isolated: 'false', logout: 'true' })
    expect(inputs).toMatchObject({ clients: ['none'], isolated: false, logout: true })
    expect(() => read({ ...given, client: 'none', 'credentials-file': '' })).toThrow('client: none')
  })

  test('compute-resource: no API key', () => {
    const onResource = { ...given, 'auth-method': 'compute-resource' }
    expect(read({ ...onResource, 'api-key': '' }).inputs.identity).toEqual({
      authMethod: 'compute-resource',
      profileId: `Profile-${UUID}`,
      apiKey: '',
    })
    expect(() => read(onResource)).toThrow(/^api-key: /)
    expect(() => read({ ...given, 'api-key': '' })).toThrow('api-key')
  })

  test.each(['isolated', 'logout'])('an invalid value of %s: the error names the input', name => {
    expect(() => read({ ...given, [name]: 'maybe' })).toThrow(name)
  })
})

describe.each<[input: string, one: string, other: string, parse: (text: string) => unknown]>([
  ['region', 'us-south', 'eu-de', text => parseRegions(text, () => {})],
  ['client', 'docker', 'podman', parseClients],
  ['check-push', 'team/one', 'team/other', text => parseChecks('push', text, ['us.icr.io'])],
])('%s, of several values', (_input, one, other, parse) => {
  const HINT = 'separate several values with commas or line breaks'

  test.each([' ', ';', '; ', ' | ', '+'])(
    'separated by "%s": the error says how to separate them',
    separator => {
      expect(() => parse(`${one}${separator}${other}`)).toThrow(`${one}${separator}${other}" (${HINT})`)
    },
  )

  test('one value that is not accepted: the error does not', () => {
    expect(() => parse(`${one}!`)).toThrow(/^(?!.*separate)/)
  })
})
