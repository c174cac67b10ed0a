import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { Deadline } from '../../src/deadline.ts'
import { type Cause, Fault } from '../../src/fault.ts'

/** The pauses since the test began, in milliseconds. They take no time. */
let pauses: number[]
jest.unstable_mockModule('node:timers/promises', () => ({
  setTimeout: async (ms: number) => {
    pauses.push(ms)
  },
}))
const { pauseAfter, retry } = await import('../../src/retry.ts')

describe('a pause, in milliseconds', () => {
  test.each<[attempts: number, asked: number, chance: number, pause: number]>([
    [1, 0, 0, 500],
    [1, 0, 0.5, 1000],
    [1, 0, 1, 1500],
    [2, 0, 0, 1500],
    [2, 0, 0.5, 3000],
    [2, 0, 1, 4500],
    // At least as long as the server asks for, up to 30 seconds.
    [1, 1200, 0.5, 1200],
    [1, 29_999, 0.5, 29_999],
    [1, 30_001, 0.5, 30_000],
    [2, 2000, 0.5, 3000],
    // Rounded to whole milliseconds.
    [1, 0, 0.123_456, 623],
  ])('after attempt %d, retry-after %d, random number %d: %d', (attempts, retryAfterMs, chance, pause) => {
    expect(pauseAfter(attempts, new Fault('throttled', '', { retryAfterMs }), chance)).toBe(pause)
  })
})

describe('attempts', () => {
  beforeEach(() => {
    pauses = []
    // The shortest pauses: 0.5 s and 1.5 s.
    jest.spyOn(Math, 'random').mockReturnValue(0)
  })
  afterEach(() => {
    jest.restoreAllMocks()
  })

  /** Runs attempts that throw these errors, one after the other, and then one that succeeds. */
  async function run(
    faults: unknown[],
    { seconds = 60, stopped = false }: { seconds?: number; stopped?: boolean } = {},
  ) {
    const said: string[] = []
    let attempts = 0
    const attempt = async () => {
      const fault = faults[attempts++]
      if (fault !== undefined) throw fault
    }
    const result = await retry('us.icr.io: docker login', attempt, {
      deadline: new Deadline(seconds),
      say: line => said.push(line),
      stopped: () => stopped,
    })
    return { result, attempts, said, pauses }
  }

  const passing = (output = 'first line\nHTTP 503: passing') => new Fault('unavailable', output)

  test('no retry after a success', async () => {
    expect(await run([])).toEqual({ result: undefined, attempts: 1, said: [], pauses: [] })
  })

  test('after a transient fault there is another, with a pause, of which the log tells', async () => {
    const outcome = await run([passing()])
    expect(outcome).toMatchObject({ result: undefined, attempts: 2, pauses: [500] })
    expect(outcome.said).toMatchSnapshot()
  })

  test('the third is the last', async () => {
    const last = passing('the last word')
    const { result, attempts, said } = await run([passing(), passing(), last])
    expect(result).toBe(last)
    expect([attempts, pauses]).toEqual([3, [500, 1500]])
    expect(said).toMatchSnapshot()
  })

  test.each<[what: string, fault: Fault, options: Parameters<typeof run>[1]]>([
    ['a permanent fault', new Fault('refused', 'no'), {}],
    ['a transient fault if something else has failed permanently', passing(), { stopped: true }],
    ['a transient fault if there is not enough time for the pause', passing(), { seconds: 0.49 }],
  ])('no retry after %s', async (_what, fault, options) => {
    expect(await run([fault], options)).toEqual({ result: fault, attempts: 1, said: [], pauses: [] })
  })

  test('a shortage is a permanent fault, and a bug is not a fault', async () => {
    const { result, attempts } = await run([Object.assign(new Error('spawn ENOMEM'), { syscall: 'spawn' })])
    expect(result).toMatchObject({ cause: 'shortage', output: 'spawn ENOMEM' })
    expect(attempts).toBe(1)
    await expect(run([new TypeError('a defect')])).rejects.toThrow('a defect')
    await expect(run([new Error('says ENOMEM, and is not of the system')])).rejects.toThrow('says ENOMEM')
  })

  test.each<[what: string, output: string]>([
    ['several lines', 'one\r\ntwo'],
    ['a long line', `${'x'.repeat(200)}y`],
    ['nothing', ''],
  ])('of %s the last line is shown, short', async (_what, output) => {
    expect((await run([passing(output)])).said).toMatchSnapshot()
  })

  test.each<[cause: Cause, isTransient: boolean]>([
    ['throttled', true],
    ['network', true],
    ['denied', false],
    ['unknown', false],
  ])('%s is transient: %s', async (cause, isTransient) => {
    expect((await run([new Fault(cause, '')])).attempts).toBe(isTransient ? 2 : 1)
  })
})
