// Preloaded into a step (NODE_OPTIONS=--require). Shortens the step's pauses and, if SKIPS says so, its long
// time limits. Advances its clock by the time saved, so that to the step everything takes as long as
// intended. Writes each wait to WAITS as a line of JSON: what it is, its intended duration, and when it
// began; at the end, the duration of the step.
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

/** In milliseconds. Nothing else happens during pauses. Limits must be long enough for real responses. */
const SHORT_PAUSE = 50
const SHORT_LIMIT = process.env.SKIPS === 'pauses' ? Number.POSITIVE_INFINITY : 5_000

const now = () => realNow() - start + skipped
process.uptime = () => now() / 1000

/** @returns a function that advances the clock, for the end of the wait */
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

// Time limits of programs.
globalThis.setTimeout = (act, ms, ...more) => {
  const skip = note('limit', ms)
  const late = () => {
    skip()
    act(...more)
  }
  return timer(late, Math.min(ms, SHORT_LIMIT))
}

// Time limits of requests.
AbortSignal.timeout = ms => {
  const skip = note('limit', ms)
  const signal = timeout.call(AbortSignal, Math.min(ms, SHORT_LIMIT))
  signal.addEventListener('abort', () => {
    // If the response arrived in time, Node has removed its listener. The others are this one and the action's.
    if (getEventListeners(signal, 'abort').length > 2) skip()
  })
  return signal
}

process.once('exit', () => note('end', 0))
