import { mainStep } from './index.js';
void mainStep();
