// Preloaded into a step (NODE_OPTIONS=--require). Refuses file system calls, as Windows does while another
// program has the file open. Calls that remove or rename a file, or open a lock file, are refused once and
// succeed when repeated. Calls that match REFUSE_ALWAYS, a regular expression for name and path, are always
// refused. Records all refused calls in REFUSED. With NFS, refuses to remove files of clients once, as Linux does
// for a file on NFS that was removed before while a program had it open.
const fs = require('node:fs')

const { appendFileSync } = fs
const { platform } = process
const { NFS, REFUSED = '', REFUSE_ALWAYS } = process.env
const ONCE = NFS ? /^unlinkSync .*\/scratch\// : /^(?:rename|unlink|rmdir)Sync |^openSync .*\.lock$/
const seen = new Set()

/** Function → the index of its path argument. */
const PATHS = { renameSync: 1, unlinkSync: 0, rmdirSync: 0, symlinkSync: 1, openSync: 0 }

// Only on Windows is a refused call worth repeating, after a pause.
const pretend = value => Object.defineProperty(process, 'platform', { value })
const { wait } = Atomics
Atomics.wait = (...args) => {
  pretend(platform)
  return wait(...args)
}

for (const [name, index] of Object.entries(PATHS)) {
  const real = fs[name]
  fs[name] = (...args) => {
    const call = `${name} ${args[index]}`
    const always = REFUSE_ALWAYS !== undefined && new RegExp(REFUSE_ALWAYS).test(call)
    const isNew = !seen.has(call)
    if (!always && !(isNew && ONCE.test(call))) return real(...args)
    seen.add(call)
    if (name !== 'symlinkSync' && !NFS) pretend('win32')
    if (isNew) appendFileSync(REFUSED, `${call}\n`)
    // EACCES for a lock file would mean that it is not writable at all.
    const codes = NFS ? ['EBUSY'] : ['EPERM', 'EBUSY', ...(name === 'openSync' ? [] : ['EACCES'])]
    const code = codes[seen.size % codes.length]
    throw Object.assign(new Error(`${code}: refused, ${call}`), { code, syscall: name.replace('Sync', '') })
  }
}
