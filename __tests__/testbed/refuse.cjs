// Loaded into a step before its program (NODE_OPTIONS=--require): refuses calls of the file system that change names,
// as Windows does while another program has the file open. Each is refused once and let through when it is repeated,
// but for links, which are made; those that match REFUSE_ALWAYS, a regular expression for name and path, are always
// refused. Notes each that was refused in REFUSED.
const fs = require('node:fs')

const { appendFileSync } = fs
const { REFUSED = '', REFUSE_ALWAYS } = process.env
const seen = new Set()

for (const name of ['renameSync', 'unlinkSync', 'rmdirSync', 'symlinkSync']) {
  const real = fs[name]
  fs[name] = (...args) => {
    const call = `${name} ${name === 'symlinkSync' ? args[1] : args.at(-1)}`
    const always = REFUSE_ALWAYS !== undefined && new RegExp(REFUSE_ALWAYS).test(call)
    if ((seen.has(call) || name === 'symlinkSync') && !always) return real(...args)
    if (!seen.has(call)) appendFileSync(REFUSED, `${call}\n`)
    seen.add(call)
    const code = ['EPERM', 'EACCES', 'EBUSY'][seen.size % 3]
    throw Object.assign(new Error(`${code}: refused, ${call}`), { code, syscall: name.replace('Sync', '') })
  }
}
