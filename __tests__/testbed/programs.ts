import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { jobsFolder } from './job-folder.ts'
import { clientPath, node24, repository, unpackedDocker } from './tools.ts'

/** Whom a job's steps run as. */
export interface User {
  uid: number
  gid: number
}

/** Somebody without rights, on any Linux. */
export const NOBODY: User = { uid: 65534, gid: 65534 }

/** What a job's steps start that is not the job's own. */
export interface Programs {
  /** Node 24. */
  readonly node: string
  /** The folder that `main` and `post` of action.yml are in. */
  readonly action: string
  /** The PATH that leads to the clients. */
  readonly clientPath: string
}

/** All where it is. */
export const inPlace: Programs = { node: node24, action: repository, clientPath }

/** A Node that is started by another program, which gets its command line, for a job's `node`. */
export function nodeBy(folder: string, start: string, node = node24): string {
  const program = join(mkdtempSync(join(folder, 'bin-')), 'node')
  // Not in sh: it drops variables with a hyphen in their name, as inputs have.
  writeFileSync(program, `#!/bin/bash\nexec ${start} ${node} "$@"\n`, { mode: 0o755 })
  return program
}

let copied: Programs | undefined

/** What `user` can start: a copy where the repository is in a folder that only its owner may enter, as /root is. */
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
  // Where the umask keeps others out of files, it has done so with those of the repository too.
  execFileSync('chmod', ['-R', 'a+rX', folder])
  return { node, action: folder, clientPath: [process.env.PATH, bin].join(delimiter) }
}
