// What is bundled: one file for both steps.
export { mainStep, postStep } from './steps.ts'
