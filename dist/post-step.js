import { postStep } from './index.js';
void postStep();
