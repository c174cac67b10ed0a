import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Job } from './runner.ts'

/**
 * Gives a job a program that implements the protocol of docker's credential helpers.
 *
 * @param first sh code that runs first: `$1` is the action, `$kept` the folder
 * @returns the folder in which it stores credentials, one file per host
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
