import { findProgram, nextDebianRoot } from './tools.ts'

/** Which clients a job finds: the machine's, those of the next Debian release, or none. */
export type ClientsOf = 'machine' | 'next-debian' | 'nobody'

const NAMES = ['docker', 'buildah', 'podman', 'skopeo']

/**
 * Programs for a job's PATH that record a client's arguments and environment and then start it.
 *
 * @param starts the folder for the records, one file per start
 * @param path the PATH with the machine's clients
 * @returns the name and the text of each
 */
export function shims(clients: ClientsOf, starts: string, path: string): [name: string, text: string][] {
  return NAMES.map(name => [
    name,
    `#!/bin/sh
note=$(mktemp '${starts}/${name}.XXXXXX')
{ printf '%s\\n' ${name} "$@"; echo '---environment---'; tr '\\0' '\\n' </proc/$$/environ; } >"$note"
${STARTS[clients](name, path)}
`,
  ])
}

const STARTS: Record<ClientsOf, (name: string, path: string) => string> = {
  machine: (name, path) => `exec '${findProgram(name, path)}' "$@"`,
  'next-debian': inNextDebian,
  nobody: () => 'exit 127',
}

/** The sh command that starts a program of the next Debian release and passes on its own arguments. */
export function inNextDebian(name: string): string {
  // Each start has its own mounts, which disappear when it ends.
  return `exec unshare --mount /bin/sh -c '
for folder in tmp proc sys dev run; do mount --rbind /$folder ${nextDebianRoot}/$folder; done
exec chroot ${nextDebianRoot} /usr/bin/env --chdir="$PWD" /usr/bin/${name} "$@"' ${name} "$@"`
}
