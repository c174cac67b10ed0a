import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { parse } from 'yaml'
import { newJobFolder } from './job-folder.ts'
import { inPlace, type Programs, programsFor, type User } from './programs.ts'
import { type ClientsOf, shims } from './shims.ts'
import { repository } from './tools.ts'
import { type Annotation, LogReader, parseFileCommand } from './workflow-commands.ts'

/** How a job is set up. */
export interface JobOptions {
  /** Besides what the runner sets. An empty text unsets a variable that would be there. */
  env?: Record<string, string>
  /** The name of the folder that all of the job's are in; otherwise a short number. */
  name?: string
  /** A home that jobs share, as on a self-hosted runner; otherwise the job's own, new one. */
  home?: string
  /** Run the steps as another user. */
  user?: User
  /** The Node that runs the action; otherwise the newest 24. */
  node?: string
  /** Steps see a folder of the job's as /run, where root's clients have a file for the whole machine. Needs root. */
  ownRun?: boolean
  /** What starts every command of a step: a program and its first arguments. */
  start?: string[]
  /** Whose clients the steps find on the PATH. */
  clients?: ClientsOf
  /** RUNNER_ENVIRONMENT */
  environment?: 'github-hosted' | 'self-hosted'
  /** As with debug logging switched on. */
  debug?: boolean
  /** What the action waits for in no time, while its clock goes on: `limits` of requests and clients get 3 seconds. */
  skips?: 'pauses' | 'pauses and limits'
  /** How long a step may take, in milliseconds. */
  limitMs?: number
}

/** Longer than a step takes that uses up its budget, and shorter than Jest gives a test. */
const LIMIT_MS = 170_000

/** What a step did, as the runner sees it. */
export interface StepResult {
  /** Undefined where a signal ended it. */
  exitCode: number | undefined
  /** From its start to its end. */
  milliseconds: number
  /** What the runner would show, masks applied. */
  log: string
  /** What the step printed. */
  raw: string
  annotations: Annotation[]
  outputs: Record<string, string>
  /** What it put into the environment of later steps. */
  exported: Record<string, string>
  state: Record<string, string>
}

/** A step that is under way. */
export interface Started {
  child: ChildProcess
  finished: Promise<StepResult>
}

/** One start of a client, as a shim on the PATH saw it. */
export interface ClientStart {
  client: string
  args: string[]
  /** Its environment, a line per variable. */
  env: string
}

/** What a step waited for where it skips that. */
export interface Wait {
  what: 'pause' | 'limit' | 'end'
  /** How long it was to be, in milliseconds. */
  ms: number
  /** When it began, in milliseconds from the start of the step. */
  at: number
}

interface PostStep {
  inputs: Record<string, string>
  env: Record<string, string>
  state: Record<string, string>
}

const isWindows = process.platform === 'win32'

const action = parse(readFileSync(join(repository, 'action.yml'), 'utf8'))

/**
 * Plays a job of GitHub's runner: an environment made from nothing, this action by way of its action.yml and
 * bundle, steps that run commands, and the post steps in reverse order.
 *
 * Source: https://github.com/actions/runner, and GitHub's documentation of workflow commands.
 */
export class Job {
  readonly folder: string
  readonly home: string
  /** XDG_RUNTIME_DIR, unless a test sets that otherwise. */
  readonly runtime: string
  readonly temp: string
  readonly workspace: string
  readonly env: Record<string, string>
  readonly #options: JobOptions
  readonly #masks = new Set<string>()
  readonly #posts: PostStep[] = []
  readonly #running = new Set<ChildProcess>()
  readonly #programs: Programs
  readonly #starts: string

