// The main job, told step by step: log in, push, pull, clean up, and find the pull refused.

import { startTestbed } from '../__tests__/testbed/index.ts'
import { laterSteps } from '../__tests__/testbed/later-steps.ts'
import { Job, type StepResult } from '../__tests__/testbed/runner.ts'
import { CLIENT_NAMES, type ClientName } from '../src/clients.ts'

const clients = process.argv.length > 2 ? (process.argv.slice(2) as ClientName[]) : CLIENT_NAMES
const unknown = clients.filter(client => !CLIENT_NAMES.includes(client))
if (unknown.length > 0) {
  console.error(`unknown client: ${unknown.join(', ')}. Known: ${CLIENT_NAMES.join(', ')}`)
  process.exit(2)
}

const wrong: string[] = []

function show(title: string, { log, exitCode }: StepResult, expected: 'to succeed' | 'to be refused'): void {
  const lines = log
    .trim()
    .split('\n')
    .filter(line => !/level=info/.test(line))
  console.log(`\n--- ${title}`)
  console.log(lines.map(line => `    ${line}`).join('\n'))
  const asExpected = (exitCode === 0) === (expected === 'to succeed')
  console.log(
    `    [exit code ${exitCode}, ${asExpected ? 'as it should be' : `but it was expected ${expected}`}]`,
  )
  if (!asExpected) wrong.push(title)
}

const testbed = await startTestbed({ daemon: clients.includes('docker') })
try {
  for (const client of clients) {
    const { profileId, apiKey } = testbed.credentials()
    const job = new Job({ env: testbed.env })
    const image = `us.icr.io/team/hello:${client}`
    const later = laterSteps(job, client)
    console.log(`\n=== ${client}`)
    show(
      'uses: icr-login',
      await job.uses({ region: 'us-south', 'profile-id': profileId, 'api-key': apiKey, client }),
      'to succeed',
    )
    show(`push ${image}`, await later.push(image), 'to succeed')
    show(`pull ${image}`, await later.pull(image), 'to succeed')
    for (const post of await job.end()) show('post step', post, 'to succeed')
    show(`pull ${image} after the job's end`, await later.pull(image), 'to be refused')
    job.remove()
  }
} finally {
  await testbed.stop()
}
console.log(
  wrong.length === 0
    ? `\nAll as it should be: ${clients.join(', ')}.`
    : `\nNot as it should be: ${wrong.join('; ')}.`,
)
process.exit(wrong.length === 0 ? 0 : 1)
