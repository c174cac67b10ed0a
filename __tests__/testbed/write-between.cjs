// Loaded into a step before its program (NODE_OPTIONS=--require): once, when the new content of WRITE_FILE is complete
// and has not yet taken its place, writes WRITE_TEXT to WRITE_FILE, as a client that does not lock may do.
const fs = require('node:fs')

const { fsyncSync, readlinkSync, writeFileSync } = fs
const { WRITE_FILE = '', WRITE_TEXT = '' } = process.env
let written = false

fs.fsyncSync = handle => {
  fsyncSync(handle)
  if (written || !readlinkSync(`/proc/self/fd/${handle}`).includes('.config.json.')) return
  written = true
  writeFileSync(WRITE_FILE, WRITE_TEXT)
}
