// Preloaded into a step (NODE_OPTIONS=--require). Records all file system calls from the undo record on in
// KILL_TRACE, and kills the process with SIGKILL at call number KILL_AT, before or after it (KILL_WHEN).
const fs = require('node:fs')

const NAMES = [
  'openSync',
  'writeFileSync',
  'fchmodSync',
  'fsyncSync',
  'closeSync',
  'renameSync',
  'unlinkSync',
  'rmdirSync',
  'appendFileSync',
  'mkdirSync',
]
const { appendFileSync } = fs
const killAt = Number(process.env.KILL_AT)
let calls = -1
let within = false

for (const name of NAMES) {
  const real = fs[name]
  fs[name] = (...args) => {
    const isRecord = name === 'renameSync' && String(args[1]).endsWith('undo.json')
    // Some of these functions call others of them.
    if (within || (calls < 0 && !isRecord)) return real(...args)
    within = true
    try {
      const isIt = ++calls === killAt
      if (isIt && process.env.KILL_WHEN === 'before') process.kill(process.pid, 'SIGKILL')
      const result = real(...args)
      appendFileSync(process.env.KILL_TRACE, `${name} ${args[0]}\n`)
      if (isIt) process.kill(process.pid, 'SIGKILL')
      return result
    } finally {
      within = false
    }
  }
}