  constructor(options: JobOptions = {}) {
    this.#options = options
    this.folder = newJobFolder(options.name)
    const programs = options.user ? programsFor(options.user) : inPlace
    this.#programs = options.node === undefined ? programs : { ...programs, node: options.node }
    const make = (name: string) => {
      const folder = join(this.folder, name)
      mkdirSync(folder, { mode: 0o700 })
      return folder
    }
    this.home = options.home ?? make('home')
    this.runtime = make('xdg')
    this.temp = make('temp')
    this.workspace = make('workspace')
    this.#starts = make('starts')
    const bin = make('bin')
    for (const [name, text] of shims(options.clients ?? 'machine', this.#starts, this.#programs.clientPath)) {
      writeFileSync(join(bin, name), text, { mode: 0o755 })
    }
    this.env = {
      PATH: [bin, this.#programs.clientPath].join(delimiter),
      HOME: this.home,
      XDG_RUNTIME_DIR: this.runtime,
      ...(isWindows ? variablesOfWindows(this.home) : {}),
      RUNNER_TEMP: this.temp,
      RUNNER_OS: isWindows ? 'Windows' : 'Linux',
      RUNNER_ENVIRONMENT: options.environment ?? 'github-hosted',
      GITHUB_WORKSPACE: this.workspace,
      GITHUB_ACTIONS: 'true',
      CI: 'true',
      // On a machine with the first kind of control groups it goes before whatever podman prints.
      PODMAN_IGNORE_CGROUPSV1_WARNING: '1',
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_REPOSITORY: 'octo/shop',
      GITHUB_ACTION_REPOSITORY: 'OWNER/icr-login',
      GITHUB_ACTION_REF: 'v1',
      ...(options.debug ? { RUNNER_DEBUG: '1' } : {}),
      ...options.env,
    }
    this.own(this.folder)
  }

  /** A step that uses this action. @throws Error for an input that action.yml does not declare */
  async uses(inputs: Record<string, string>, env: Record<string, string> = {}): Promise<StepResult> {
    return this.start(inputs, env).finished
  }

  /** As {@link uses}, for a step that something is to happen to meanwhile. */
  start(inputs: Record<string, string>, env: Record<string, string> = {}): Started {
    const undeclared = Object.keys(inputs).filter(name => !(name in action.inputs))
    if (undeclared.length > 0) throw new Error(`action.yml declares no input ${undeclared.join(', ')}`)
    const values = Object.fromEntries(
      Object.entries(action.inputs as Record<string, { default?: string }>).map(
        ([name, { default: value }]) => [
          `INPUT_${name.replace(/ /g, '_').toUpperCase()}`,
          inputs[name] ?? value ?? '',
        ],
      ),
    )
    const post: PostStep = { inputs: values, env, state: {} }
    this.#posts.push(post)
    const { child, finished } = this.#step(
      this.#program(action.runs.main),
      { ...this.#coverage, ...this.#skips, ...values, ...env },
      post.state,
    )
    return { child, finished }
  }

  /** A step that runs a command in bash. */
  async run(command: string, env: Record<string, string> = {}): Promise<StepResult> {
    return this.#step(['/bin/bash', '--noprofile', '--norc', '-eo', 'pipefail', '-c', command], env).finished
  }

  /** The end of the job: post steps, last first, whatever became of the main ones. */
  async end(): Promise<StepResult[]> {
    const results: StepResult[] = []
    for (const { inputs, env, state } of this.#posts.splice(0).reverse()) {
      const states = Object.fromEntries(
        Object.entries(state).map(([name, value]) => [`STATE_${name}`, value]),
      )
      const { finished } = this.#step(this.#program(action.runs.post), {
        ...this.#coverage,
        ...this.#skips,
        ...inputs,
        ...states,
        ...env,
      })
      results.push(await finished)
    }
    return results
  }

  /** Every start of a client so far. */
  get starts(): ClientStart[] {
    return readdirSync(this.#starts).map(name => {
      const [args = '', env = ''] = readFileSync(join(this.#starts, name), 'utf8').split(
        '\n---environment---\n',
      )
      const [client = '', ...rest] = args.split('\n')
      return { client, args: rest, env }
    })
  }

  /** What this action's steps have waited for, where they skip that. */
  get waits(): Wait[] {
    const lines = readFileSync(this.#waits, 'utf8').trim().split('\n')
    return lines.map(line => JSON.parse(line))
  }

  /** Gives a folder and what is in it to the user that the steps run as. */
  own(folder: string): void {
    if (this.#options.user) chownAll(folder, this.#options.user)
  }

  /** Ends steps that a failed test left running, and removes all files of the job. */
  remove(): void {
    for (const child of this.#running) kill(child)
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 })
  }

  /** The command that runs a file of this action's. */
  #program(file: string): string[] {
    return [this.#programs.node, join(this.#programs.action, file)]
  }

  /** Starts the command that follows where /run is the job's own; dash would lose inputs with a hyphen in their name. */
  get #ownRun(): string[] {
    const run = join(this.folder, 'run')
    mkdirSync(run, { recursive: true })
    return ['unshare', '--mount', '/bin/bash', '-c', 'mount --bind "$0" /run && exec "$@"', run]
  }

