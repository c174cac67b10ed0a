// Preloaded into a step (NODE_OPTIONS=--require). Adds a dot to LOCK_TRIES after each attempt to take a lock,
// successful or not, and then waits until the file LOCK_GO exists, if it is set. With LOCK_WHEN=before, does
// so before each attempt, once the lock file is open.
const { appendFileSync, existsSync } = require('node:fs')
const { DatabaseSync } = require('node:sqlite')

const { exec } = DatabaseSync.prototype
const { LOCK_TRIES, LOCK_GO = LOCK_TRIES, LOCK_WHEN } = process.env
const nothing = new Int32Array(new SharedArrayBuffer(4))

function pause() {
  appendFileSync(LOCK_TRIES, '.')
  while (!existsSync(LOCK_GO)) Atomics.wait(nothing, 0, 0, 20)
}

DatabaseSync.prototype.exec = function (sql) {
  if (LOCK_WHEN === 'before') pause()
  try {
    return exec.call(this, sql)
  } finally {
    if (LOCK_WHEN !== 'before') pause()
  }
}
