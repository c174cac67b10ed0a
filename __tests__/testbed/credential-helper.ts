import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Job } from './runner.ts'

/**
 * Gives a job a program that speaks the protocol of docker's credential helpers.
 *
 * @param first what it does before all else, in sh: the action is `$1`, and that folder `$kept`
 * @returns the folder in which it keeps what it is given, a file for each host
 */
export function addHelper(job: Job, name: string, first = ''): string {
  const kept = join(job.folder, `kept-by-${name}`)
  mkdirSync(kept)
  const program = `#!/bin/sh
kept='${kept}'
${first}
host() { sed 's|^https://||; s|/.*$||'; }
case $1 in
store) cat >"$kept/.new"; h=$(sed 's/.*"ServerURL":"\\([^"]*\\)".*/\\1/' "$kept/.new" | host); mv "$kept/.new" "$kept/$h" ;;
get) h=$(host); [ -e "$kept/$h" ] || { echo 'credentials not found in native keychain'; exit 1; }; cat "$kept/$h" ;;
erase) rm -f "$kept/$(host)" ;;
list) cd "$kept"; printf '{'; c=; for h in *; do [ -e "$h" ] || continue; printf '%s"%s":"user"' "$c" "$h"; c=,; done; printf '}' ;;
esac
`
  writeFileSync(join(job.folder, 'bin', `docker-credential-${name}`), program, { mode: 0o755 })
  return kept
}
