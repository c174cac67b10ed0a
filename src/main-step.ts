// The entry point of the main step, see action.yml.
import { mainStep } from './index.ts'

void mainStep()
