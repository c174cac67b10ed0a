import { proveLogin } from '../ibm/registry.ts'
import type { Client } from './client.ts'
import { containersClient } from './containers.ts'
import { DOCKER } from './docker.ts'

/** No client: the login is a request of this action's own, and goes into a credentials file. */
const NONE: Client = {
  program: undefined,
  install: '',
  hidesMessages: false,
  logIn: ({ domain, credentials, timeLeft }) => proveLogin(domain, credentials, timeLeft),
  family: undefined,
  store: () => undefined,
}

/** A new client is a new row here, and a family of its own if it keeps its logins elsewhere. */
export const CLIENTS = {
  docker: DOCKER,
  buildah: containersClient('buildah', 'apt-get install buildah, dnf install buildah', true),
  podman: containersClient('podman', 'apt-get install podman, dnf install podman, brew install podman', true),
  skopeo: containersClient(
    'skopeo',
    'apt-get install skopeo, dnf install skopeo, brew install skopeo',
    false,
  ),
  none: NONE,
} satisfies Record<string, Client>

/** What the input `client` accepts. */
export type ClientOrNone = keyof typeof CLIENTS

/** A client that is a program. */
export type ClientName = Exclude<ClientOrNone, 'none'>

export const CLIENT_NAMES = Object.keys(CLIENTS).filter(name => name !== 'none') as ClientName[]
