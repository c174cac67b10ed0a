// The entry point of the post step, see action.yml.
import './node-version.ts'
import { postStep } from './index.ts'

void postStep()
