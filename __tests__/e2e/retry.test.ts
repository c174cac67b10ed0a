import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { REGIONS } from '../../src/ibm/regions.ts'
import { newApiKey } from '../testbed/cloud.ts'
import { inputs } from '../testbed/helpers.ts'
import {
  type Credentials,
  type Fault,
  type SeenRequest,
  startTestbed,
  type Testbed,
} from '../testbed/index.ts'
import type { Job } from '../testbed/runner.ts'

let testbed: Testbed
let credentials: Credentials
let job: Job
beforeAll(async () => {
  testbed = await startTestbed()
})
afterAll(() => testbed.stop())
beforeEach(() => {
  credentials = testbed.credentials()
  job = testbed.newJob({ skips: 'pauses and limits' })
})
afterEach(() => testbed.tidy())

/** Runs a step for which time passes faster. @returns also the times that it would have waited */
async function login(more: Record<string, string> = {}) {
  const file = join(job.temp, 'icr.json')
  const step = await job.uses(inputs(credentials, { client: 'none', 'credentials-file': file, ...more }))
  const { waits } = job
  return {
    step,
    // Without waits for locks and other short ones.
    pauses: waits.filter(({ what, ms }) => what === 'pause' && ms >= 100).map(({ ms }) => ms),
    limits: waits.filter(({ what }) => what === 'limit'),
    end: waits.find(({ what }) => what === 'end')?.at ?? Number.NaN,
  }
}

type Which = (seen: SeenRequest) => boolean
const isToken: Which = ({ path }) => path === '/oauth/token'
const isUpload: Which = ({ path }) => path.endsWith('/blobs/uploads/')
const seen = (which: Which) => testbed.requests.filter(which).length

/** Makes these requests fail, at most the given number of times. */
function fail(which: Which, fault: Fault, times = Number.POSITIVE_INFINITY): void {
  let left = times
  testbed.fault(request => (which(request) && left-- > 0 ? fault : undefined))
}

function expectBetween(least: number, value: number | undefined, most: number): void {
  expect(value).toBeGreaterThanOrEqual(least)
  expect(value).toBeLessThanOrEqual(most)
}

const oneError = (message: RegExp) => ({
  exitCode: 1,
  annotations: [{ kind: 'error', message: expect.stringMatching(message) }],
})

describe('pauses between attempts', () => {
  const inAnHour = new Date(Date.now() + 3_600_000).toUTCString()

  test.each<[what: string, asked: string | undefined, first: [number, number], second: [number, number]]>([
    ['grow', undefined, [500, 1500], [1500, 4500]],
    ['are at least as long as the registry asks', '2', [2000, 2000], [2000, 4500]],
    ['are exactly as long as the registry asks', '20', [20_000, 20_000], [20_000, 20_000]],
    ['are 30 seconds if it asks for more', '31', [30_000, 30_000], [30_000, 30_000]],
    ['are 30 seconds if it asks for a date in an hour', inAnHour, [30_000, 30_000], [30_000, 30_000]],
  ])('%s', async (_what, asked, ...ranges) => {
    fail(isToken, { status: 429, headers: asked === undefined ? {} : { 'retry-after': asked } })
    const { step, pauses, end } = await login()
    expect(step).toMatchObject(oneError(/Rate limit exceeded \(429\)/))
    expect(seen(isToken)).toBe(3)
    expect(pauses).toHaveLength(2)
    for (const [index, [least, most]] of ranges.entries()) expectBetween(least, pauses[index], most)
    const told = [...step.log.matchAll(/Retrying in (.*) s/g)].map(([, seconds]) => seconds)
    expect(told).toEqual(pauses.map(ms => (ms / 1000).toFixed(1)))
    const sum = pauses.reduce((sum, ms) => sum + ms)
    // The upper bound allows for a slow machine.
    expectBetween(sum, end, sum + 20_000)
    expect(await job.end()).toMatchObject([{ exitCode: 0, annotations: [] }])
  })

  test('differ between logins that failed at the same time', async () => {
    const failed = new Set<string>()
    testbed.fault(request => {
      if (!isToken(request) || failed.has(request.host)) return undefined
      failed.add(request.host)
      return { status: 503 }
    })
    const { step, pauses } = await login({ region: REGIONS.map(({ id }) => id).join() })
    expect(step).toMatchObject({ exitCode: 0, annotations: [] })
    expect(pauses).toHaveLength(REGIONS.length)
    expect(new Set(pauses).size).toBeGreaterThan(1)
  })
})

