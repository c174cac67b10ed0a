// The entry point of the bundle, which contains both steps.
export { mainStep, postStep } from './steps.ts'
