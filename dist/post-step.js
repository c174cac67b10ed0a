import './node-version.js';
import { postStep } from './index.js';
void postStep();