describe('a permanent failure stops the retries of all others', () => {
  test('of logins', async () => {
    testbed.fault(request => {
      if (!isToken(request)) return undefined
      return request.host === 'de.icr.io' ? 'hang' : { status: 403 }
    })
    const { step, pauses } = await login({ region: 'us-south, eu-de' })
    expect(step).toMatchObject(
      oneError(/^Login to us\.icr\.io failed\.[\s\S]*^Login to de\.icr\.io failed\. Connection timed out/m),
    )
    expect(seen(({ host, path }) => host === 'de.icr.io' && path === '/oauth/token')).toBe(1)
    expect(pauses).toEqual([])
    expect(existsSync(join(job.temp, 'icr.json'))).toBe(false)
  })

  test('of checks', async () => {
    fail(({ path }) => path.includes('/team/slow/'), 'hang')
    const { step, pauses } = await login({ 'check-push': 'team/slow, others/app' })
    expect(step).toMatchObject(
      oneError(
        /^check-push of us\.icr\.io\/team\/slow failed\. Connection timed out[\s\S]*^check-push of us\.icr\.io\/others\/app failed\. The trusted profile/m,
      ),
    )
    expect(seen(({ path }) => path.includes('/team/slow/'))).toBe(1)
    expect(pauses).toEqual([])
  })
})

describe('150 seconds for logins and checks together', () => {
  const BUDGET = 150_000
  const noAnswer = oneError(/^check-push of us\.icr\.io\/team\/app failed\. Connection timed out/)

  test('limit the last attempt', async () => {
    let asked = 0
    testbed.fault(request => (isUpload(request) || (isToken(request) && asked++ === 0) ? 'hang' : undefined))
    const { step, limits, pauses, end } = await login({ 'check-push': 'team/app' })
    expect(step).toMatchObject(noAnswer)
    // One attempt of the login and three of the check, of 45 seconds each, would take 180 seconds.
    expect(seen(isUpload)).toBe(3)
    expect(pauses).toHaveLength(3)
    expectBetween(1, limits.at(-1)?.ms, BUDGET - 3 * 45_000)
    expect(limits.filter(({ ms }) => ms > 45_000)).toEqual([])
    expectBetween(BUDGET, end, BUDGET + 20_000)
  })

  test('exclude a pause and an attempt for which there is not enough time', async () => {
    let asked = 0
    testbed.fault(request => {
      if (isUpload(request)) return { status: 503, headers: { 'retry-after': '30' } }
      return isToken(request) && asked++ < 2 ? 'hang' : undefined
    })
    const { step, pauses, end } = await login({ 'check-push': 'team/app' })
    expect(step).toMatchObject(oneError(/^check-push of us\.icr\.io\/team\/app failed\. .*\(5xx\)/))
    // Twice 45 seconds, with a pause after each. Then there is time for only one pause of 30 seconds.
    expect(seen(isUpload)).toBe(2)
    expect(pauses.slice(2)).toEqual([30_000])
    expectBetween(120_000, end, BUDGET)
  })
})

describe('five seconds for IAM', () => {
  const isIam: Which = ({ path }) => path.startsWith('/identity/')
  beforeEach(() => {
    credentials = { ...credentials, apiKey: newApiKey() }
  })

  test('limit the first request', async () => {
    fail(isIam, 'hang')
    const { step, limits, end } = await login()
    expect(step).toMatchObject(oneError(/IAM could not tell why/))
    expect(seen(isIam)).toBe(1)
    const last = limits.at(-1)
    expectBetween(4_000, last?.ms, 5_000)
    expectBetween(4_000, end - (last?.at ?? 0), 25_000)
  })

  test.each(['hang', 'silence'] as const)('limit a proxy’s tunnel, too: %s', async obstacle => {
    testbed.proxy.obstruct('iam.cloud.ibm.com', obstacle)
    const { step, limits, end } = await login()
    testbed.proxy.obstruct('iam.cloud.ibm.com')
    expect(step).toMatchObject(oneError(/IAM could not tell why/))
    expectBetween(4_000, end - (limits.at(-1)?.at ?? 0), 25_000)
  })

  test('limit both requests together', async () => {
    credentials = { ...credentials, apiKey: testbed.credentials().apiKey }
    testbed.fault(({ path }) => {
      if (path === '/identity/profiles') return 'hang'
      return path === '/identity/token' ? { delayMs: 1_000 } : undefined
    })
    const { step, limits } = await login()
    expect(step).toMatchObject(oneError(/The API key is valid/))
    expect(seen(isIam)).toBe(2)
    expectBetween(1, limits.at(-1)?.ms, 4_000)
  })
})
