// Where action.yml starts the main step.
import { mainStep } from './index.ts'

void mainStep()
