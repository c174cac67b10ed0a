import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { jobsFolder } from './job-folder.ts'
import { clientPath, node24, repository, unpackedDocker } from './tools.ts'

/** The user that a job's steps run as. */
export interface User {
  uid: number
  gid: number
}

/** A user without privileges, on any Linux. */
export const NOBODY: User = { uid: 65534, gid: 65534 }

/** Programs that a job's steps run but that are not part of the job. */
export interface Programs {
  /** Node 24. */
  readonly node: string
  /** The folder that contains `main` and `post` of action.yml. */
  readonly action: string
  /** The PATH for the clients. */
  readonly clientPath: string
}

/** Everything in its usual place. */
export const inPlace: Programs = { node: node24, action: repository, clientPath }

/** Creates a `node` for a job that is started through another program. @returns its path */
export function nodeBy(folder: string, start: string, node = node24): string {
  const program = join(mkdtempSync(join(folder, 'bin-')), 'node')
  // Not sh, which drops variables with a hyphen in their name, such as inputs.
  writeFileSync(program, `#!/bin/bash\nexec ${start} ${node} "$@"\n`, { mode: 0o755 })
  return program
}

let copied: Programs | undefined

/** The programs for `user`: a copy if only its owner can enter the repository's folder, such as /root. */
export function programsFor(user: User): Programs {
  const { status } = spawnSync('test', ['-x', node24, '-a', '-r', join(repository, 'dist/index.js')], user)
  if (status === 0) return inPlace
  copied ??= copy(join(jobsFolder(), 'programs'))
  return copied
}

function copy(folder: string): Programs {
  const [node, bin] = [join(folder, 'node'), join(folder, 'bin')]
  mkdirSync(bin, { recursive: true })
  cpSync(join(repository, 'dist'), join(folder, 'dist'), { recursive: true })
  copyFileSync(node24, node)
  const docker = join(unpackedDocker[0], 'docker')
  if (existsSync(docker)) copyFileSync(docker, join(bin, 'docker'))
  // If the umask hides files from others, it has also done so with those of the repository.
  execFileSync('chmod', ['-R', 'a+rX', folder])
  return { node, action: folder, clientPath: [process.env.PATH, bin].join(delimiter) }
}
