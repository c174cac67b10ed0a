import { randomBytes, randomUUID } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { Job } from '../testbed/runner.ts'

const good = {
  region: 'us-south',
  'profile-id': `Profile-${randomUUID()}`,
  'api-key': randomBytes(33).toString('base64url'),
  client: 'docker',
}
const key = good['api-key']

let job: Job
beforeEach(() => {
  job = new Job()
})
afterEach(() => job.remove())

/** Input, value, and the expected error. */
const ROWS: [input: string, value: string, says: RegExp][] = [
  ['region', '', /^Input required and not supplied: region\. Use one or more regions/],
  ['region', ' , \n ', /^Input required and not supplied: region\./],
  [
    'region',
    'us-sout',
    /"us-sout" is not a region .* Did you mean us-south\? Accepted: global, au-syd, .*us-south; or a full registry domain/,
  ],
  ['region', 'us', /Did you mean us-south\?/],
  ['region', 'us-south, evil.com', /^region: "evil\.com" is not a region/],
  ['region', 'us-east', /"us-east" has no registry\. Use us-south or global/],
  ['region', 'eu', /"eu" is ambiguous\. Use eu-de/],
  ['region', 'private', /^region: "private" is not a region\. Use a private registry domain/],
  ['region', 'cp.icr.io', /another product/],
  ['region', 'stg.icr.io', /another product/],
  ...[
    'icr.io.evil.com',
    'us.icr.io:443',
    'us.icr.io/ns',
    'https://us.icr.io',
    'a@us.icr.io',
    '*.icr.io',
    '..icr.io',
    'us.icr.io.',
  ].map((host): [string, string, RegExp] => [
    'region',
    host,
    /is not a region of IBM Cloud Container Registry/,
  ]),
  ['region', 'x'.repeat(5000), /^region: a value of 5000 characters \(not shown/],
  ['region', '🚀', /^region: "🚀" is not a region/],
  ['region', '-us', /^region: "-us" is not a region/],
  [
    'region',
    'us-south; rm -rf /',
    /^region: "us-south; rm -rf \/" \(separate several values with .*\) is not a region/,
  ],
  ['region', key, /not shown, because it looks like an API key/],
  [
    'client',
    '',
    /^client: an empty value is not supported\. Accepted: one or more of docker, buildah, podman, skopeo/,
  ],
  ['client', ' ', /^client: an empty value is not supported/],
  ['client', 'dokcer', /^client: "dokcer" is not supported\. Did you mean docker\?/],
  ['client', 'docker;id', /^client: "docker;id" \(separate several values with .*\) is not supported/],
  ['client', 'y'.repeat(5000), /^client: a value of 5000 characters/],
  ['profile-id', '', /^Input required and not supplied: profile-id\./],
  ['profile-id', '  ', /^Input required and not supplied: profile-id\./],
  ['profile-id', `ServiceId-${randomUUID()}`, /^profile-id: "ServiceId-.*" is a service ID/],
  [
    'profile-id',
    'my-profile',
    /^profile-id: "my-profile" is not a trusted profile's ID.* Accepted: .*Profile-/,
  ],
  ['profile-id', 'iamapikey', /is the user name for a login without a trusted profile/],
  ['profile-id', 'iambearer', /is the user name for a login with an access token/],
  ['profile-id', 'IBMid-310000ABCD', /^profile-id: "IBMid-310000ABCD" is the IAM ID of a user/],
  ['profile-id', 'Profile-123', /^profile-id: "Profile-123" is malformed/],
  [
    'profile-id',
    key,
    /^profile-id: a value of 44 characters \(not shown, because it looks like an API key\)/,
  ],
  ['profile-id', `${good['profile-id']}; id`, /is malformed/],
  ['profile-id', '🚀'.repeat(5000), /^profile-id: "(?:🚀){60}"… \(5000 characters\) is not/],
  [
    'api-key',
    '',
    /^Input required and not supplied: api-key\. Workflows that are started by a pull request from a fork or by Dependabot get no secrets/,
  ],
  ['api-key', ' \n', /^Input required and not supplied: api-key\./],
  ['api-key', `ApiKey-${randomUUID()}`, /^api-key: it is the ID of an API key, not the key itself/],
  [
    'api-key',
    JSON.stringify({ name: 'ci', apikey: key }, null, 2),
    /^api-key: it is the whole JSON file of the key/,
  ],
  ['api-key', 'eyJhbGciOiJSUzI1NiJ9.eyJhIjoxfQ.c2lnbmF0dXJl', /^api-key: it is an IAM access token/],
  ['api-key', 'crn:v1:bluemix:public:iam-identity::a/0::serviceid:x', /^api-key: it is a CRN/],
  ['api-key', `"${key}"`, /^api-key: it is in quotes/],
  ['api-key', `ICR_API_KEY=${key}`, /^api-key: it begins with the name of the key/],
  ['api-key', `${key} ${key}`, /^api-key: it contains whitespace/],
  ['api-key', `${key}\n${key}`, /^api-key: it contains whitespace/],
  ['api-key', `${key}🚀`, /^api-key: it contains characters that are invalid in an API key/],
  ['api-key', 'k'.repeat(5000), /^api-key: it is too long/],
  ['api-key', 'e', /^api-key: it is too short/],
  ['credentials-file', '~/icr.json', /^credentials-file: "~\/icr\.json" begins with ~/],
  ['credentials-file', '$RUNNER_TEMP/icr.json', /^credentials-file: ".*" begins with \$, which is not/],
  ['credentials-file', 'a\n::warning::b', /^credentials-file: "a\\n::warning::b" contains line breaks/],
  ['logout', 'maybe', /^logout: "maybe" is not supported. Accepted: true, false/],
  ['logout', '', /^logout: an empty value is not supported. Accepted: true, false/],
  ['logout', 'constructor', /^logout: "constructor" is not supported. Accepted: true, false/],
]

const titled = ROWS.map(
  ([input, value, says]) => [`${input}: ${JSON.stringify(value.slice(0, 60))}`, input, value, says] as const,
)

test.each(titled)('%s', async (_title, input, value, says) => {
  const step = await job.uses({ ...good, [input]: value })
  expect(step.exitCode).toBe(1)
  expect(step.annotations).toEqual([{ kind: 'error', message: expect.stringMatching(says) }])
  expect(step.annotations[0]?.message.length).toBeLessThan(500)
  expect(step.log.trim().split('\n')).toHaveLength(1)
  expect(step.log).not.toContain(key)
  expect(step.outputs).toEqual({})
  expect(job.starts).toEqual([])

  const log = 'Nothing to log out of: this step stored no credentials\n'
  expect(await job.end()).toMatchObject([{ exitCode: 0, log, annotations: [] }])
  expect([...readdirSync(job.home), ...readdirSync(job.temp)]).toEqual([])
})

test('started by a program other than the runner', async () => {
  const step = await job.uses(good, { RUNNER_TEMP: '' })
  expect(step).toMatchObject({
    exitCode: 1,
    annotations: [{ kind: 'error', message: expect.stringMatching(/^RUNNER_TEMP is not set\./) }],
  })
  expect(step.raw).not.toContain(key)
  expect(job.starts).toEqual([])
})
