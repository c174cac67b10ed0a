// Preloaded into a step (NODE_OPTIONS=--require). Once, after the new content of WRITE_FILE is complete and
// before it replaces the file, writes WRITE_TEXT to WRITE_FILE, as a client that does not lock may do.
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
