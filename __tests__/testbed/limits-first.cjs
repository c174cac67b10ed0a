// Jest's order of the test files, but for the one that waits for minutes: it goes first, side by side with all others.
const { default: Sequencer } = require('@jest/test-sequencer')

const waits = ({ path }) => Number(path.endsWith('limits.test.ts'))

module.exports = class extends Sequencer {
  sort(tests) {
    return super.sort(tests).sort((one, other) => waits(other) - waits(one))
  }
}
