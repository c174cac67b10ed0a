import * as core from '@actions/core'
import { which } from '@actions/io'
import { runChecks } from './checks.ts'
import { CLIENTS, type ClientName, type Family } from './clients/clients.ts'
import { Deadline } from './deadline.ts'
import { Failure } from './failure.ts'
import { type Inputs, readInputs } from './inputs.ts'
import { type Login, logIn } from './login.ts'
import { explainChecks } from './report/checks.ts'
import { explainLogins } from './report/logins.ts'
import { environmentWithoutKey, maskProxyPasswords, withheldNames } from './secrets.ts'
import { credentialsFilePath, type Machine, storeOf, thisMachine } from './stores/locations.ts'
import { privateAuthFile, privateDockerFolder } from './stores/private-files.ts'
import { shadows } from './stores/shadows.ts'
import { type Place, restoreOverwritten, storeLogins } from './stores/store.ts'
import type { VariableChange } from './stores/undo-record.ts'
import { makeFolder, removeScratch, type WorkFolder } from './work-folder.ts'

/** Logins and checks, in seconds: all their tries, all waits. */
const BUDGET_SECONDS = 150

/**
 * The step. It logs in, and only if every login stands, stores what later steps need.
 *
 * @param work the step's folder; it need not exist yet
 * @throws Failure that says what is wrong and what to do
 */
export async function main(work: WorkFolder): Promise<void> {
  maskProxyPasswords(process.env)
  const inputs = readInputs(core.warning)
  const { domains, credentials, clients, checks, logout } = inputs
  await requireClients(clients)
  const deadline = new Deadline(BUDGET_SECONDS)
  const context = { credentials, work, env: process.env, deadline, say: core.info, notice: core.notice }
  makeFolder(work)

  const names = clients.length === 0 ? (['none'] as const) : clients
  const problems = await logIn(
    domains.flatMap(domain => names.map((client): Login => ({ client, domain }))),
    context,
  )
  removeScratch(work)
  if (problems.length > 0) throw await explainLogins(problems, context)

  const helperEnv = environmentWithoutKey(process.env, credentials)
  const { places, variables, handedOut } = await placesFor(inputs, work, helperEnv)
  const record = { keep: !logout, variables, withheld: withheldNames(process.env, credentials) }
  const changes = await storeLogins(places, domains, credentials, record, { work, helperEnv })
  for (const { name, written } of variables) core.exportVariable(name, written)
  for (const warning of shadows(places, domains, process.env)) core.warning(warning)

  core.setOutput('registry', domains[0])
  core.setOutput('registries', JSON.stringify(domains))
  if (handedOut !== undefined) core.setOutput('credentials-file', handedOut)

  const checkProblems = await runChecks(checks, context)
  if (checkProblems.length > 0) throw explainChecks(checkProblems, context)
  for (const file of await restoreOverwritten(changes, credentials, work)) {
    core.warning(
      `${file}: another program keeps overwriting it, so later steps may not find this login there. Set isolated: true to use job-specific files.`,
    )
  }
}

async function requireClients(clients: ClientName[]): Promise<void> {
  for (const client of clients) {
    if ((await which(client, false)) !== '') continue
    throw new Failure(
      `client: ${client} is not on this machine (not found on the PATH). Install it in an earlier step (${CLIENTS[client].install}), or name another client.`,
    )
  }
}

/** Where the logins go, the variables that make the clients' later runs look there, and the file handed to others. */
async function placesFor(
  { clients, domains, isolated, credentialsFile }: Inputs,
  work: WorkFolder,
  helperEnv: Record<string, string>,
): Promise<{ places: Place[]; variables: VariableChange[]; handedOut?: string }> {
  const machine = thisMachine()
  const families = clients.map(client => CLIENTS[client].family)
  const { places, variables } = isolated
    ? await isolatedPlaces(machine, families, domains, work, helperEnv)
    : sharedPlaces(machine, clients, domains, work)
  if (!isolated && clients.length > 0 && process.env.RUNNER_ENVIRONMENT === 'self-hosted') {
    core.info(
      'On a self-hosted runner another job on the same domain at the same time may take this login away; isolated: true keeps them apart.',
    )
  }
  if (credentialsFile === undefined) return { places, variables }
  const file = credentialsFilePath(credentialsFile, process.env, core.warning)
  return { places: [...places, { family: 'docker', file, alone: true }], variables, handedOut: file }
}

async function isolatedPlaces(
  machine: Machine,
  families: Family[],
  domains: string[],
  work: WorkFolder,
  helperEnv: Record<string, string>,
): Promise<{ places: Place[]; variables: VariableChange[] }> {
  // Both may read the same file: podman and the others look into docker's too.
  const warnings = new Set<string>()
  const warn = (message: string) => warnings.add(message)
  const own = [
    await privateDockerFolder(work, machine, domains, helperEnv, warn),
    privateAuthFile(work, machine, domains, warn),
  ]
  for (const warning of warnings) core.warning(warning)
  return {
    places: own.map(({ place }) => place).filter(({ family }) => families.includes(family)),
    variables: own.map(({ variable }) => variable),
  }
}

function sharedPlaces(
  machine: Machine,
  clients: ClientName[],
  domains: string[],
  work: WorkFolder,
): { places: Place[]; variables: VariableChange[] } {
  const stores = clients.map(client => ({ family: CLIENTS[client].family, file: storeOf(client, machine) }))
  const found = stores.filter((store): store is Place => store.file !== undefined)
  if (found.length === stores.length) return { places: found, variables: [] }

  // The variable counts for the whole family, so what one of its clients needs becomes the place of all.
  const own = privateAuthFile(work, machine, domains, core.warning)
  return {
    places: [...found.filter(({ family }) => family === 'docker'), own.place],
    variables: [own.variable],
  }
}
