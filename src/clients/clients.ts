import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { dockerFolder, linkDockerFolder, readSettings } from '../stores/docker-folder.ts'

/** The clients that keep their credentials in one kind of file. */
export type Family = 'docker' | 'containers'

interface Client {
  family: Family
  /** What to add to `login` so that it writes into an empty folder of its own and into nothing else. */
  scratch(
    folder: string,
    domain: string,
    env: NodeJS.ProcessEnv,
  ): { args: string[]; env: Record<string, string> }
  /** What someone can do whose runner does not have it. */
  install: string
}

const containersClient = (install: string): Client => ({
  family: 'containers',
  scratch: folder => ({ args: ['--authfile', path.join(folder, 'auth.json')], env: {} }),
  install,
})

/** A new client is a new line here, and a family of its own if it keeps credentials elsewhere. */
export const CLIENTS = {
  docker: {
    family: 'docker',
    scratch: scratchDocker,
    install:
      'on GitHub-hosted runners it is there on Ubuntu and Windows; elsewhere see https://docs.docker.com/engine/install',
  },
  buildah: containersClient('apt-get install buildah, dnf install buildah'),
  podman: containersClient('apt-get install podman, dnf install podman, brew install podman'),
  skopeo: containersClient('apt-get install skopeo, dnf install skopeo, brew install skopeo'),
} satisfies Record<string, Client>

export type ClientName = keyof typeof CLIENTS

export const CLIENT_NAMES = Object.keys(CLIENTS) as ClientName[]

/**
 * docker has no `--authfile`, only a folder with everything in it, and where a daemon runs, the daemon does
 * the login: so the scratch folder has what leads to the daemon (context, TLS files) and the HTTP headers.
 * The `auths` key keeps docker from looking for a keychain of the system's and writing to that.
 */
function scratchDocker(folder: string, domain: string, env: NodeJS.ProcessEnv) {
  const real = dockerFolder(env)
  const { currentContext, HttpHeaders } = readSettings(path.join(real, 'config.json'))
  const settings = { auths: { [domain]: {} }, currentContext, HttpHeaders }
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  linkDockerFolder(real, folder)
  writeFileSync(path.join(folder, 'config.json'), JSON.stringify(settings), { mode: 0o600 })
  // Where docker is podman under its name (package podman-docker), that variable counts.
  const authFile = path.join(folder, 'auth.json')
  return { args: [], env: { DOCKER_CONFIG: folder, REGISTRY_AUTH_FILE: authFile } }
}

/**
 * Whether a client wrote a login for a domain into its scratch folder: docker into config.json, the others, and
 * podman in docker's place, into auth.json.
 */
export function wroteLogin(folder: string, domain: string): boolean {
  return ['config.json', 'auth.json'].some(name => {
    const { auths } = readSettings(path.join(folder, name))
    return Object.keys(Object(Object(auths)[domain])).length > 0
  })
}
