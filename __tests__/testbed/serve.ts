/**
 * Starts the stand-in for IBM Cloud for later steps of a workflow's job, and leaves it running.
 *
 * usage: node __tests__/testbed/serve.ts [--daemon]
 *   --daemon  also start a docker daemon that can reach the stand-in
 *
 * Writes the variables that point to it to GITHUB_ENV. Writes throw-away credentials that may push to the
 * namespace `team` to GITHUB_OUTPUT, as `profile-id` and `api-key`. Prints the ID of the process, which the
 * runner ends with the job.
 */
import { fork } from 'node:child_process'
import { openSync } from 'node:fs'
import { appendFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Credentials, startTestbed } from './index.ts'

interface Ready extends Credentials {
  readonly env: Record<string, string>
}

const lines = (values: Record<string, string>) =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')

/** Runs in the background process. */
async function serve(): Promise<void> {
  const testbed = await startTestbed({ daemon: process.argv.includes('--daemon') })
  process.once('SIGTERM', async () => {
    await testbed.stop()
    process.exit()
  })
  const ready: Ready = { ...testbed.credentials(), env: testbed.env }
  process.send?.(ready, () => process.disconnect())
}

/**
 * Runs in the step's own process. Ends as soon as the stand-in is ready, because a step lasts as long as its
 * output is open.
 */
async function start(): Promise<void> {
  const { GITHUB_ENV, GITHUB_OUTPUT } = process.env
  if (!GITHUB_ENV || !GITHUB_OUTPUT)
    throw new Error('run this in a step of a workflow; on other machines, use script/try')
  // Not the step's own standard error, which would stay open, and not a pipe, which could fill up.
  const log = openSync(join(process.env.RUNNER_TEMP ?? tmpdir(), `stand-in-${process.pid}.log`), 'a', 0o600)
  const child = fork(fileURLToPath(import.meta.url), process.argv.slice(2), {
    detached: true,
    stdio: ['ignore', 'ignore', log, 'ipc'],
    env: { ...process.env, ICR_STAND_IN: 'serve' },
  })
  const ready = await new Promise<Ready>((resolve, reject) => {
    child.once('message', message => resolve(message as Ready))
    child.once('exit', code => reject(new Error(`the stand-in exited with code ${code}`)))
  })
  console.log(`::add-mask::${ready.apiKey}`)
  console.log(`::add-mask::${Buffer.from(`${ready.profileId}:${ready.apiKey}`).toString('base64')}`)
  await appendFile(GITHUB_ENV, lines(ready.env))
  await appendFile(GITHUB_OUTPUT, lines({ 'profile-id': ready.profileId, 'api-key': ready.apiKey }))
  console.log(`The stand-in is process ${child.pid}.`)
  child.unref()
}

await (process.env.ICR_STAND_IN === 'serve' ? serve() : start())
