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

/** The settings of a job. */
export interface JobOptions {
  /** In addition to the runner's variables. An empty string unsets a variable. */
  env?: Record<string, string>
  /** The name of the job's folder; by default, a short number. */
  name?: string
  /** A home folder that jobs share, as on a self-hosted runner; by default, each job has a new one. */
  home?: string
  /** Run the steps as another user. */
  user?: User
  /** The Node that runs the action; by default, the newest 24. */
  node?: string
  /**
   * Gives the steps their own /run, where root's clients have a file for the whole machine. Requires root.
   */
  ownRun?: boolean
  /** A program and its first arguments, which start every command of a step. */
  start?: string[]
  /** Which clients are in PATH. */
  clients?: ClientsOf
  /** RUNNER_ENVIRONMENT */
  environment?: 'github-hosted' | 'self-hosted'
  /** As with debug logging enabled. */
  debug?: boolean
  /**
   * Waits that are skipped, although the action's clock advances. `limits` of requests and clients are 5 s.
   */
  skips?: 'pauses' | 'pauses and limits'
  /** Time limit of a step, in milliseconds. */
  limitMs?: number
}

/** Longer than a step's own time limit, and shorter than Jest's for a test. */
const LIMIT_MS = 170_000

/** The result of a step, as the runner sees it. */
export interface StepResult {
  /** Undefined if a signal killed it. */
  exitCode: number | undefined
  /** The step's duration. */
  milliseconds: number
  /** What the runner would show, with masks applied. */
  log: string
  /** The step's unmasked output. */
  raw: string
  annotations: Annotation[]
  outputs: Record<string, string>
  /** The environment variables that it sets for later steps. */
  exported: Record<string, string>
  state: Record<string, string>
}

/** A step that is running. */
export interface Started {
  child: ChildProcess
  finished: Promise<StepResult>
}

/** One start of a client, as recorded by a shim in PATH. */
export interface ClientStart {
  client: string
  args: string[]
  /** Its environment, one line per variable. */
  env: string
}

/** A wait that a step has skipped. */
export interface Wait {
  what: 'pause' | 'limit' | 'end'
  /** The intended duration, in milliseconds. */
  ms: number
  /** When it began, in milliseconds since the start of the step. */
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
 * Stands in for a job of GitHub's runner: a clean environment, this action as its action.yml and bundle
 * define it, steps that run commands, and the post steps in reverse order.
 *
 * Source: https://github.com/actions/runner, and GitHub's documentation of workflow commands.
 */
export class Job {
  readonly folder: string
  readonly home: string
  /** XDG_RUNTIME_DIR, unless a test overrides it. */
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
      // On a machine with cgroups v1, podman would print this warning before anything else.
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

  /** Runs a step that uses this action. @throws Error for an input that action.yml does not declare */
  async uses(inputs: Record<string, string>, env: Record<string, string> = {}): Promise<StepResult> {
    return this.start(inputs, env).finished
  }

  /** Same as {@link uses}, but does not wait, so that a test can interfere with the step. */
  start(inputs: Record<string, string>, env: Record<string, string> = {}): Started {
    const undeclared = Object.keys(inputs).filter(name => !(name in action.inputs))
    if (undeclared.length > 0) throw new Error(`action.yml has no input ${undeclared.join(', ')}`)
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

  /** Runs a step with a bash command. */
  async run(command: string, env: Record<string, string> = {}): Promise<StepResult> {
    return this.#step(['/bin/bash', '--noprofile', '--norc', '-eo', 'pipefail', '-c', command], env).finished
  }

  /** Ends the job: runs the post steps in reverse order, whether or not the main steps succeeded. */
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

  /** All starts of clients so far. */
  get starts(): ClientStart[] {
    return readdirSync(this.#starts).map(name => {
      const [args = '', env = ''] = readFileSync(join(this.#starts, name), 'utf8').split(
        '\n---environment---\n',
      )
      const [client = '', ...rest] = args.split('\n')
      return { client, args: rest, env }
    })
  }

  /** The waits that this action's steps have skipped. */
  get waits(): Wait[] {
    const lines = readFileSync(this.#waits, 'utf8').trim().split('\n')
    return lines.map(line => JSON.parse(line))
  }

  /** Changes the owner of a folder and its contents to the user that the steps run as. */
  own(folder: string): void {
    if (this.#options.user) chownAll(folder, this.#options.user)
  }

  /** Ends steps that a failed test left running, and deletes all files of the job. */
  remove(): void {
    for (const child of this.#running) kill(child)
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 })
  }

  /** The command that runs a file of this action. */
  #program(file: string): string[] {
    return [this.#programs.node, join(this.#programs.action, file)]
  }

  /**
   * Starts a command with the job's own /run. Not with dash, which drops inputs with a hyphen in their name.
   */
  get #ownRun(): string[] {
    const run = join(this.folder, 'run')
    mkdirSync(run, { recursive: true })
    return ['unshare', '--mount', '/bin/bash', '-c', 'mount --bind "$0" /run && exec "$@"', run]
  }

  /** Whether podman, buildah, and skopeo would store logins in the machine's own `/run/containers/0`. */
  #usesMachinesFile({ XDG_RUNTIME_DIR }: Record<string, string>): boolean {
    const { user, ownRun } = this.#options
    return process.getuid?.() === 0 && !user && !ownRun && !XDG_RUNTIME_DIR
  }

  /**
   * Makes Node record coverage of the bundle if script/test asks for it. Coverage of a copy cannot be used.
   */
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
      // A separate process group, so that a step that hangs can be killed with everything that it started.
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
    // Callers that await it get the error; a test that has already failed does not await it.
    finished.catch(() => {})
    return { child, finished }
  }
}

/** Without these variables, programs do not start on Windows, and the home folder is not the one in HOME. */
function variablesOfWindows(home: string): Record<string, string> {
  const names = ['SystemRoot', 'SystemDrive', 'ComSpec', 'PATHEXT', 'TEMP', 'TMP']
  const variables = names.map(name => [name, process.env[name] ?? ''])
  return { ...Object.fromEntries(variables), USERPROFILE: home }
}

/** Kills a step and everything that it started. */
function kill(child: ChildProcess): void {
  try {
    if (isWindows) spawnSync('taskkill', ['/pid', `${child.pid}`, '/t', '/f'])
    else process.kill(-(child.pid as number), 'SIGKILL')
  } catch {
    // It has ended; a process that keeps its output open has left its group.
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
