import * as core from '@actions/core'
import { runChecks } from './checks.ts'
import { thisMachine } from './clients/machine.ts'
import { Deadline } from './deadline.ts'
import { isoOf, obtainCredentials } from './exchange.ts'
import { loadHttp } from './ibm/http.ts'
import { readInputs } from './inputs.ts'
import { say } from './log.ts'
import { type Login, logIn, requirePrograms } from './login.ts'
import { explainChecks } from './report/checks.ts'
import { explainLogins } from './report/logins.ts'
import { aProgramRuns } from './run.ts'
import { environmentWithoutKey, maskProxyPasswords, maskToken, withheldNames } from './secrets.ts'
import type { Step } from './step.ts'
import { destinationsFor, wayAround } from './stores/destinations.ts'
import { precedenceWarnings } from './stores/precedence.ts'
import { loadForStoring, restoreOverwritten, storeLogins } from './stores/store.ts'
import { advice } from './user-error.ts'
import { makeFolder, removeScratch, type WorkFolder } from './work-folder.ts'

/** Time limit for all logins and checks, with all attempts and pauses, in seconds. */
const BUDGET_SECONDS = 150

/**
 * The main step: logs in, and stores the credentials for later steps only if all logins succeed.
 *
 * @param work the step's folder, which need not exist yet
 * @throws UserError that says what is wrong and how to fix it
 */
export async function main(work: WorkFolder): Promise<void> {
  maskProxyPasswords(process.env)
  const inputs = readInputs(core.warning)
  const { domains, identity, clients, checks } = inputs
  requirePrograms(clients)

  const machine = thisMachine()
  const env = environmentWithoutKey(process.env, identity)
  const deadline = new Deadline(BUDGET_SECONDS)
  const log = { say, warn: core.warning, notice: core.notice, mask: maskToken }
  const begun: Step = { identity, domains, deadline, env, work, ...log }
  const { credentials, expiresAt } = await obtainCredentials(begun)
  const step = { ...begun, credentials }
  makeFolder(work)

  const logins = domains.flatMap(domain => clients.map((client): Login => ({ client, domain })))
  void aProgramRuns.then(() => {
    loadForStoring()
    if (checks.length > 0) loadHttp()
  })
  const problems = await logIn(logins, step)
  removeScratch(work)
  if (problems.length > 0) throw await explainLogins(problems, step)

  const { destinations, variables, credentialsFile, ...told } = await destinationsFor(inputs, machine, step)
  for (const warning of told.warnings) core.warning(warning)
  for (const note of told.notes) say(note)
  const record = {
    keep: !inputs.logout,
    username: credentials.username,
    variables,
    withheld: withheldNames(process.env, env),
  }
  const changes = await storeLogins(destinations, record, step)
  for (const { name, written } of variables) {
    core.exportVariable(name, written)
    say(`Set ${name} to ${written}`)
  }
  for (const warning of precedenceWarnings(destinations, domains, process.env)) core.warning(warning)

  core.setOutput('registry', domains[0])
  core.setOutput('registries', JSON.stringify(domains))
  if (credentialsFile !== undefined) core.setOutput('credentials-file', credentialsFile)
  if (expiresAt !== undefined) core.setOutput('expires-at', isoOf(expiresAt))

  const checkProblems = await runChecks(checks, step)
  if (checkProblems.length > 0) throw explainChecks(checkProblems, step)
  for (const file of await restoreOverwritten(changes, step)) {
    core.warning(
      `${file}: another program keeps overwriting it, so later steps may not find this login there.${advice('end that program', wayAround(file, destinations))}`,
    )
  }
}
