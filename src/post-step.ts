// The entry point of the post step, see action.yml.
import { postStep } from './index.ts'

void postStep()
