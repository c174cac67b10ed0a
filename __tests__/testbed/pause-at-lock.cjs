// Loaded into a step before its program (NODE_OPTIONS=--require): adds a dot to LOCK_TRIES after each try to take a
// lock, whether it succeeded or not, and then waits until the file LOCK_GO is there, if one is named. With
// LOCK_WHEN=before it does so before each try, when the lock's file has been opened.
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
