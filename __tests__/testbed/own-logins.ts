import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from '@jest/globals'

/**
 * Watches the credential files of the user who runs the tests.
 *
 * @returns a function that throws an Error if one of them has changed
 */
export function watchLogins(home: string, { XDG_RUNTIME_DIR = '' }: NodeJS.ProcessEnv): () => void {
  const files = [
    join(home, '.docker/config.json'),
    join(home, '.config/containers/auth.json'),
    join(XDG_RUNTIME_DIR, 'containers/auth.json'),
    join('/run/containers', `${process.getuid?.()}`, 'auth.json'),
  ]
  const textOf = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8') : '')
  const before = files.map(textOf)
  return () => {
    const changed = files.filter((file, place) => textOf(file) !== before[place])
    if (changed.length > 0) throw new Error(`the logins of this machine have changed: ${changed}`)
  }
}

// Jest loads this into every test file: no test may change them.
let check: () => void
beforeAll(() => {
  check = watchLogins(homedir(), process.env)
})
afterAll(() => check())
