import path from 'node:path'
import type { Family } from '../clients/client.ts'
import { CONTAINERS_FAMILY } from '../clients/containers.ts'
import { DOCKER_FAMILY } from '../clients/docker.ts'
import type { Machine } from '../clients/machine.ts'
import { CLIENTS, type ClientOrNone } from '../clients/table.ts'
import { type Inputs, UNEXPANDED } from '../inputs.ts'
import type { Step } from '../step.ts'
import { FileError } from '../user-error.ts'
import { WORK_FOLDER, type WorkFolder } from '../work-folder.ts'
import { realPath } from './credential-file.ts'
import { jobFile } from './job-files.ts'
import type { VariableChange } from './undo-record.ts'

/** A file that determines where the clients of one family find their credentials. */
export interface Destination {
  family: Family
  /** The path of docker's config.json or of an auth file. The file need not exist. */
  file: string
  /** Its real path. */
  real: string
  /** How to do without this file; undefined for a job-specific file. */
  wayAround?: string
  /** Whether the file may contain only this step's logins. This is the case for `credentials-file`. */
  exclusive?: boolean
}

/** Where a step stores its logins. */
export interface Destinations {
  destinations: Destination[]
  /** The variables that make later runs of the clients use these files. */
  variables: VariableChange[]
  warnings: string[]
  /** Lines for the log. */
  notes: string[]
  /** The absolute path of `credentials-file`, if that input is set. */
  credentialsFile: string | undefined
}

type Wanted = Pick<Inputs, 'clients' | 'isolated' | 'credentialsFile'>

/** All families. All get job-specific files, because podman, buildah, and skopeo also read docker's. */
const FAMILIES = [DOCKER_FAMILY, CONTAINERS_FAMILY]

export async function destinationsFor(
  wanted: Wanted,
  machine: Machine,
  { identity, domains, work, env }: Step,
): Promise<Destinations> {
  // A set, because both families may read the same file and report the same problem.
  const warnings = new Set<string>()
  const makeJobFile = (family: Family) =>
    jobFile(family, work, machine, domains, env, warning => warnings.add(warning))
  const { destinations: named, variables } = wanted.isolated
    ? await isolated(wanted.clients, makeJobFile)
    : await shared(wanted.clients, work, machine, makeJobFile)

  const notes = wanted.isolated ? [] : notesOnSharing(wanted.clients, machine.env)
  const workspace = machine.env.GITHUB_WORKSPACE || process.cwd()
  const credentialsFile = wanted.credentialsFile && path.resolve(workspace, wanted.credentialsFile)
  if (credentialsFile !== undefined) {
    const wayAround = 'set credentials-file to another path'
    named.push({ family: DOCKER_FAMILY, file: credentialsFile, wayAround, exclusive: true })
    if (identity.authMethod !== 'api-key') {
      warnings.add(
        `credentials-file: ${credentialsFile} contains an access token, so a pull secret made from it expires with that token. For one that lasts, use auth-method: api-key.`,
      )
    }
  }
  const destinations = named.map(resolved)
  for (const { file, real, exclusive } of destinations) {
    if (!isInside(workspace, real)) continue
    const name = exclusive ? 'credentials-file: ' : leadingTo(file, machine.env)
    warnings.add(
      `${name}${path.resolve(file)} is inside the workspace. Add it to .dockerignore and do not upload it as an artifact, or use a path in RUNNER_TEMP.`,
    )
  }
  return { destinations, variables, warnings: [...warnings], notes, credentialsFile }
}

function notesOnSharing(clients: ClientOrNone[], env: NodeJS.ProcessEnv): string[] {
  if (!clients.some(hasFamily) || env.RUNNER_ENVIRONMENT !== 'self-hosted') return []
  return [
    'On a self-hosted runner, another job on the same registry domain can log this one out. To prevent that, set isolated: true.',
  ]
}

