// bench.ts preloads this into a main step (NODE_OPTIONS=--require). Writes when the step does what to
// TIMELINE, as JSON, in milliseconds since its process started. It observes from outside: the action itself
// records nothing.
const { subscribe } = require('node:diagnostics_channel')
const fs = require('node:fs')

const { appendFileSync, mkdirSync, renameSync, writeFileSync } = fs
const { GITHUB_STATE, TIMELINE } = process.env
const times = {}

const note = moment => {
  times[moment] = process.uptime() * 1000
}
const noteFirst = moment => moment in times || note(moment)

const { getBuiltinModule } = process
process.getBuiltinModule = name => {
  noteFirst('first line')
  return getBuiltinModule(name)
}
fs.appendFileSync = (file, ...more) => {
  appendFileSync(file, ...more)
  if (file === GITHUB_STATE) noteFirst('state saved')
}
fs.mkdirSync = (...args) => {
  noteFirst('inputs checked')
  return mkdirSync(...args)
}
subscribe('child_process', ({ process: client }) => {
  noteFirst('client starts')
  client.once('exit', () => note('client has ended'))
})
fs.renameSync = (from, to) => {
  renameSync(from, to)
  note(to.endsWith('undo.json') ? 'undo record' : 'stored')
}
process.once('exit', () => {
  note('exit handlers')
  writeFileSync(TIMELINE, JSON.stringify(times))
})
