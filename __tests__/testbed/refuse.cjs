// Loaded into a step before its program (NODE_OPTIONS=--require): refuses calls of the file system, as Windows does while
// another program has the file open. What removes or renames something, and what opens a lock file, is refused once and
// let through when it is repeated; what matches REFUSE_ALWAYS, a regular expression for name and path, is always refused.
// Notes each call that was refused in REFUSED.
const fs = require('node:fs')

const { appendFileSync } = fs
const { REFUSED = '', REFUSE_ALWAYS } = process.env
const ONCE = /^(?:rename|unlink|rmdir)Sync |^openSync .*\.lock$/
const seen = new Set()

/** Which argument is the path that counts. */
const PATHS = { renameSync: 1, unlinkSync: 0, rmdirSync: 0, symlinkSync: 1, openSync: 0 }

for (const [name, index] of Object.entries(PATHS)) {
  const real = fs[name]
  fs[name] = (...args) => {
    const call = `${name} ${args[index]}`
    const always = REFUSE_ALWAYS !== undefined && new RegExp(REFUSE_ALWAYS).test(call)
    const isNew = !seen.has(call)
    if (!always && !(isNew && ONCE.test(call))) return real(...args)
    seen.add(call)
    if (isNew) appendFileSync(REFUSED, `${call}\n`)
    // A lock file that may not be written to at all has the third.
    const codes = ['EPERM', 'EBUSY', ...(name === 'openSync' ? [] : ['EACCES'])]
    const code = codes[seen.size % codes.length]
    throw Object.assign(new Error(`${code}: refused, ${call}`), { code, syscall: name.replace('Sync', '') })
  }
}