function hasFamily(client: ClientOrNone): boolean {
  return CLIENTS[client].family !== undefined
}

type Named = Omit<Destination, 'real'>
interface Made {
  destinations: Named[]
  variables: VariableChange[]
}
type MakeJobFile = (family: Family) => Promise<{ file: string; variable: VariableChange }>

/**
 * All job-specific files contain the logins, whichever clients are listed: many tools read the files of
 * another client.
 */
async function isolated(clients: ClientOrNone[], makeJobFile: MakeJobFile): Promise<Made> {
  const made: Made = { destinations: [], variables: [] }
  for (const family of FAMILIES) {
    const { file, variable } = await makeJobFile(family)
    made.variables.push(variable)
    if (clients.some(hasFamily)) made.destinations.push({ family, file })
  }
  return made
}

/**
 * Uses the clients' own files. A family's variable applies to all its clients, so if one of them needs a
 * job-specific file, all of them use it.
 */
async function shared(
  clients: ClientOrNone[],
  work: WorkFolder,
  machine: Machine,
  makeJobFile: MakeJobFile,
): Promise<Made> {
  const made: Made = { destinations: [], variables: [] }
  const stepFolders = path.join(path.dirname(work.path), WORK_FOLDER)
  for (const family of FAMILIES) {
    // If an earlier step has set up job-specific files, each family reads only its own file, so both need the
    // logins.
    const isLed = machine.env[family.variable]?.startsWith(stepFolders) && clients.some(hasFamily)
    const files = clients
      .filter(client => CLIENTS[client].family === family)
      .map(client => CLIENTS[client].store(machine))
      .concat(isLed ? family.searched(machine).slice(0, 1) : [])
    if (files.includes(undefined)) {
      const { file, variable } = await makeJobFile(family)
      made.destinations.push({ family, file })
      made.variables.push(variable)
    } else {
      for (const file of files as string[]) {
        const variable = variableTo(file, machine.env)
        const another = variable === undefined ? '' : `set ${variable} to another ${VARIABLES[variable]}, or `
        made.destinations.push({ family, file, wayAround: `${another}set isolated: true` })
      }
    }
  }
  return made
}

function resolved(named: Named): Destination {
  try {
    return { ...named, real: realPath(named.file) }
  } catch (error) {
    throw error instanceof FileError ? error.or(named.wayAround ?? '') : error
  }
}

/** How to do without a file; empty for a job-specific file. @param file its real path */
export function wayAround(file: string, destinations: Destination[]): string {
  return destinations.find(({ real }) => real === file)?.wayAround ?? ''
}

/**
 * Whether a file is inside a folder such as the workspace, where a build or an artifact may include it.
 *
 * @param file its real path
 */
function isInside(folder: string, file: string): boolean {
  const way = path.relative(realPath(folder), file)
  // On Windows, there is no relative path to another drive.
  return way.split(path.sep)[0] !== '..' && !path.isAbsolute(way)
}

/** Variables that point the clients to their files, and what each contains. */
const VARIABLES = { REGISTRY_AUTH_FILE: 'file', DOCKER_CONFIG: 'folder' }

/** The variable that points the clients to a file. */
function variableTo(file: string, env: NodeJS.ProcessEnv): keyof typeof VARIABLES | undefined {
  return (Object.keys(VARIABLES) as (keyof typeof VARIABLES)[]).find(
    name => env[name] && path.resolve(file).startsWith(path.resolve(env[name])),
  )
}

/**
 * The variable that points the clients to a file, for a warning. The runner does not expand `~` or `$HOME` in
 * variables.
 */
function leadingTo(file: string, env: NodeJS.ProcessEnv): string {
  const name = variableTo(file, env)
  if (name === undefined) return ''
  const sign = UNEXPANDED.exec(`${env[name]}`)?.[0]
  return `${name}${sign ? ` begins with ${sign}, which is not expanded here` : ''}: `
}
