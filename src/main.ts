import * as core from '@actions/core'
import { which } from '@actions/io'
import { CLIENTS, type ClientName } from './clients.ts'
import { Deadline } from './deadline.ts'
import { explain } from './explain.ts'
import { Failure } from './failure.ts'
import { readInputs } from './inputs.ts'
import { type Login, logIn } from './login.ts'
import { environmentWithoutKey } from './secrets.ts'
import { type Machine, storeOf, thisMachine } from './stores/locations.ts'
import { privateAuthFile } from './stores/private-files.ts'
import { type Place, putBack, storeLogins } from './stores/store.ts'
import type { VariableChange } from './stores/undo-record.ts'
import { makeFolder, removeScratch, type WorkFolder } from './work-folder.ts'

/** The whole step, in seconds: all tries, all waits. */
const BUDGET_SECONDS = 150

/**
 * The step. It logs in, and only if every login stands, stores what later steps need.
 *
 * @param work the step's folder; it need not exist yet
 * @throws Failure that says what is wrong and what to do
 */
export async function main(work: WorkFolder): Promise<void> {
  const { domains, credentials, clients, logout } = readInputs(core.warning)
  await requireClients(clients)
  const deadline = new Deadline(BUDGET_SECONDS)
  makeFolder(work)

  const logins = domains.flatMap(domain => clients.map((client): Login => ({ client, domain })))
  const problems = await logIn(logins, { credentials, work, env: process.env, deadline, say: core.info })
  removeScratch(work)
  if (problems.length > 0) throw await explain(problems, { credentials, env: process.env, deadline })

  const { places, variables } = placesFor(clients, domains, thisMachine(), work)
  const helperEnv = environmentWithoutKey(process.env, credentials)
  const context = { work, helperEnv, deadline }
  const changes = await storeLogins(places, domains, credentials, { keep: !logout, variables }, context)
  for (const { name, written } of variables) core.exportVariable(name, written)

  core.setOutput('registry', domains[0])
  core.setOutput('registries', JSON.stringify(domains))
  await putBack(changes, credentials, context)
}

async function requireClients(clients: ClientName[]): Promise<void> {
  for (const client of clients) {
    if ((await which(client, false)) !== '') continue
    throw new Failure(
      `client: ${client} is not on this machine (not found on the PATH). Install it in an earlier step (${CLIENTS[client].install}), or name another client.`,
    )
  }
}

/** Where the clients' later runs will look, and the variables that make them look there. */
function placesFor(
  clients: ClientName[],
  domains: string[],
  machine: Machine,
  work: WorkFolder,
): { places: Place[]; variables: VariableChange[] } {
  const stores = clients.map(client => ({ family: CLIENTS[client].family, file: storeOf(client, machine) }))
  const shared = stores.filter((store): store is Place => store.file !== undefined)
  if (shared.length === stores.length) return { places: shared, variables: [] }

  // The variable counts for the whole family, so what one of its clients needs becomes the place of all.
  const own = privateAuthFile(work, machine, domains)
  return {
    places: [...shared.filter(({ family }) => family === 'docker'), own.place],
    variables: [own.variable],
  }
}
