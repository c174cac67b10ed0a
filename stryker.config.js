// The configuration of script/test mutants: see CONTRIBUTING.md.
export default {
  // Pure or almost pure code. The end-to-end tests cover the rest by running the bundle.
  mutate: [
    'src/{credentials,fault,inputs,json,quote-input,retry,secrets,shortage}.ts',
    'src/clients/{output,settings}.ts',
    'src/ibm/{answer,diagnosis,iam,proxy,regions}.ts',
    'src/report/*.ts',
    'src/stores/credential-file.ts',
  ],
  testRunner: 'jest',
  testRunnerNodeArgs: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
  // Excludes the tests of docs, workflows, metadata, and the bundle, which mutations do not change.
  jest: {
    configFile: 'jest.config.js',
    config: {
      testMatch: ['<rootDir>/__tests__/unit/!(bundle|docs|metadata|workflows).test.ts'],
      snapshotResolver: '<rootDir>/__tests__/testbed/own-snapshots.cjs',
      ci: true,
    },
  },
  coverageAnalysis: 'perTest',
  concurrency: 2,
  maxTestRunnerReuse: 25,
  // Generous, so that a slow machine is not mistaken for an infinite loop.
  timeoutMS: 20_000,
  // Disabled: Stryker would rewrite it with TypeScript's JavaScript API, which TypeScript 7 does not have.
  tsconfigFile: 'none',
  tempDirName: '.cache/mutants',
  ignorePatterns: ['.cache'],
  reporters: ['clear-text'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  thresholds: { high: 100, low: 90, break: 90 },
}
