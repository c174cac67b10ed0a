// Loaded into a step before its program (NODE_OPTIONS=--require): adds a dot to LOCK_TRIES after each try to take a
// lock, whether it succeeded or not, and then waits until the file LOCK_GO is there, if one is named.
const { appendFileSync, existsSync } = require('node:fs')
const { DatabaseSync } = require('node:sqlite')

const { exec } = DatabaseSync.prototype
const { LOCK_TRIES, LOCK_GO = LOCK_TRIES } = process.env
const nothing = new Int32Array(new SharedArrayBuffer(4))

DatabaseSync.prototype.exec = function (sql) {
  try {
    return exec.call(this, sql)
  } finally {
    appendFileSync(LOCK_TRIES, '.')
    while (!existsSync(LOCK_GO)) Atomics.wait(nothing, 0, 0, 20)
  }
}
