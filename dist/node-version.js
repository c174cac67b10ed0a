'use strict';
const { writeSync } = require('node:fs');
const { node } = process.versions;
if (Number.parseInt(node, 10) < 24) {
    if (process.argv[1]?.includes('post-step'))
        process.exit();
    const why = "GitHub's runner has no Node 24 for 32-bit ARM. Gitea, Forgejo and act use the node in PATH: install Node 24 there.";
    writeSync(1, `::error::icr-login requires Node 24, but this is Node ${node}. ${why}\n`);
    process.exit(1);
}
