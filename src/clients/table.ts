import { proveLogin } from '../ibm/registry.ts'
import type { Client } from './client.ts'
import { containersClient } from './containers.ts'
import { DOCKER } from './docker.ts'

/** No client: this action logs in by itself and stores the login in a credential file. */
const NONE: Client = {
  program: undefined,
  install: '',
  hidesMessages: false,
  logIn: ({ domain, credentials, timeLeft }) => proveLogin(domain, credentials, timeLeft),
  family: undefined,
  store: () => undefined,
}

/** To add a client, add a row. A client that stores its logins in another kind of file needs a new family. */
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

/** The accepted values of the `client` input. */
export type ClientOrNone = keyof typeof CLIENTS

/** The clients that are programs. */
export type ClientName = Exclude<ClientOrNone, 'none'>

export const CLIENT_NAMES = Object.keys(CLIENTS).filter(name => name !== 'none') as ClientName[]
