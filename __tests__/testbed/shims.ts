import { findProgram, nextDebianRoot } from './tools.ts'

/** Whose clients a job finds: the machine's, those of the next Debian release, or none at all. */
export type ClientsOf = 'machine' | 'next-debian' | 'nobody'

const NAMES = ['docker', 'buildah', 'podman', 'skopeo']

/**
 * Programs for a job's PATH that note how a client is started, arguments and environment, and then start it.
 *
 * @param starts the folder that gets a file for each start
 * @param path where the machine's clients are looked for
 * @returns name and text of each
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

/** The command, in sh, that starts a program of the next Debian release with the arguments that it gets itself. */
export function inNextDebian(name: string): string {
  // Each start has mounts of its own, which are gone with it.
  return `exec unshare --mount /bin/sh -c '
for folder in tmp proc sys dev run; do mount --rbind /$folder ${nextDebianRoot}/$folder; done
exec chroot ${nextDebianRoot} /usr/bin/env --chdir="$PWD" /usr/bin/${name} "$@"' ${name} "$@"`
}
