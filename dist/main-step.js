'use strict';
require('./node-version.js');
const { mainStep } = require('./index.js');
void mainStep();
