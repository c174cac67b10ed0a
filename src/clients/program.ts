import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { type Cause, Fault } from '../fault.ts'
import { parseJson } from '../json.ts'
import { run } from '../run.ts'
import type { LoginAttempt } from './client.ts'
import { readText } from './machine.ts'
import { faultOfOutput } from './output.ts'

/** Arguments and variables that make `login` write only to an empty folder. */
type Scratch = (
  folder: string,
  domain: string,
  env: NodeJS.ProcessEnv,
) => { args: string[]; env: Record<string, string> }

/**
 * Runs a client's own login, with the password on standard input.
 *
 * @param elsewhere the cause to report if this client wrote its login anywhere else than to the folder
 * @throws Fault if the login fails, or if the client wrote it anywhere else
 */
export async function logInWith(
  program: string,
  { domain, credentials, makeFolder, env, timeLeft }: LoginAttempt,
  scratch: Scratch,
  elsewhere: Cause,
): Promise<void> {
  const folder = makeFolder()
  const file = path.join(folder, 'auth.json')
  writeFileSync(file, JSON.stringify({ auths: { [domain]: PLACEHOLDER } }), { mode: 0o600 })
  const own = scratch(folder, domain, env)
  const ended = await run(
    program,
    ['login', '--username', credentials.username, '--password-stdin', ...own.args, domain],
    { env: { ...env, ...own.env }, input: credentials.password, timeoutMs: timeLeft() },
  )
  if (ended.timedOut) throw new Fault('no-answer', 'timed out')
  if (ended.signal !== undefined) throw new Fault('killed', `${program} was terminated by ${ended.signal}`)
  if (ended.exitCode !== 0) {
    throw faultOfOutput(`${ended.stdout}\n${ended.stderr}`.trim() || `exit code ${ended.exitCode}`)
  }
  if (!wroteLogin(folder, domain)) {
    throw new Fault(elsewhere, `${program} did not write a login for ${domain} to the file that it was given`)
  }
}

/**
 * An entry without password. podman, buildah and skopeo before containers/image 5.24 look for an earlier login
 * in all their files and docker's, until they find one, and fail if they cannot read one of these files.
 */
const PLACEHOLDER = { auth: 'LTo=' }

/** docker writes to config.json; the other clients, and podman under docker's name, write to auth.json. */
function wroteLogin(folder: string, domain: string): boolean {
  return ['config.json', 'auth.json'].some(name => {
    const { auths } = parseJson(readText(path.join(folder, name)))
    const entry = Object(Object(auths)[domain])
    return Object.keys(entry).length > 0 && entry.auth !== PLACEHOLDER.auth
  })
}
