// Preloaded into a step (NODE_OPTIONS=--require). Writes to MODULES which of Node's own modules are loaded
// when the step starts its first program (`before`), when that has ended (`meanwhile`), and when the step
// ends (`end`).
const { subscribe } = require('node:diagnostics_channel')
const { writeFileSync } = require('node:fs')

const loaded = {}
const note = moment => {
  loaded[moment] ??= process.moduleLoadList
    .map(name => name.match(/^NativeModule (.+)$/)?.[1])
    .filter(name => name !== undefined)
}

subscribe('child_process', ({ process: program }) => {
  note('before')
  program.prependOnceListener('exit', () => note('meanwhile'))
})
process.once('exit', () => {
  note('end')
  writeFileSync(process.env.MODULES, JSON.stringify(loaded))
})
