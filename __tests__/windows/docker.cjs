// A minimal `docker login`, used if there is no docker: reads DOCKER_CONFIG, writes config.json to a
// temporary file, and renames it. Does not verify the password. With DOCKER_HANGS, it hangs before that.
const { readFileSync, renameSync, writeFileSync } = require('node:fs')
const { join } = require('node:path')

const { DOCKER_CONFIG = '', DOCKER_HANGS } = process.env
const [username, domain] = [process.argv[4], process.argv.at(-1)]

function login() {
  const file = join(DOCKER_CONFIG, 'config.json')
  const config = JSON.parse(readFileSync(file, 'utf8'))
  const password = readFileSync(0, 'utf8').trim()
  config.auths[domain] = { auth: Buffer.from(`${username}:${password}`).toString('base64') }
  writeFileSync(`${file}.new`, JSON.stringify(config, null, '\t'))
  renameSync(`${file}.new`, file)
}

setTimeout(login, DOCKER_HANGS ? 60_000 : 0)
