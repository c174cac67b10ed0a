// A credential helper that stores its credentials in the file in HELPER_KEEPS.
const { existsSync, readFileSync, writeFileSync } = require('node:fs')

const { HELPER_KEEPS = '' } = process.env
const kept = existsSync(HELPER_KEEPS) ? JSON.parse(readFileSync(HELPER_KEEPS, 'utf8')) : {}
const keep = () => writeFileSync(HELPER_KEEPS, JSON.stringify(kept))
const input = () => readFileSync(0, 'utf8').trim()

const COMMANDS = {
  store() {
    const credentials = JSON.parse(input())
    kept[credentials.ServerURL] = credentials
    keep()
  },
  get() {
    const credentials = kept[input()]
    console.log(credentials ? JSON.stringify(credentials) : 'credentials not found in native keychain')
    process.exitCode = credentials ? 0 : 1
  },
  erase() {
    delete kept[input()]
    keep()
  },
  list() {
    console.log(
      JSON.stringify(
        Object.fromEntries(Object.entries(kept).map(([host, { Username }]) => [host, Username])),
      ),
    )
  },
}

COMMANDS[process.argv[2]]()
