// The entry point of the main step, see action.yml.
import './node-version.ts'
import { mainStep } from './index.ts'

void mainStep()
