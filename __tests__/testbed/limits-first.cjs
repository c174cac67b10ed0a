// Jest's order of the test files, except that the one that waits for minutes starts first, to run in
// parallel.
const { default: Sequencer } = require('@jest/test-sequencer')

const waits = ({ path }) => Number(path.endsWith('limits.test.ts'))

module.exports = class extends Sequencer {
  sort(tests) {
    return super.sort(tests).sort((one, other) => waits(other) - waits(one))
  }
}
