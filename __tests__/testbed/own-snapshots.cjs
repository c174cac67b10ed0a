// Where script/test mutants keeps snapshots: Jest rewrites a snapshot file in each run that leaves out some of its tests,
// and Stryker's runners share a folder. So each runner gets a fresh copy.
const { copyFileSync, existsSync, mkdirSync } = require('node:fs')
const { basename, dirname, join } = require('node:path')

const runner = process.env.STRYKER_MUTATOR_WORKER ?? 'own'

module.exports = {
  testPathForConsistencyCheck: '__tests__/unit/some.test.ts',
  resolveSnapshotPath(test, extension) {
    const name = `${basename(test)}${extension}`
    const original = join(dirname(test), '__snapshots__', name)
    const copy = join(dirname(test), '__snapshots__', runner, name)
    if (existsSync(original)) {
      mkdirSync(dirname(copy), { recursive: true })
      copyFileSync(original, copy)
    }
    return copy
  },
  resolveTestPath: (snapshot, extension) =>
    join(dirname(dirname(dirname(snapshot))), basename(snapshot, extension)),
}
