// Loaded into a step before its program (NODE_OPTIONS=--require): shortens the step's pauses, and its long time limits
// too if SKIPS says so, and moves its clock on by what was left out, so that to the step all lasts as long as it asked.
// Writes each to WAITS as a line of JSON: what it is, how long it was to be, and when it began; and in the end how long
// the step was.
const { getEventListeners } = require('node:events')
const { appendFileSync } = require('node:fs')
const timers = require('node:timers/promises')

const { setTimeout: sleep } = timers
const { setTimeout: timer } = globalThis
const { timeout } = AbortSignal
const { uptime } = process
const realNow = () => uptime() * 1000
const start = realNow()
let skipped = 0

/** Short for what nothing else goes on in; long enough for a real answer. In milliseconds. */
const SHORT_PAUSE = 50
const SHORT_LIMIT = process.env.SKIPS === 'pauses' ? Number.POSITIVE_INFINITY : 3_000

const now = () => realNow() - start + skipped
process.uptime = () => now() / 1000

/** @returns what moves the clock on, once the wait is over */
function note(what, ms) {
  appendFileSync(process.env.WAITS, `${JSON.stringify({ what, ms, at: now() })}\n`)
  const end = now() + ms
  return () => {
    skipped += Math.max(0, end - now())
  }
}

timers.setTimeout = async (ms, ...more) => {
  const skip = note('pause', ms)
  const result = await sleep(Math.min(ms, SHORT_PAUSE), ...more)
  skip()
  return result
}

// The limits of programs.
globalThis.setTimeout = (act, ms, ...more) => {
  const skip = note('limit', ms)
  const late = () => {
    skip()
    act(...more)
  }
  return timer(late, Math.min(ms, SHORT_LIMIT))
}

// The limits of requests.
AbortSignal.timeout = ms => {
  const skip = note('limit', ms)
  const signal = timeout.call(AbortSignal, Math.min(ms, SHORT_LIMIT))
  signal.addEventListener('abort', () => {
    // Nobody else listens any more where there was an answer in time.
    if (getEventListeners(signal, 'abort').length > 1) skip()
  })
  return signal
}

process.once('exit', () => note('end', 0))
