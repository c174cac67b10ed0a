// What script/test mutants does: see CONTRIBUTING.md.
export default {
  // What is pure, or nearly. The rest is for the end-to-end tests, which run the bundle.
  mutate: [
    'src/{credentials,fault,inputs,quote-input,retry,secrets,shortage}.ts',
    'src/clients/{output,settings}.ts',
    'src/ibm/{answer,diagnosis,iam,proxy,regions}.ts',
    'src/report/*.ts',
    'src/stores/credential-file.ts',
  ],
  testRunner: 'jest',
  testRunnerNodeArgs: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
  // Less those of pages and of the bundle, which no mutant changes.
  jest: {
    configFile: 'jest.config.js',
    config: { testMatch: ['<rootDir>/__tests__/unit/!(bundle|docs|metadata|workflows).test.ts'] },
  },
  coverageAnalysis: 'perTest',
  concurrency: 2,
  maxTestRunnerReuse: 25,
  // A loaded machine is no endless loop.
  timeoutMS: 20_000,
  // None: Stryker would rewrite it by TypeScript's JavaScript API, which TypeScript 7 has not.
  tsconfigFile: 'none',
  tempDirName: '.cache/mutants',
  ignorePatterns: ['.cache'],
  reporters: ['clear-text', 'json'],
  jsonReporter: { fileName: '.cache/mutants.json' },
  clearTextReporter: { allowColor: false, logTests: false },
  thresholds: { high: 100, low: 90, break: 90 },
}
