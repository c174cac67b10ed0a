// Preloaded into a step (NODE_OPTIONS=--require). Whenever the step has written a file that matches OVERWRITE, a
// regular expression for its path, overwrites it, as another program may do all the time.
const fs = require('node:fs')

const { renameSync, writeFileSync } = fs
const file = new RegExp(process.env.OVERWRITE)

fs.renameSync = (from, to) => {
  renameSync(from, to)
  if (file.test(to)) writeFileSync(to, '{"auths":{}}')
}
