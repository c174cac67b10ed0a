import './node-version.js';
import { mainStep } from './index.js';
void mainStep();
