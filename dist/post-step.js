'use strict';
require('./node-version.js');
const { postStep } = require('./index.js');
void postStep();
