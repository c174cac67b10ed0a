// The first import of both steps, because an older Node cannot load the bundle.
import { writeSync } from 'node:fs'

const { node } = process.versions
if (Number.parseInt(node, 10) < 24) {
  // The main step has failed, and has stored nothing.
  if (process.argv[1]?.includes('post-step')) process.exit()
  // https://github.com/actions/runner/pull/3940
  const why =
    "GitHub's runner has no Node 24 for 32-bit ARM. Gitea, Forgejo and act use the node in PATH: install Node 24 there."
  writeSync(1, `::error::icr-login requires Node 24, but this is Node ${node}. ${why}\n`)
  process.exit(1)
}