  /** Whether podman, buildah and skopeo would keep logins in `/run/containers/0`, where the machine's own are. */
  #usesMachinesFile({ XDG_RUNTIME_DIR }: Record<string, string>): boolean {
    const { user, ownRun } = this.#options
    return process.getuid?.() === 0 && !user && !ownRun && !XDG_RUNTIME_DIR
  }

  /** Where Node notes what of the bundle was run, if script/test wants to know: of a copy it cannot be told. */
  get #coverage(): Record<string, string> {
    const folder = process.env.COVERAGE_FOLDER
    return folder === undefined || this.#programs !== inPlace ? {} : { NODE_V8_COVERAGE: folder }
  }

  get #skips(): Record<string, string> {
    const { skips } = this.#options
    if (skips === undefined) return {}
    const preload = join(repository, '__tests__/testbed/skip-time.cjs')
    return { NODE_OPTIONS: `--require ${preload}`, SKIPS: skips, WAITS: this.#waits }
  }

  get #waits(): string {
    return join(this.folder, 'waits')
  }

  #step(command: string[], env: Record<string, string>, state: Record<string, string> = {}): Started {
    const files = mkdtempSync(join(this.folder, 'step-'))
    const fileFor = (name: string) => {
      const file = join(files, name)
      writeFileSync(file, '')
      return file
    }
    const commands = {
      GITHUB_OUTPUT: fileFor('output'),
      GITHUB_ENV: fileFor('env'),
      GITHUB_STATE: fileFor('state'),
      GITHUB_PATH: fileFor('path'),
      GITHUB_STEP_SUMMARY: fileFor('summary'),
    }
    this.own(files)
    const variables = { ...this.env, ...commands, ...env }
    if (this.#usesMachinesFile(variables)) {
      throw new Error(
        'root without XDG_RUNTIME_DIR: its clients have a file for the whole machine, so set ownRun',
      )
    }
    const { ownRun, start: by = [] } = this.#options
    const [program = '', ...args] = [...(ownRun ? this.#ownRun : []), ...by, ...command]
    const start = performance.now()
    const child = spawn(program, args, {
      cwd: this.workspace,
      env: variables,
      stdio: ['ignore', 'pipe', 'pipe'],
      // A process group of its own, by which a step that does not end can be killed with all that it started.
      detached: !isWindows,
      ...this.#options.user,
    })
    const chunks: Buffer[] = []
    child.stdout.on('data', chunk => chunks.push(chunk))
    child.stderr.on('data', chunk => chunks.push(chunk))
    const { limitMs = LIMIT_MS } = this.#options
    const finish = async (): Promise<StepResult> => {
      let tooLong = false
      const limit = setTimeout(() => {
        tooLong = true
        kill(child)
      }, limitMs)
      this.#running.add(child)
      const [exitCode] = await once(child, 'close').finally(() => {
        clearTimeout(limit)
        this.#running.delete(child)
      })
      const milliseconds = performance.now() - start
      const raw = Buffer.concat(chunks).toString()
      const read = new LogReader(this.#masks, this.#options.debug ?? false).read(raw)
      if (tooLong) {
        throw new Error(`killed after ${limitMs / 1000} s without end: ${command.join(' ')}\n${read.log}`)
      }
      const values = (file: string) => parseFileCommand(readFileSync(file, 'utf8'))
      const exported = values(commands.GITHUB_ENV)
      Object.assign(this.env, exported)
      Object.assign(state, values(commands.GITHUB_STATE))
      return {
        exitCode: exitCode ?? undefined,
        milliseconds,
        ...read,
        raw,
        outputs: values(commands.GITHUB_OUTPUT),
        exported,
        state,
      }
    }
    const finished = finish()
    // Whoever waits for it sees the error; a test that has failed already does not.
    finished.catch(() => {})
    return { child, finished }
  }
}

/** Without these no program starts there, and the home is not the one that HOME names. */
function variablesOfWindows(home: string): Record<string, string> {
  const names = ['SystemRoot', 'SystemDrive', 'ComSpec', 'PATHEXT', 'TEMP', 'TMP']
  const variables = names.map(name => [name, process.env[name] ?? ''])
  return { ...Object.fromEntries(variables), USERPROFILE: home }
}

/** Kills a step and all that it started. */
function kill(child: ChildProcess): void {
  try {
    if (isWindows) spawnSync('taskkill', ['/pid', `${child.pid}`, '/t', '/f'])
    else process.kill(-(child.pid as number), 'SIGKILL')
  } catch {
    // It has ended; what keeps its output open has left its group.
  }
  child.stdout?.destroy()
  child.stderr?.destroy()
}

function chownAll(folder: string, { uid, gid }: User): void {
  chownSync(folder, uid, gid)
  for (const item of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, item.name)
    if (item.isDirectory()) chownAll(path, { uid, gid })
    else chownSync(path, uid, gid)
  }
}
