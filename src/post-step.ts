// Where action.yml starts the post step.
import { postStep } from './index.ts'

void postStep()
