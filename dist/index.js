import { createRequire as __WEBPACK_EXTERNAL_createRequire } from "module";
/******/ var __webpack_modules__ = ({

/***/ 708:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:https");

/***/ })

/******/ });
/************************************************************************/
/******/ // The module cache
/******/ var __webpack_module_cache__ = {};
/******/ 
/******/ // The require function
/******/ function __nccwpck_require__(moduleId) {
/******/ 	// Check if module is in cache
/******/ 	var cachedModule = __webpack_module_cache__[moduleId];
/******/ 	if (cachedModule !== undefined) {
/******/ 		return cachedModule.exports;
/******/ 	}
/******/ 	// Create a new module (and put it into the cache)
/******/ 	var module = __webpack_module_cache__[moduleId] = {
/******/ 		// no module.id needed
/******/ 		// no module.loaded needed
/******/ 		exports: {}
/******/ 	};
/******/ 
/******/ 	// Execute the module function
/******/ 	var threw = true;
/******/ 	try {
/******/ 		__webpack_modules__[moduleId](module, module.exports, __nccwpck_require__);
/******/ 		threw = false;
/******/ 	} finally {
/******/ 		if(threw) delete __webpack_module_cache__[moduleId];
/******/ 	}
/******/ 
/******/ 	// Return the exports of the module
/******/ 	return module.exports;
/******/ }
/******/ 
/************************************************************************/
/******/ /* webpack/runtime/asset-relocator-loader */
/******/ if (typeof __nccwpck_require__ !== 'undefined') __nccwpck_require__.ab = decodeURIComponent(new URL('.', import.meta.url).pathname).slice(import.meta.url.match(/^file:\/\/\/\w:/) ? 1 : 0, -1) + "/";
/******/ 
/******/ /* webpack/runtime/create fake namespace object */
/******/ (() => {
/******/ 	var getProto = Object.getPrototypeOf ? (obj) => (Object.getPrototypeOf(obj)) : (obj) => (obj.__proto__);
/******/ 	var leafPrototypes;
/******/ 	// create a fake namespace object
/******/ 	// mode & 1: value is a module id, require it
/******/ 	// mode & 2: merge all properties of value into the ns
/******/ 	// mode & 4: return value when already ns object
/******/ 	// mode & 16: return value when it's Promise-like
/******/ 	// mode & 8|1: behave like require
/******/ 	__nccwpck_require__.t = function(value, mode) {
/******/ 		if(mode & 1) value = this(value);
/******/ 		if(mode & 8) return value;
/******/ 		if(typeof value === 'object' && value) {
/******/ 			if((mode & 4) && value.__esModule) return value;
/******/ 			if((mode & 16) && typeof value.then === 'function') return value;
/******/ 		}
/******/ 		var ns = Object.create(null);
/******/ 		__nccwpck_require__.r(ns);
/******/ 		var def = {};
/******/ 		leafPrototypes = leafPrototypes || [null, getProto({}), getProto([]), getProto(getProto)];
/******/ 		for(var current = mode & 2 && value; typeof current == 'object' && !~leafPrototypes.indexOf(current); current = getProto(current)) {
/******/ 			Object.getOwnPropertyNames(current).forEach((key) => (def[key] = () => (value[key])));
/******/ 		}
/******/ 		def['default'] = () => (value);
/******/ 		__nccwpck_require__.d(ns, def);
/******/ 		return ns;
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/define property getters */
/******/ (() => {
/******/ 	// define getter functions for harmony exports
/******/ 	__nccwpck_require__.d = (exports, definition) => {
/******/ 		for(var key in definition) {
/******/ 			if(__nccwpck_require__.o(definition, key) && !__nccwpck_require__.o(exports, key)) {
/******/ 				Object.defineProperty(exports, key, { enumerable: true, get: definition[key] });
/******/ 			}
/******/ 		}
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/hasOwnProperty shorthand */
/******/ (() => {
/******/ 	__nccwpck_require__.o = (obj, prop) => (Object.prototype.hasOwnProperty.call(obj, prop))
/******/ })();
/******/ 
/******/ /* webpack/runtime/make namespace object */
/******/ (() => {
/******/ 	// define __esModule on exports
/******/ 	__nccwpck_require__.r = (exports) => {
/******/ 		if(typeof Symbol !== 'undefined' && Symbol.toStringTag) {
/******/ 			Object.defineProperty(exports, Symbol.toStringTag, { value: 'Module' });
/******/ 		}
/******/ 		Object.defineProperty(exports, '__esModule', { value: true });
/******/ 	};
/******/ })();
/******/ 
/************************************************************************/
var __webpack_exports__ = {};

;// CONCATENATED MODULE: external "os"
const external_os_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("os");
;// CONCATENATED MODULE: ./node_modules/@actions/core/lib/utils.js
// We use any as a valid input type
/* eslint-disable @typescript-eslint/no-explicit-any */
/**
 * Sanitizes an input into a string so it can be passed into issueCommand safely
 * @param input input to sanitize into a string
 */
function toCommandValue(input) {
    if (input === null || input === undefined) {
        return '';
    }
    else if (typeof input === 'string' || input instanceof String) {
        return input;
    }
    return JSON.stringify(input);
}
/**
 *
 * @param annotationProperties
 * @returns The command properties to send with the actual annotation command
 * See IssueCommandProperties: https://github.com/actions/runner/blob/main/src/Runner.Worker/ActionCommandManager.cs#L646
 */
function toCommandProperties(annotationProperties) {
    if (!Object.keys(annotationProperties).length) {
        return {};
    }
    return {
        title: annotationProperties.title,
        file: annotationProperties.file,
        line: annotationProperties.startLine,
        endLine: annotationProperties.endLine,
        col: annotationProperties.startColumn,
        endColumn: annotationProperties.endColumn
    };
}
//# sourceMappingURL=utils.js.map
;// CONCATENATED MODULE: ./node_modules/@actions/core/lib/command.js


/**
 * Issues a command to the GitHub Actions runner
 *
 * @param command - The command name to issue
 * @param properties - Additional properties for the command (key-value pairs)
 * @param message - The message to include with the command
 * @remarks
 * This function outputs a specially formatted string to stdout that the Actions
 * runner interprets as a command. These commands can control workflow behavior,
 * set outputs, create annotations, mask values, and more.
 *
 * Command Format:
 *   ::name key=value,key=value::message
 *
 * @example
 * ```typescript
 * // Issue a warning annotation
 * issueCommand('warning', {}, 'This is a warning message');
 * // Output: ::warning::This is a warning message
 *
 * // Set an environment variable
 * issueCommand('set-env', { name: 'MY_VAR' }, 'some value');
 * // Output: ::set-env name=MY_VAR::some value
 *
 * // Add a secret mask
 * issueCommand('add-mask', {}, 'secretValue123');
 * // Output: ::add-mask::secretValue123
 * ```
 *
 * @internal
 * This is an internal utility function that powers the public API functions
 * such as setSecret, warning, error, and exportVariable.
 */
function command_issueCommand(command, properties, message) {
    const cmd = new Command(command, properties, message);
    process.stdout.write(cmd.toString() + external_os_namespaceObject.EOL);
}
function command_issue(name, message = '') {
    command_issueCommand(name, {}, message);
}
const CMD_STRING = '::';
class Command {
    constructor(command, properties, message) {
        if (!command) {
            command = 'missing.command';
        }
        this.command = command;
        this.properties = properties;
        this.message = message;
    }
    toString() {
        let cmdStr = CMD_STRING + this.command;
        if (this.properties && Object.keys(this.properties).length > 0) {
            cmdStr += ' ';
            let first = true;
            for (const key in this.properties) {
                if (this.properties.hasOwnProperty(key)) {
                    const val = this.properties[key];
                    if (val) {
                        if (first) {
                            first = false;
                        }
                        else {
                            cmdStr += ',';
                        }
                        cmdStr += `${key}=${escapeProperty(val)}`;
                    }
                }
            }
        }
        cmdStr += `${CMD_STRING}${escapeData(this.message)}`;
        return cmdStr;
    }
}
function escapeData(s) {
    return toCommandValue(s)
        .replace(/%/g, '%25')
        .replace(/\r/g, '%0D')
        .replace(/\n/g, '%0A');
}
function escapeProperty(s) {
    return toCommandValue(s)
        .replace(/%/g, '%25')
        .replace(/\r/g, '%0D')
        .replace(/\n/g, '%0A')
        .replace(/:/g, '%3A')
        .replace(/,/g, '%2C');
}
//# sourceMappingURL=command.js.map
;// CONCATENATED MODULE: external "crypto"
const external_crypto_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("crypto");
;// CONCATENATED MODULE: external "fs"
const external_fs_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("fs");
;// CONCATENATED MODULE: ./node_modules/@actions/core/lib/file-command.js
// For internal use, subject to change.
// We use any as a valid input type
/* eslint-disable @typescript-eslint/no-explicit-any */




function file_command_issueFileCommand(command, message) {
    const filePath = process.env[`GITHUB_${command}`];
    if (!filePath) {
        throw new Error(`Unable to find environment variable for file command ${command}`);
    }
    if (!external_fs_namespaceObject.existsSync(filePath)) {
        throw new Error(`Missing file at path: ${filePath}`);
    }
    external_fs_namespaceObject.appendFileSync(filePath, `${toCommandValue(message)}${external_os_namespaceObject.EOL}`, {
        encoding: 'utf8'
    });
}
function prepareKeyValueMessage(key, value) {
    const delimiter = `ghadelimiter_${external_crypto_namespaceObject.randomUUID()}`;
    const convertedValue = toCommandValue(value);
    // These should realistically never happen, but just in case someone finds a
    // way to exploit uuid generation let's not allow keys or values that contain
    // the delimiter.
    if (key.includes(delimiter)) {
        throw new Error(`Unexpected input: name should not contain the delimiter "${delimiter}"`);
    }
    if (convertedValue.includes(delimiter)) {
        throw new Error(`Unexpected input: value should not contain the delimiter "${delimiter}"`);
    }
    return `${key}<<${delimiter}${external_os_namespaceObject.EOL}${convertedValue}${external_os_namespaceObject.EOL}${delimiter}`;
}
//# sourceMappingURL=file-command.js.map
;// CONCATENATED MODULE: external "path"
const external_path_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("path");
;// CONCATENATED MODULE: ./node_modules/@actions/core/lib/core.js
var __awaiter = (undefined && undefined.__awaiter) || function (thisArg, _arguments, P, generator) {
    function adopt(value) { return value instanceof P ? value : new P(function (resolve) { resolve(value); }); }
    return new (P || (P = Promise))(function (resolve, reject) {
        function fulfilled(value) { try { step(generator.next(value)); } catch (e) { reject(e); } }
        function rejected(value) { try { step(generator["throw"](value)); } catch (e) { reject(e); } }
        function step(result) { result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected); }
        step((generator = generator.apply(thisArg, _arguments || [])).next());
    });
};






/**
 * The code to exit an action
 */
var ExitCode;
(function (ExitCode) {
    /**
     * A code indicating that the action was successful
     */
    ExitCode[ExitCode["Success"] = 0] = "Success";
    /**
     * A code indicating that the action was a failure
     */
    ExitCode[ExitCode["Failure"] = 1] = "Failure";
})(ExitCode || (ExitCode = {}));
//-----------------------------------------------------------------------
// Variables
//-----------------------------------------------------------------------
/**
 * Sets env variable for this action and future actions in the job
 * @param name the name of the variable to set
 * @param val the value of the variable. Non-string values will be converted to a string via JSON.stringify
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
function exportVariable(name, val) {
    const convertedVal = toCommandValue(val);
    process.env[name] = convertedVal;
    const filePath = process.env['GITHUB_ENV'] || '';
    if (filePath) {
        return file_command_issueFileCommand('ENV', prepareKeyValueMessage(name, val));
    }
    command_issueCommand('set-env', { name }, convertedVal);
}
/**
 * Registers a secret which will get masked from logs
 *
 * @param secret - Value of the secret to be masked
 * @remarks
 * This function instructs the Actions runner to mask the specified value in any
 * logs produced during the workflow run. Once registered, the secret value will
 * be replaced with asterisks (***) whenever it appears in console output, logs,
 * or error messages.
 *
 * This is useful for protecting sensitive information such as:
 * - API keys
 * - Access tokens
 * - Authentication credentials
 * - URL parameters containing signatures (SAS tokens)
 *
 * Note that masking only affects future logs; any previous appearances of the
 * secret in logs before calling this function will remain unmasked.
 *
 * @example
 * ```typescript
 * // Register an API token as a secret
 * const apiToken = "abc123xyz456";
 * setSecret(apiToken);
 *
 * // Now any logs containing this value will show *** instead
 * console.log(`Using token: ${apiToken}`); // Outputs: "Using token: ***"
 * ```
 */
function setSecret(secret) {
    command_issueCommand('add-mask', {}, secret);
}
/**
 * Prepends inputPath to the PATH (for this action and future actions)
 * @param inputPath
 */
function addPath(inputPath) {
    const filePath = process.env['GITHUB_PATH'] || '';
    if (filePath) {
        issueFileCommand('PATH', inputPath);
    }
    else {
        issueCommand('add-path', {}, inputPath);
    }
    process.env['PATH'] = `${inputPath}${path.delimiter}${process.env['PATH']}`;
}
/**
 * Gets the value of an input.
 * Unless trimWhitespace is set to false in InputOptions, the value is also trimmed.
 * Returns an empty string if the value is not defined.
 *
 * @param     name     name of the input to get
 * @param     options  optional. See InputOptions.
 * @returns   string
 */
function getInput(name, options) {
    const val = process.env[`INPUT_${name.replace(/ /g, '_').toUpperCase()}`] || '';
    if (options && options.required && !val) {
        throw new Error(`Input required and not supplied: ${name}`);
    }
    if (options && options.trimWhitespace === false) {
        return val;
    }
    return val.trim();
}
/**
 * Gets the values of an multiline input.  Each value is also trimmed.
 *
 * @param     name     name of the input to get
 * @param     options  optional. See InputOptions.
 * @returns   string[]
 *
 */
function getMultilineInput(name, options) {
    const inputs = getInput(name, options)
        .split('\n')
        .filter(x => x !== '');
    if (options && options.trimWhitespace === false) {
        return inputs;
    }
    return inputs.map(input => input.trim());
}
/**
 * Gets the input value of the boolean type in the YAML 1.2 "core schema" specification.
 * Support boolean input list: `true | True | TRUE | false | False | FALSE` .
 * The return value is also in boolean type.
 * ref: https://yaml.org/spec/1.2/spec.html#id2804923
 *
 * @param     name     name of the input to get
 * @param     options  optional. See InputOptions.
 * @returns   boolean
 */
function getBooleanInput(name, options) {
    const trueValue = ['true', 'True', 'TRUE'];
    const falseValue = ['false', 'False', 'FALSE'];
    const val = getInput(name, options);
    if (trueValue.includes(val))
        return true;
    if (falseValue.includes(val))
        return false;
    throw new TypeError(`Input does not meet YAML 1.2 "Core Schema" specification: ${name}\n` +
        `Support boolean input list: \`true | True | TRUE | false | False | FALSE\``);
}
/**
 * Sets the value of an output.
 *
 * @param     name     name of the output to set
 * @param     value    value to store. Non-string values will be converted to a string via JSON.stringify
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
function setOutput(name, value) {
    const filePath = process.env['GITHUB_OUTPUT'] || '';
    if (filePath) {
        return file_command_issueFileCommand('OUTPUT', prepareKeyValueMessage(name, value));
    }
    process.stdout.write(external_os_namespaceObject.EOL);
    command_issueCommand('set-output', { name }, toCommandValue(value));
}
/**
 * Enables or disables the echoing of commands into stdout for the rest of the step.
 * Echoing is disabled by default if ACTIONS_STEP_DEBUG is not set.
 *
 */
function setCommandEcho(enabled) {
    issue('echo', enabled ? 'on' : 'off');
}
//-----------------------------------------------------------------------
// Results
//-----------------------------------------------------------------------
/**
 * Sets the action status to failed.
 * When the action exits it will be with an exit code of 1
 * @param message add error issue message
 */
function setFailed(message) {
    process.exitCode = ExitCode.Failure;
    error(message);
}
//-----------------------------------------------------------------------
// Logging Commands
//-----------------------------------------------------------------------
/**
 * Gets whether Actions Step Debug is on or not
 */
function isDebug() {
    return process.env['RUNNER_DEBUG'] === '1';
}
/**
 * Writes debug message to user log
 * @param message debug message
 */
function debug(message) {
    command_issueCommand('debug', {}, message);
}
/**
 * Adds an error issue
 * @param message error issue message. Errors will be converted to string via toString()
 * @param properties optional properties to add to the annotation.
 */
function error(message, properties = {}) {
    command_issueCommand('error', toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
/**
 * Adds a warning issue
 * @param message warning issue message. Errors will be converted to string via toString()
 * @param properties optional properties to add to the annotation.
 */
function core_warning(message, properties = {}) {
    command_issueCommand('warning', toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
/**
 * Adds a notice issue
 * @param message notice issue message. Errors will be converted to string via toString()
 * @param properties optional properties to add to the annotation.
 */
function notice(message, properties = {}) {
    command_issueCommand('notice', toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
/**
 * Writes info to log with console.log.
 * @param message info message
 */
function info(message) {
    process.stdout.write(message + external_os_namespaceObject.EOL);
}
/**
 * Begin an output group.
 *
 * Output until the next `groupEnd` will be foldable in this group
 *
 * @param name The name of the output group
 */
function startGroup(name) {
    command_issue('group', name);
}
/**
 * End an output group.
 */
function endGroup() {
    command_issue('endgroup');
}
/**
 * Wrap an asynchronous function call in a group.
 *
 * Returns the same type as the function itself.
 *
 * @param name The name of the group
 * @param fn The function to wrap in the group
 */
function group(name, fn) {
    return __awaiter(this, void 0, void 0, function* () {
        startGroup(name);
        let result;
        try {
            result = yield fn();
        }
        finally {
            endGroup();
        }
        return result;
    });
}
//-----------------------------------------------------------------------
// Wrapper action state
//-----------------------------------------------------------------------
/**
 * Saves state for current action, the state can only be retrieved by this action's post job execution.
 *
 * @param     name     name of the state to store
 * @param     value    value to store. Non-string values will be converted to a string via JSON.stringify
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
function saveState(name, value) {
    const filePath = process.env['GITHUB_STATE'] || '';
    if (filePath) {
        return file_command_issueFileCommand('STATE', prepareKeyValueMessage(name, value));
    }
    command_issueCommand('save-state', { name }, toCommandValue(value));
}
/**
 * Gets the value of an state set by this action's main execution.
 *
 * @param     name     name of the state to get
 * @returns   string
 */
function getState(name) {
    return process.env[`STATE_${name}`] || '';
}
function getIDToken(aud) {
    return __awaiter(this, void 0, void 0, function* () {
        return yield OidcClient.getIDToken(aud);
    });
}
/**
 * Summary exports
 */

/**
 * @deprecated use core.summary
 */

/**
 * Path exports
 */

/**
 * Platform utilities exports
 */

//# sourceMappingURL=core.js.map
;// CONCATENATED MODULE: ./build/failure.js
/**
 * Something that the user can mend. The message is shown as the step's one error, as it is and without a
 * stack trace, so it says what is wrong and what to do. Anything else that is thrown is a defect of ours.
 */
class Failure extends Error {
    /** What clients and registry said themselves, for whoever wants it. */
    details;
    constructor(message, details = '') {
        super(message);
        this.details = details;
    }
}

;// CONCATENATED MODULE: external "assert"
const external_assert_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("assert");
;// CONCATENATED MODULE: ./node_modules/@actions/io/lib/io-util.js
var io_util_awaiter = (undefined && undefined.__awaiter) || function (thisArg, _arguments, P, generator) {
    function adopt(value) { return value instanceof P ? value : new P(function (resolve) { resolve(value); }); }
    return new (P || (P = Promise))(function (resolve, reject) {
        function fulfilled(value) { try { step(generator.next(value)); } catch (e) { reject(e); } }
        function rejected(value) { try { step(generator["throw"](value)); } catch (e) { reject(e); } }
        function step(result) { result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected); }
        step((generator = generator.apply(thisArg, _arguments || [])).next());
    });
};


const { chmod, copyFile, lstat, mkdir, open: io_util_open, readdir, rename, rm, rmdir, stat, symlink, unlink } = external_fs_namespaceObject.promises;
// export const {open} = 'fs'
const IS_WINDOWS = process.platform === 'win32';
/**
 * Custom implementation of readlink to ensure Windows junctions
 * maintain trailing backslash for backward compatibility with Node.js < 24
 *
 * In Node.js 20, Windows junctions (directory symlinks) always returned paths
 * with trailing backslashes. Node.js 24 removed this behavior, which breaks
 * code that relied on this format for path operations.
 *
 * This implementation restores the Node 20 behavior by adding a trailing
 * backslash to all junction results on Windows.
 */
function readlink(fsPath) {
    return io_util_awaiter(this, void 0, void 0, function* () {
        const result = yield fs.promises.readlink(fsPath);
        // On Windows, restore Node 20 behavior: add trailing backslash to all results
        // since junctions on Windows are always directory links
        if (IS_WINDOWS && !result.endsWith('\\')) {
            return `${result}\\`;
        }
        return result;
    });
}
// See https://github.com/nodejs/node/blob/d0153aee367422d0858105abec186da4dff0a0c5/deps/uv/include/uv/win.h#L691
const UV_FS_O_EXLOCK = 0x10000000;
const READONLY = external_fs_namespaceObject.constants.O_RDONLY;
function exists(fsPath) {
    return io_util_awaiter(this, void 0, void 0, function* () {
        try {
            yield stat(fsPath);
        }
        catch (err) {
            if (err.code === 'ENOENT') {
                return false;
            }
            throw err;
        }
        return true;
    });
}
function isDirectory(fsPath_1) {
    return io_util_awaiter(this, arguments, void 0, function* (fsPath, useStat = false) {
        const stats = useStat ? yield stat(fsPath) : yield lstat(fsPath);
        return stats.isDirectory();
    });
}
/**
 * On OSX/Linux, true if path starts with '/'. On Windows, true for paths like:
 * \, \hello, \\hello\share, C:, and C:\hello (and corresponding alternate separator cases).
 */
function isRooted(p) {
    p = normalizeSeparators(p);
    if (!p) {
        throw new Error('isRooted() parameter "p" cannot be empty');
    }
    if (IS_WINDOWS) {
        return (p.startsWith('\\') || /^[A-Z]:/i.test(p) // e.g. \ or \hello or \\hello
        ); // e.g. C: or C:\hello
    }
    return p.startsWith('/');
}
/**
 * Best effort attempt to determine whether a file exists and is executable.
 * @param filePath    file path to check
 * @param extensions  additional file extensions to try
 * @return if file exists and is executable, returns the file path. otherwise empty string.
 */
function tryGetExecutablePath(filePath, extensions) {
    return io_util_awaiter(this, void 0, void 0, function* () {
        let stats = undefined;
        try {
            // test file exists
            stats = yield stat(filePath);
        }
        catch (err) {
            if (err.code !== 'ENOENT') {
                // eslint-disable-next-line no-console
                console.log(`Unexpected error attempting to determine if executable file exists '${filePath}': ${err}`);
            }
        }
        if (stats && stats.isFile()) {
            if (IS_WINDOWS) {
                // on Windows, test for valid extension
                const upperExt = external_path_namespaceObject.extname(filePath).toUpperCase();
                if (extensions.some(validExt => validExt.toUpperCase() === upperExt)) {
                    return filePath;
                }
            }
            else {
                if (isUnixExecutable(stats)) {
                    return filePath;
                }
            }
        }
        // try each extension
        const originalFilePath = filePath;
        for (const extension of extensions) {
            filePath = originalFilePath + extension;
            stats = undefined;
            try {
                stats = yield stat(filePath);
            }
            catch (err) {
                if (err.code !== 'ENOENT') {
                    // eslint-disable-next-line no-console
                    console.log(`Unexpected error attempting to determine if executable file exists '${filePath}': ${err}`);
                }
            }
            if (stats && stats.isFile()) {
                if (IS_WINDOWS) {
                    // preserve the case of the actual file (since an extension was appended)
                    try {
                        const directory = external_path_namespaceObject.dirname(filePath);
                        const upperName = external_path_namespaceObject.basename(filePath).toUpperCase();
                        for (const actualName of yield readdir(directory)) {
                            if (upperName === actualName.toUpperCase()) {
                                filePath = external_path_namespaceObject.join(directory, actualName);
                                break;
                            }
                        }
                    }
                    catch (err) {
                        // eslint-disable-next-line no-console
                        console.log(`Unexpected error attempting to determine the actual case of the file '${filePath}': ${err}`);
                    }
                    return filePath;
                }
                else {
                    if (isUnixExecutable(stats)) {
                        return filePath;
                    }
                }
            }
        }
        return '';
    });
}
function normalizeSeparators(p) {
    p = p || '';
    if (IS_WINDOWS) {
        // convert slashes on Windows
        p = p.replace(/\//g, '\\');
        // remove redundant slashes
        return p.replace(/\\\\+/g, '\\');
    }
    // remove redundant slashes
    return p.replace(/\/\/+/g, '/');
}
// on Mac/Linux, test the execute bit
//     R   W  X  R  W X R W X
//   256 128 64 32 16 8 4 2 1
function isUnixExecutable(stats) {
    return ((stats.mode & 1) > 0 ||
        ((stats.mode & 8) > 0 &&
            process.getgid !== undefined &&
            stats.gid === process.getgid()) ||
        ((stats.mode & 64) > 0 &&
            process.getuid !== undefined &&
            stats.uid === process.getuid()));
}
// Get the path of cmd.exe in windows
function getCmdPath() {
    var _a;
    return (_a = process.env['COMSPEC']) !== null && _a !== void 0 ? _a : `cmd.exe`;
}
//# sourceMappingURL=io-util.js.map
;// CONCATENATED MODULE: ./node_modules/@actions/io/lib/io.js
var io_awaiter = (undefined && undefined.__awaiter) || function (thisArg, _arguments, P, generator) {
    function adopt(value) { return value instanceof P ? value : new P(function (resolve) { resolve(value); }); }
    return new (P || (P = Promise))(function (resolve, reject) {
        function fulfilled(value) { try { step(generator.next(value)); } catch (e) { reject(e); } }
        function rejected(value) { try { step(generator["throw"](value)); } catch (e) { reject(e); } }
        function step(result) { result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected); }
        step((generator = generator.apply(thisArg, _arguments || [])).next());
    });
};



/**
 * Copies a file or folder.
 * Based off of shelljs - https://github.com/shelljs/shelljs/blob/9237f66c52e5daa40458f94f9565e18e8132f5a6/src/cp.js
 *
 * @param     source    source path
 * @param     dest      destination path
 * @param     options   optional. See CopyOptions.
 */
function cp(source_1, dest_1) {
    return io_awaiter(this, arguments, void 0, function* (source, dest, options = {}) {
        const { force, recursive, copySourceDirectory } = readCopyOptions(options);
        const destStat = (yield ioUtil.exists(dest)) ? yield ioUtil.stat(dest) : null;
        // Dest is an existing file, but not forcing
        if (destStat && destStat.isFile() && !force) {
            return;
        }
        // If dest is an existing directory, should copy inside.
        const newDest = destStat && destStat.isDirectory() && copySourceDirectory
            ? path.join(dest, path.basename(source))
            : dest;
        if (!(yield ioUtil.exists(source))) {
            throw new Error(`no such file or directory: ${source}`);
        }
        const sourceStat = yield ioUtil.stat(source);
        if (sourceStat.isDirectory()) {
            if (!recursive) {
                throw new Error(`Failed to copy. ${source} is a directory, but tried to copy without recursive flag.`);
            }
            else {
                yield cpDirRecursive(source, newDest, 0, force);
            }
        }
        else {
            if (path.relative(source, newDest) === '') {
                // a file cannot be copied to itself
                throw new Error(`'${newDest}' and '${source}' are the same file`);
            }
            yield io_copyFile(source, newDest, force);
        }
    });
}
/**
 * Moves a path.
 *
 * @param     source    source path
 * @param     dest      destination path
 * @param     options   optional. See MoveOptions.
 */
function mv(source_1, dest_1) {
    return io_awaiter(this, arguments, void 0, function* (source, dest, options = {}) {
        if (yield ioUtil.exists(dest)) {
            let destExists = true;
            if (yield ioUtil.isDirectory(dest)) {
                // If dest is directory copy src into dest
                dest = path.join(dest, path.basename(source));
                destExists = yield ioUtil.exists(dest);
            }
            if (destExists) {
                if (options.force == null || options.force) {
                    yield rmRF(dest);
                }
                else {
                    throw new Error('Destination already exists');
                }
            }
        }
        yield mkdirP(path.dirname(dest));
        yield ioUtil.rename(source, dest);
    });
}
/**
 * Remove a path recursively with force
 *
 * @param inputPath path to remove
 */
function rmRF(inputPath) {
    return io_awaiter(this, void 0, void 0, function* () {
        if (ioUtil.IS_WINDOWS) {
            // Check for invalid characters
            // https://docs.microsoft.com/en-us/windows/win32/fileio/naming-a-file
            if (/[*"<>|]/.test(inputPath)) {
                throw new Error('File path must not contain `*`, `"`, `<`, `>` or `|` on Windows');
            }
        }
        try {
            // note if path does not exist, error is silent
            yield ioUtil.rm(inputPath, {
                force: true,
                maxRetries: 3,
                recursive: true,
                retryDelay: 300
            });
        }
        catch (err) {
            throw new Error(`File was unable to be removed ${err}`);
        }
    });
}
/**
 * Make a directory.  Creates the full path with folders in between
 * Will throw if it fails
 *
 * @param   fsPath        path to create
 * @returns Promise<void>
 */
function mkdirP(fsPath) {
    return io_awaiter(this, void 0, void 0, function* () {
        ok(fsPath, 'a path argument must be provided');
        yield ioUtil.mkdir(fsPath, { recursive: true });
    });
}
/**
 * Returns path of a tool had the tool actually been invoked.  Resolves via paths.
 * If you check and the tool does not exist, it will throw.
 *
 * @param     tool              name of the tool
 * @param     check             whether to check if tool exists
 * @returns   Promise<string>   path to tool
 */
function which(tool, check) {
    return io_awaiter(this, void 0, void 0, function* () {
        if (!tool) {
            throw new Error("parameter 'tool' is required");
        }
        // recursive when check=true
        if (check) {
            const result = yield which(tool, false);
            if (!result) {
                if (IS_WINDOWS) {
                    throw new Error(`Unable to locate executable file: ${tool}. Please verify either the file path exists or the file can be found within a directory specified by the PATH environment variable. Also verify the file has a valid extension for an executable file.`);
                }
                else {
                    throw new Error(`Unable to locate executable file: ${tool}. Please verify either the file path exists or the file can be found within a directory specified by the PATH environment variable. Also check the file mode to verify the file is executable.`);
                }
            }
            return result;
        }
        const matches = yield findInPath(tool);
        if (matches && matches.length > 0) {
            return matches[0];
        }
        return '';
    });
}
/**
 * Returns a list of all occurrences of the given tool on the system path.
 *
 * @returns   Promise<string[]>  the paths of the tool
 */
function findInPath(tool) {
    return io_awaiter(this, void 0, void 0, function* () {
        if (!tool) {
            throw new Error("parameter 'tool' is required");
        }
        // build the list of extensions to try
        const extensions = [];
        if (IS_WINDOWS && process.env['PATHEXT']) {
            for (const extension of process.env['PATHEXT'].split(external_path_namespaceObject.delimiter)) {
                if (extension) {
                    extensions.push(extension);
                }
            }
        }
        // if it's rooted, return it if exists. otherwise return empty.
        if (isRooted(tool)) {
            const filePath = yield tryGetExecutablePath(tool, extensions);
            if (filePath) {
                return [filePath];
            }
            return [];
        }
        // if any path separators, return empty
        if (tool.includes(external_path_namespaceObject.sep)) {
            return [];
        }
        // build the list of directories
        //
        // Note, technically "where" checks the current directory on Windows. From a toolkit perspective,
        // it feels like we should not do this. Checking the current directory seems like more of a use
        // case of a shell, and the which() function exposed by the toolkit should strive for consistency
        // across platforms.
        const directories = [];
        if (process.env.PATH) {
            for (const p of process.env.PATH.split(external_path_namespaceObject.delimiter)) {
                if (p) {
                    directories.push(p);
                }
            }
        }
        // find all matches
        const matches = [];
        for (const directory of directories) {
            const filePath = yield tryGetExecutablePath(external_path_namespaceObject.join(directory, tool), extensions);
            if (filePath) {
                matches.push(filePath);
            }
        }
        return matches;
    });
}
function readCopyOptions(options) {
    const force = options.force == null ? true : options.force;
    const recursive = Boolean(options.recursive);
    const copySourceDirectory = options.copySourceDirectory == null
        ? true
        : Boolean(options.copySourceDirectory);
    return { force, recursive, copySourceDirectory };
}
function cpDirRecursive(sourceDir, destDir, currentDepth, force) {
    return io_awaiter(this, void 0, void 0, function* () {
        // Ensure there is not a run away recursive copy
        if (currentDepth >= 255)
            return;
        currentDepth++;
        yield mkdirP(destDir);
        const files = yield ioUtil.readdir(sourceDir);
        for (const fileName of files) {
            const srcFile = `${sourceDir}/${fileName}`;
            const destFile = `${destDir}/${fileName}`;
            const srcFileStat = yield ioUtil.lstat(srcFile);
            if (srcFileStat.isDirectory()) {
                // Recurse
                yield cpDirRecursive(srcFile, destFile, currentDepth, force);
            }
            else {
                yield io_copyFile(srcFile, destFile, force);
            }
        }
        // Change the mode for the newly created directory
        yield ioUtil.chmod(destDir, (yield ioUtil.stat(sourceDir)).mode);
    });
}
// Buffered file copy
function io_copyFile(srcFile, destFile, force) {
    return io_awaiter(this, void 0, void 0, function* () {
        if ((yield ioUtil.lstat(srcFile)).isSymbolicLink()) {
            // unlink/re-link it
            try {
                yield ioUtil.lstat(destFile);
                yield ioUtil.unlink(destFile);
            }
            catch (e) {
                // Try to override file permission
                if (e.code === 'EPERM') {
                    yield ioUtil.chmod(destFile, '0666');
                    yield ioUtil.unlink(destFile);
                }
                // other errors = it doesn't exist, no work to do
            }
            // Copy over symlink
            const symlinkFull = yield ioUtil.readlink(srcFile);
            yield ioUtil.symlink(symlinkFull, destFile, ioUtil.IS_WINDOWS ? 'junction' : null);
        }
        else if (!(yield ioUtil.exists(destFile)) || force) {
            yield ioUtil.copyFile(srcFile, destFile);
        }
    });
}
//# sourceMappingURL=io.js.map
;// CONCATENATED MODULE: ./build/causes.js
/** A status number with the words that clients and this action put before one. */
const causes_status = (numbers) => new RegExp(`(?:status|registry|HTTP)\\D{0,40}\\b(?:${numbers})\\b`, 'i');
const anyOf = (...patterns) => new RegExp(patterns.map(({ source }) => source).join('|'), 'im');
/**
 * What is said, and what it means; the first row that fits counts. The wording changes between versions, so
 * rows go by status numbers and stable words (docker 20 to 28, podman 4 and 5, buildah 1.28 to 1.39, skopeo 1.9
 * to 1.18, Node 24). `passing` faults are worth another try; a refusal is never tried again.
 */
const CAUSES = [
    { cause: 'foreign-url', passing: false, words: /for the next request/ },
    { cause: 'private-only', passing: false, words: /private-only access/i },
    { cause: 'quota', passing: false, words: /exceeded your|has exceeded|quota/i },
    {
        cause: 'old-client',
        passing: false,
        words: /unknown (?:shorthand )?flag|flag provided but not defined/i,
    },
    { cause: 'daemon', passing: false, words: /docker daemon|docker\.sock|error during connect/i },
    { cause: 'proxy-login', passing: false, words: /Proxy Authentication Required|\b407\b/i },
    {
        cause: 'proxy',
        passing: true,
        // Go says no more of a proxy's refusal than the words of its status.
        words: /": (?:Bad Gateway|Forbidden|Service Unavailable|Gateway Timeout|Internal Server Error)\W*$|proxyconnect|establish tunnel/im,
    },
    { cause: 'throttled', passing: true, words: anyOf(/toomanyrequests|too many requests/, causes_status('429')) },
    {
        cause: 'refused',
        passing: false,
        words: anyOf(/unauthorized|invalid username\/password/, causes_status('400|401')),
    },
    { cause: 'denied', passing: false, words: anyOf(/\bdenied: /, causes_status('403')) },
    { cause: 'unavailable', passing: true, words: causes_status('500|502|503|504') },
    {
        cause: 'no-such-host',
        passing: true,
        words: /no such host|server misbehaving|name resolution|ENOTFOUND|EAI_AGAIN/i,
    },
    { cause: 'certificate', passing: false, words: /x509|certificate/i },
    {
        cause: 'no-answer',
        passing: true,
        words: /no answer|i\/o timeout|timed? ?out|deadline exceeded|ETIMEDOUT/i,
    },
    {
        cause: 'network',
        passing: true,
        words: /connection re(?:set|fused)|ECONNRE|EOF|broken pipe|hang up|unreachable/i,
    },
];
/**
 * @param words what was printed or answered
 * @returns the cause, and whether another try makes sense
 */
function causeOf(words) {
    return CAUSES.find(row => row.words.test(words)) ?? { cause: 'unknown', passing: false };
}

;// CONCATENATED MODULE: ./build/explanations.js
/** Logs of public repositories are public: no more profiles than these are named. */
const MOST_PROFILES = 3;
/**
 * A failure → what is wrong and what to do. Each topic is a section of docs/troubleshooting.md by the same
 * name. Told apart from the code that logs in; every text is pinned by a test.
 */
const EXPLANATIONS = {
    'unknown-key': ({ diagnosis }) => `The API key is not known to IBM Cloud IAM${diagnosis?.kind === 'unknown-key' && diagnosis.words !== '' ? ` ("${diagnosis.words}")` : ''}: it was deleted, disabled, has expired, ` +
        'or api-key holds something else. IBM also disables keys that it finds in public. Look at "ibmcloud iam service-api-keys SERVICE_ID"; if the key is not there, create one with "ibmcloud iam service-api-key-create" and store its value as the secret.',
    'users-key': ({ diagnosis }) => `The API key belongs to a user${diagnosis?.kind === 'users-key' ? ` (${diagnosis.iamId})` : ''}. A trusted profile is used with the API key of a service ID: create one with "ibmcloud iam service-api-key-create", and make the profile trust the service ID.`,
    untrusted: ({ profileId, diagnosis }) => {
        const { iamId, trusting } = diagnosis?.kind === 'untrusted' ? diagnosis : { iamId: 'the service ID', trusting: [] };
        const serviceId = iamId.replace(/^iam-/, '');
        const named = trusting.slice(0, MOST_PROFILES).join(', ');
        const more = trusting.length > MOST_PROFILES ? ` and ${trusting.length - MOST_PROFILES} more` : '';
        const instead = trusting.length === 0
            ? 'No profile trusts it.'
            : `Profiles that do trust it: ${named}${more}. If one of them is meant, put it into profile-id.`;
        return (`The API key is good, but the trusted profile ${profileId} does not trust its service ID (${iamId}), or does not exist. ${instead} ` +
            `To add the trust: ibmcloud iam trusted-profile-identity-create ${profileId} --id ${serviceId} --id-type SERVICEID`);
    },
    trusted: ({ profileId, diagnosis }) => `The API key is good and the trusted profile ${profileId} trusts its service ID${diagnosis?.kind === 'trusted' ? ` (${diagnosis.iamId})` : ''}, and still the registry refused them. What is left: ` +
        'an IP address allow-list of the account or the service ID, which shuts out GitHub-hosted runners; a context-based restriction on the registry; an account that is not active.',
    refused: ({ profileId }) => `The registry refused the credentials, and IAM could not be asked why. Either the API key is deleted, disabled, expired or mistyped, or the trusted profile ${profileId} does not trust the key's service ID. ` +
        'Look at "ibmcloud iam service-api-keys SERVICE_ID" and at the profile\'s trust relationship.',
    'private-only': ({ domains }) => `The account allows access over IBM Cloud's private network only. Use ${domains.map(domain => `private.${domain.replace(/^private\./, '')}`).join(', ')} as region, on a self-hosted runner inside IBM Cloud: private domains cannot be reached from elsewhere.`,
    denied: ({ profileId }) => `The registry denied access (403) to the trusted profile ${profileId}. A context-based restriction or an IP address allow-list of the account may shut this runner out, or the profile has no policy for Container Registry.`,
    quota: () => 'The account has used up its registry quota (the free plan has 500 MB of storage and 5 GB of pull traffic a month). See "ibmcloud cr quota"; delete images, or raise the limit with "ibmcloud cr quota-set" or "ibmcloud cr plan-upgrade".',
    throttled: () => 'The registry still asked to slow down (429) after several tries. Run fewer jobs at the same time, or try again later.',
    unavailable: () => 'The registry answered with errors of its own (5xx), several times. Nothing is wrong with the key or the profile as far as can be seen. See https://cloud.ibm.com/status and run the job again later.',
    'no-such-host': ({ proxy }) => `The name does not resolve${proxy === undefined ? '' : `, though the environment names a proxy (${proxy})`}. Check the DNS of this runner; for a private. domain the runner must be inside IBM Cloud; for a domain given in full check its spelling.`,
    certificate: () => "The registry's TLS certificate is not trusted on this machine. If a proxy of your company opens TLS connections, install its authority: in the system's store for the clients, or in the docker daemon's, and by NODE_EXTRA_CA_CERTS for this action's own requests.",
    'no-answer': ({ proxy }) => `The connection was accepted, or never came about, and no answer came in time.${viaProxy(proxy)} A firewall that drops packets looks like this: port 443 of the registry domain must be open${proxy === undefined ? '' : ', from the proxy too'}.`,
    network: ({ proxy }) => `The connection was refused or cut off, several times.${viaProxy(proxy)} A firewall, a proxy, an IP address allow-list or a context-based restriction does that; allow-lists shut out GitHub-hosted runners, whose addresses change.`,
    proxy: ({ proxy, domains }) => `The proxy ${proxy ?? 'of this machine'} did not connect to the registry. It may not allow or not resolve ${domains.join(', ')}. Allow it there on port 443, or name it in NO_PROXY.`,
    'proxy-login': ({ proxy }) => `The proxy ${proxy ?? 'of this machine'} wants a user name and a password. Put them into HTTPS_PROXY, or allow the registry domains without.`,
    'old-client': ({ words }) => `The client on this machine is too old: it does not know an option that is needed (${words}). Update it.`,
    daemon: ({ words }) => `docker could not reach its daemon (${words}). Start it, or let DOCKER_HOST or docker's context lead to one that this user may use.`,
    'foreign-url': ({ words }) => `${words}, which is not part of IBM Cloud Container Registry: the key was not sent there. Something between this runner and the registry changes its answers.`,
    unknown: ({ words }) => `The reason is one that this action does not know: ${words.replace(/[.\s]+$/, '')}.`,
};
function viaProxy(proxy) {
    return proxy === undefined ? '' : ` The way leads through the proxy ${proxy}.`;
}

;// CONCATENATED MODULE: ./build/deadline.js
/** The step's one time budget. Every wait of the step takes the lesser of its own limit and what is left. */
class Deadline {
    #end;
    /** @param seconds the budget, from now on */
    constructor(seconds) {
        this.#end = performance.now() + seconds * 1000;
    }
    /** Whole milliseconds that a wait may take: its own limit, or what is left, never below zero. */
    within(limitMs) {
        return Math.max(0, Math.floor(Math.min(limitMs, this.#end - performance.now())));
    }
}

;// CONCATENATED MODULE: ./build/http.js
/** Answers that matter here are short; more than this of one is not read. In bytes. */
const MOST_BYTES = 1024 * 1024;
/**
 * One HTTPS request, through the proxy that the environment names (`HTTPS_PROXY`, `NO_PROXY`, as Node 24 does
 * it) and trusting the authorities that Node does (`NODE_EXTRA_CA_CERTS`). Redirections are not followed.
 *
 * @param timeoutMs for all of it, in milliseconds
 * @throws Error whose message says what the network, the proxy or TLS did
 */
async function request(url, options) {
    // Loaded late: most steps make no request of their own, and it takes a third of the step's start.
    const https = await Promise.resolve(/* import() */).then(__nccwpck_require__.t.bind(__nccwpck_require__, 708, 19));
    const { method = 'GET', headers = {}, body, timeoutMs } = options;
    return new Promise((resolve, reject) => {
        const agent = new https.Agent({ proxyEnv: process.env });
        const signal = AbortSignal.timeout(timeoutMs);
        const sent = https.request(url, { agent, method, headers, signal }, response => {
            const chunks = [];
            let bytes = 0;
            response.on('data', (chunk) => {
                bytes += chunk.length;
                if (bytes <= MOST_BYTES)
                    chunks.push(chunk);
            });
            response.on('end', () => resolve({
                status: response.statusCode ?? 0,
                headers: response.headers,
                body: Buffer.concat(chunks).toString(),
            }));
            response.on('error', reject);
        });
        sent.on('error', error => reject(signal.aborted ? new Error('timed out: no answer') : error));
        sent.end(body);
    });
}

;// CONCATENATED MODULE: ./build/ibm/iam.js


/** For both requests together. The explanation of an error is not worth more. */
const TIMEOUT_MS = 5_000;
/**
 * Asks IAM whether it knows the key, and whether the profile trusts the service ID that the key belongs to.
 *
 * Sources: https://cloud.ibm.com/apidocs/iam-identity-token-api, grant type `apikey`; the profiles that an
 * identity may assume: `POST /identity/profiles` there.
 *
 * @param privately whether to use IAM's host inside IBM Cloud, as for a private registry domain
 * @returns undefined where IAM cannot tell: it is not reached in time, or answers something else
 */
async function diagnose(credentials, privately, deadline) {
    const host = privately ? 'private.iam.cloud.ibm.com' : 'iam.cloud.ibm.com';
    const own = new Deadline(deadline.within(TIMEOUT_MS) / 1000);
    const ask = async (path, form) => {
        const answer = await request(`https://${host}${path}`, {
            method: 'POST',
            headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
            body: new URLSearchParams(form).toString(),
            timeoutMs: own.within(TIMEOUT_MS),
        });
        return { status: answer.status, json: JSON.parse(answer.body) };
    };
    try {
        const key = await ask('/identity/token', {
            grant_type: 'urn:ibm:params:oauth:grant-type:apikey',
            apikey: credentials.apiKey,
        });
        if (key.status === 400 || key.status === 401)
            return { kind: 'unknown-key', words: `${key.json.errorMessage ?? ''}` };
        const accessToken = key.json.access_token;
        const iamId = iamIdOf(accessToken);
        if (!iamId.startsWith('iam-ServiceId-'))
            return { kind: 'users-key', iamId };
        const list = await ask('/identity/profiles', { access_token: accessToken });
        const trusting = list.json.profiles.map(({ id }) => id);
        return trusting.includes(credentials.profileId)
            ? { kind: 'trusted', iamId }
            : { kind: 'untrusted', iamId, trusting };
    }
    catch {
        return undefined;
    }
}
/** The `iam_id` claim of an IAM token, a JWT. It is only shown, so its signature is of no interest. */
function iamIdOf(token) {
    const payload = token.split('.')[1] ?? '';
    return JSON.parse(Buffer.from(payload, 'base64url').toString()).iam_id;
}

;// CONCATENATED MODULE: ./build/secrets.js

/** The pair as HTTP's Basic scheme and all credential files carry it: base64 of `profile:key`. */
function basicAuth({ profileId, apiKey }) {
    return Buffer.from(`${profileId}:${apiKey}`).toString('base64');
}
/**
 * Tells the runner to hide the key in whatever form it may show up in a log: as it came, trimmed, line by
 * line, as the `apikey` of a key file that was pasted whole, and within base64 of `profile:key`.
 *
 * @param key the input `api-key`, exactly as it came
 * @param profileId the input `profile-id`, as it came
 */
function maskKey(key, profileId) {
    const keys = new Set([
        key,
        key.trim(),
        ...key.split(/\r?\n/).map(line => line.trim()),
        apiKeyOfKeyFile(key) ?? '',
    ]);
    for (const secret of keys) {
        // A line that is a brace or a bracket would have every brace of the log hidden.
        if (!/[A-Za-z0-9]/.test(secret))
            continue;
        setSecret(secret);
        for (const name of profileNames(profileId))
            setSecret(basicAuth({ profileId: name, apiKey: secret }));
    }
}
/** A profile's ID as it came, and as it is in an IAM ID or a CRN. */
function profileNames(profileId) {
    return new Set([profileId.trim(), profileId.match(/Profile-[0-9a-fA-F-]{36}/)?.[0] ?? profileId.trim()]);
}
/** The `apikey` field, if the text is the JSON file that `ibmcloud iam service-api-key-create --file` writes. */
function apiKeyOfKeyFile(text) {
    try {
        const { apikey } = JSON.parse(text);
        return typeof apikey === 'string' ? apikey : undefined;
    }
    catch {
        return undefined;
    }
}
/**
 * The environment for a program that must not learn the key from it.
 *
 * @param env this step's environment
 * @returns the same less all inputs and state of the action, and less every variable that holds the key, which
 *          a job may have put into `env:` as well
 */
function environmentWithoutKey(env, credentials) {
    const secrets = [
        credentials.apiKey,
        basicAuth(credentials),
        Buffer.from(credentials.apiKey).toString('base64'),
    ];
    return Object.fromEntries(Object.entries(env).filter((entry) => entry[1] !== undefined &&
        !/^(INPUT|STATE)_/i.test(entry[0]) &&
        !secrets.some(secret => entry[1]?.includes(secret))));
}

;// CONCATENATED MODULE: ./node_modules/leven/index.js
const array = [];
const characterCodeCache = [];

function leven(first, second, options) {
	if (first === second) {
		return 0;
	}

	const maxDistance = options?.maxDistance;
	const swap = first;

	// Swapping the strings if `a` is longer than `b` so we know which one is the
	// shortest & which one is the longest
	if (first.length > second.length) {
		first = second;
		second = swap;
	}

	let firstLength = first.length;
	let secondLength = second.length;

	// Performing suffix trimming:
	// We can linearly drop suffix common to both strings since they
	// don't increase distance at all
	// Note: `~-` is the bitwise way to perform a `- 1` operation
	while (firstLength > 0 && (first.charCodeAt(~-firstLength) === second.charCodeAt(~-secondLength))) {
		firstLength--;
		secondLength--;
	}

	// Performing prefix trimming
	// We can linearly drop prefix common to both strings since they
	// don't increase distance at all
	let start = 0;

	while (start < firstLength && (first.charCodeAt(start) === second.charCodeAt(start))) {
		start++;
	}

	firstLength -= start;
	secondLength -= start;

	// Early termination after trimming: if difference in length exceeds max distance
	if (maxDistance !== undefined && secondLength - firstLength > maxDistance) {
		return maxDistance;
	}

	if (firstLength === 0) {
		return maxDistance !== undefined && secondLength > maxDistance
			? maxDistance
			: secondLength;
	}

	let bCharacterCode;
	let result;
	let temporary;
	let temporary2;
	let index = 0;
	let index2 = 0;

	while (index < firstLength) {
		characterCodeCache[index] = first.charCodeAt(start + index);
		array[index] = ++index;
	}

	while (index2 < secondLength) {
		bCharacterCode = second.charCodeAt(start + index2);
		temporary = index2++;
		result = index2;

		for (index = 0; index < firstLength; index++) {
			temporary2 = bCharacterCode === characterCodeCache[index] ? temporary : temporary + 1;
			temporary = array[index];
			// eslint-disable-next-line no-multi-assign
			result = array[index] = temporary > result
				? (temporary2 > result ? result + 1 : temporary2)
				: (temporary2 > temporary ? temporary + 1 : temporary2);
		}

		// Early termination: if all values in current row exceed maxDistance
		if (maxDistance !== undefined) {
			let rowMinimum = result;
			for (index = 0; index < firstLength; index++) {
				if (array[index] < rowMinimum) {
					rowMinimum = array[index];
				}
			}

			if (rowMinimum > maxDistance) {
				return maxDistance;
			}
		}
	}

	// Bound arrays to avoid retaining large previous sizes
	array.length = firstLength;
	characterCodeCache.length = firstLength;

	return maxDistance !== undefined && result > maxDistance ? maxDistance : result;
}

function closestMatch(target, candidates, options) {
	if (!Array.isArray(candidates) || candidates.length === 0) {
		return undefined;
	}

	const userMax = options?.maxDistance;
	const targetLength = target.length;

	// Exact match fast-path
	for (const candidate of candidates) {
		if (candidate === target) {
			return candidate;
		}
	}

	if (userMax === 0) {
		return undefined;
	}

	let best;
	let bestDist = Number.POSITIVE_INFINITY;
	const seen = new Set();

	for (const candidate of candidates) {
		if (seen.has(candidate)) {
			continue;
		}

		seen.add(candidate);

		const lengthDiff = Math.abs(candidate.length - targetLength);
		if (lengthDiff >= bestDist) {
			continue;
		}

		if (userMax !== undefined && lengthDiff > userMax) {
			continue;
		}

		const cap = Number.isFinite(bestDist)
			? (userMax === undefined ? bestDist : Math.min(bestDist, userMax))
			: userMax;

		const distance = cap === undefined
			? leven(target, candidate)
			: leven(target, candidate, {maxDistance: cap});

		// Skip candidates that exceed the user's maximum distance
		if (userMax !== undefined && distance > userMax) {
			continue;
		}

		// If we got a capped result that equals the cap, we need the actual distance
		// for accurate comparison, but only if the cap was due to userMax
		let actualD = distance;
		if (cap !== undefined && distance === cap && cap === userMax) {
			actualD = leven(target, candidate);
		}

		if (actualD < bestDist) {
			bestDist = actualD;
			best = candidate;
			if (bestDist === 0) {
				break;
			}
		}
	}

	if (userMax !== undefined && bestDist > userMax) {
		return undefined;
	}

	return best;
}

;// CONCATENATED MODULE: ./build/shown.js
const MOST = 60;
/** 40 characters and more of an API key's alphabet, in which no other input of ours is that long. */
const LIKE_A_KEY = /[A-Za-z0-9_-]{40,}/;
/**
 * A value of an input, fit for an error message: quoted, short, on one line, and not at all if it may be an
 * API key that got into the wrong input, where nothing has masked it.
 *
 * @param value what came
 * @returns what to show of it
 */
function shown(value) {
    if (value.trim() === '')
        return 'an empty value';
    const withoutIds = value.replace(/(?:Profile|ServiceId|ApiKey)-[0-9a-f-]{36}/gi, '');
    const length = [...value].length;
    if (LIKE_A_KEY.test(withoutIds))
        return `a value of ${length} characters (not shown, it looks like an API key)`;
    const start = [...value].slice(0, MOST).join('');
    return length > MOST ? `${JSON.stringify(start)}… (${length} characters)` : JSON.stringify(value);
}

;// CONCATENATED MODULE: ./build/ibm/regions.js



/**
 * Source: https://cloud.ibm.com/docs/Registry?topic=Registry-registry_overview#registry_regions
 * A new region is a new line here; until then its domain in full works, see {@link resolveRegion}.
 */
const REGIONS = [
    { id: 'global', domain: 'icr.io' },
    { id: 'au-syd', formerly: 'ap-south', domain: 'au.icr.io' },
    { id: 'br-sao', domain: 'br.icr.io' },
    { id: 'ca-mon', domain: 'ca2.icr.io' },
    { id: 'ca-tor', domain: 'ca.icr.io' },
    { id: 'eu-de', formerly: 'eu-central', domain: 'de.icr.io' },
    { id: 'eu-es', domain: 'es.icr.io' },
    { id: 'eu-gb', formerly: 'uk-south', domain: 'uk.icr.io' },
    { id: 'in-che', domain: 'in.icr.io' },
    { id: 'in-mum', domain: 'in2.icr.io' },
    { id: 'jp-osa', domain: 'jp2.icr.io' },
    { id: 'jp-tok', formerly: 'ap-north', domain: 'jp.icr.io' },
    { id: 'us-south', domain: 'us.icr.io' },
];
/** What people write for a registry that does not exist or is another product, and what to take instead. */
const NOT_A_REGION = new Map(Object.entries({
    'us-east': 'has no registry of its own. Use us-south or global',
    'us-east.icr.io': 'does not exist: us-east has no registry of its own. Use us-south or global',
    eu: 'is not one region. Use eu-de (de.icr.io), eu-es (es.icr.io) or eu-gb (uk.icr.io)',
    'eu.icr.io': 'does not exist. Use eu-de (de.icr.io), eu-es (es.icr.io) or eu-gb (uk.icr.io)',
    'cp.icr.io': "is IBM's entitled software registry, another product with other credentials (user name cp). This action logs in to IBM Cloud Container Registry",
    'stg.icr.io': "is IBM's staging registry, another product. This action logs in to IBM Cloud Container Registry",
}));
const DOMAIN_OF = new Map(REGIONS.flatMap(({ id, formerly, domain }) => [
    [id, domain],
    ...(formerly === undefined ? [] : [[formerly, domain]]),
]));
const KNOWN_DOMAINS = REGIONS.map(region => region.domain);
const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const ICR_DOMAIN = new RegExp(`^(?:${LABEL}\\.){0,8}icr\\.io$`);
/** Whether a host is `icr.io` or below it: the only registry hosts that the key may be sent to. */
function isIcrDomain(host) {
    return ICR_DOMAIN.test(host);
}
/** The region that a registry domain, private or not, belongs to; undefined for a domain newer than this release. */
function regionOf(domain) {
    const publicDomain = domain.replace(/^private\./, '');
    return REGIONS.find(region => region.domain === publicDomain)?.id;
}
/**
 * Maps one region, as a user writes it, to its registry domain.
 *
 * @param text a region's ID, its former name, or a registry domain in full
 * @returns the domain, and a warning where it is one that this release does not know
 * @throws Failure that says what is accepted
 */
function resolveRegion(text) {
    const name = text.trim().toLowerCase();
    const instead = NOT_A_REGION.get(name) ?? NOT_A_REGION.get(name.replace(/^private\./, ''));
    if (instead !== undefined)
        throw new Failure(`region: ${shown(text)} ${instead}.`);
    const domain = DOMAIN_OF.get(name);
    if (domain !== undefined)
        return { domain };
    if (isIcrDomain(name)) {
        if (regionOf(name) !== undefined)
            return { domain: name };
        return {
            domain: name,
            warning: `region: ${name} is not a registry domain that this release knows. The nearest known one is ${nearest(name, KNOWN_DOMAINS)}. Going on with ${name}.`,
        };
    }
    const names = [...DOMAIN_OF.keys()];
    const hint = name.length > 40 ? undefined : (regionOf(`${name}.icr.io`) ?? nearest(name, names, 3));
    throw new Failure(`region: ${shown(text)} is not a region of IBM Cloud Container Registry.${hint === undefined ? '' : ` Did you mean ${hint}?`} ` +
        `Accepted: ${REGIONS.map(region => region.id).join(', ')}; or a registry domain in full, without https:// , port or path, such as us.icr.io or private.us.icr.io.`);
}
function nearest(name, known, maxDistance) {
    return closestMatch(name, known, maxDistance === undefined ? {} : { maxDistance });
}

;// CONCATENATED MODULE: ./build/ibm/registry.js



/** An answer that is not the one hoped for. Its message begins like `HTTP 403: ` and goes on in the registry's words. */
class RegistryError extends Error {
    answer;
    constructor(answer) {
        super(`HTTP ${answer.status}: ${messageOf(answer)}`);
        this.answer = answer;
    }
}
/** A place that the key or a token must not be sent to. */
class ForeignUrlError extends Error {
}
/**
 * Gets a token as the clients do: the challenge of `/v2/`, then its realm with the pair by HTTP Basic. Without
 * a scope that is all a login is.
 *
 * Source: https://distribution.github.io/distribution/spec/auth/token
 *
 * @param domain the registry domain
 * @param scope `repository:NAME:ACTIONS`; none for a login
 * @throws RegistryError if the registry refuses, ForeignUrlError if the realm is not of ICR, Error from the network
 */
async function getToken(domain, credentials, scope, timeLeft) {
    const challenged = await request(`https://${domain}/v2/`, { timeoutMs: timeLeft() });
    const challenge = parseChallenge(challenged);
    if (challenge?.realm === undefined)
        throw new RegistryError(challenged);
    const url = icrUrl(challenge.realm, `https://${domain}/v2/`);
    if (challenge.service !== undefined)
        url.searchParams.set('service', challenge.service);
    url.searchParams.set('account', credentials.profileId);
    if (scope !== undefined)
        url.searchParams.set('scope', scope);
    const answer = await request(url, {
        headers: { authorization: `Basic ${basicAuth(credentials)}` },
        timeoutMs: timeLeft(),
    });
    const { token, access_token } = answer.status === 200 ? parseJson(answer.body) : {};
    if (typeof (token ?? access_token) !== 'string')
        throw new RegistryError(answer);
    return (token ?? access_token);
}
/** A login without a client: the pair gets a token, and `/v2/` accepts it. Throws as {@link getToken} does. */
async function proveLogin(domain, credentials, timeLeft) {
    const token = await getToken(domain, credentials, undefined, timeLeft);
    const answer = await request(`https://${domain}/v2/`, { headers: bearer(token), timeoutMs: timeLeft() });
    if (answer.status !== 200)
        throw new RegistryError(answer);
}
function bearer(token) {
    return { authorization: `Bearer ${token}` };
}
const NOT_CANCELLED = 'the empty upload could not be cancelled; the registry discards it in time';
/**
 * Asks whether the pair may push, by starting an upload and cancelling it: nothing of it stays.
 *
 * Source: https://github.com/opencontainers/distribution-spec, "Pushing a blob in chunks"
 *
 * @returns a remark for the log, or an empty text
 * @throws RegistryError if it may not; else as {@link getToken}
 */
async function checkPush(domain, repository, credentials, timeLeft) {
    const token = await getToken(domain, credentials, `repository:${repository}:pull,push`, timeLeft);
    const uploads = `https://${domain}/v2/${repository}/blobs/uploads/`;
    const started = await request(uploads, {
        method: 'POST',
        headers: { ...bearer(token), 'content-length': '0' },
        timeoutMs: timeLeft(),
    });
    if (started.status !== 202)
        throw new RegistryError(started);
    const { location } = started.headers;
    if (typeof location !== 'string')
        return NOT_CANCELLED;
    const upload = icrUrl(location, uploads);
    const cancelled = await request(upload, {
        method: 'DELETE',
        headers: bearer(token),
        timeoutMs: timeLeft(),
    }).then(({ status }) => status, () => 0);
    return cancelled === 204 || cancelled === 404 ? '' : NOT_CANCELLED;
}
/**
 * Asks whether the pair may pull, by listing tags. IBM's role Writer may pull but not list, so that a refusal
 * counts only if a manifest is refused too.
 *
 * Source of the roles: https://cloud.ibm.com/docs/Registry?topic=Registry-iam
 *
 * @returns a remark for the log, or an empty text
 * @throws RegistryError if it may not; else as {@link getToken}
 */
async function checkPull(domain, repository, credentials, timeLeft) {
    const token = await getToken(domain, credentials, `repository:${repository}:pull`, timeLeft);
    const ask = (path) => request(`https://${domain}/v2/${repository}/${path}`, { headers: bearer(token), timeoutMs: timeLeft() });
    const tags = await ask('tags/list?n=1');
    if (tags.status === 200)
        return '';
    if (tags.status === 404)
        return 'it does not exist yet';
    const isRefused = tags.status === 401 || tags.status === 403;
    const manifest = isRefused ? await ask('manifests/latest') : tags;
    if (manifest.status === 200 || manifest.status === 404)
        return '';
    throw new RegistryError(tags);
}
/**
 * Resolves a URL that the registry names for our next request.
 *
 * @throws ForeignUrlError unless it is https, on its own port, to `icr.io` or below it: key and token go nowhere else
 */
function icrUrl(location, base) {
    const url = URL.canParse(location, base) ? new URL(location, base) : undefined;
    if (url?.protocol !== 'https:' || url.port !== '' || !isIcrDomain(url.hostname)) {
        throw new ForeignUrlError(`The registry names ${url?.origin ?? 'no valid URL'} for the next request`);
    }
    url.username = '';
    url.password = '';
    return url;
}
/**
 * The parameters of a Bearer challenge, `WWW-Authenticate: Bearer realm="…", service="…"`; values may be
 * quoted or not, and blanks may follow the commas (RFC 9110, section 11). Of several challenges in the header the Bearer
 * one counts, and of a parameter its first value.
 */
function parseChallenge({ status, headers }) {
    const header = `${headers['www-authenticate'] ?? ''}`.match(/(?:^|,\s*)Bearer\s+(.*)$/i)?.[1];
    if (status !== 401 || header === undefined)
        return undefined;
    const parameters = header.matchAll(/([a-z_]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/gi);
    return Object.fromEntries([...parameters]
        .reverse()
        .map(([, name, quoted, bare]) => [name?.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? bare]));
}
/** The registry's own words: `{"errors":[{"message":…}]}`, or what else it sent, in short. */
function messageOf({ body, headers }) {
    const { errors, message, errorMessage } = parseJson(body);
    const words = Array.isArray(errors)
        ? errors.map(error => `${error?.message ?? error?.code ?? ''}`).join('; ')
        : (message ?? errorMessage ?? body);
    const wait = headers['retry-after'] === undefined ? '' : ` (retry-after: ${headers['retry-after']})`;
    return `${`${words}`.trim().slice(0, 300) || 'no message'}${wait}`;
}
function parseJson(text) {
    try {
        return Object(JSON.parse(text));
    }
    catch {
        return {};
    }
}

;// CONCATENATED MODULE: ./build/explain.js





/** How long the registry may take to repeat its refusal to us, in milliseconds. */
const ASK_AGAIN_MS = 10_000;
/**
 * Makes one error of all the logins that failed, grouped by what is wrong, with what to do. After refused
 * credentials, and only then, IAM is asked what it knows of them.
 */
async function explain(problems, context) {
    const { credentials, env, deadline } = context;
    const known = await inTheRegistrysWords(problems, context);
    const refused = known.find(({ cause }) => cause === 'refused');
    const diagnosis = refused && (await diagnose(credentials, refused.domain.startsWith('private.'), deadline));
    const groups = Map.groupBy(known, problem => topicOf(problem, diagnosis));
    const paragraphs = [...groups].map(([topic, group]) => {
        const domains = unique(group.map(({ domain }) => domain));
        const clients = unique(group.map(({ client }) => client).filter(client => client !== 'none'));
        const heading = `Login to ${domains.join(', ')} failed${clients.length === 0 ? '' : ` (${clients.join(', ')})`}.`;
        const subject = {
            domains,
            profileId: credentials.profileId,
            diagnosis,
            proxy: proxyOf(env),
            words: oneLine(group[0]?.words),
        };
        return `${heading} ${EXPLANATIONS[topic](subject)} ${readOn(topic, env)}`;
    });
    return new Failure(paragraphs.join('\n'), known.map(clientsWords).join('\n\n'));
}
function topicOf({ cause }, diagnosis) {
    return cause === 'refused' ? (diagnosis?.kind ?? 'refused') : cause;
}
/**
 * podman, buildah and skopeo hide what the registry says with a refusal, and with it an account that is open to
 * the private network only, or a quota. One request of our own brings it to light, for all of them.
 */
async function inTheRegistrysWords(problems, { credentials, deadline }) {
    const isHidden = ({ client, cause }) => client !== 'docker' && client !== 'none' && (cause === 'refused' || cause === 'denied');
    const first = problems.find(isHidden);
    if (first === undefined)
        return problems;
    const words = await proveLogin(first.domain, credentials, () => deadline.within(ASK_AGAIN_MS)).then(() => '', (error) => error.message);
    const { cause, passing } = causeOf(words);
    if (passing || cause === 'unknown')
        return problems;
    return problems.map(problem => isHidden(problem) ? { ...problem, cause, words: `${problem.words}\n${words}` } : problem);
}
/** Where docs/troubleshooting.md is, of the release that runs; the runner tells. */
function readOn(topic, env) {
    const { GITHUB_SERVER_URL, GITHUB_ACTION_REPOSITORY, GITHUB_ACTION_REF } = env;
    const page = `docs/troubleshooting.md#${topic}`;
    if (!GITHUB_ACTION_REPOSITORY)
        return `See ${page}`;
    return `See ${GITHUB_SERVER_URL ?? 'https://github.com'}/${GITHUB_ACTION_REPOSITORY}/blob/${GITHUB_ACTION_REF || 'HEAD'}/${page}`;
}
/** The proxy for HTTPS, without the user name and password that may be in it. */
function proxyOf(env) {
    const proxy = env.HTTPS_PROXY || env.https_proxy;
    return proxy && (URL.canParse(proxy) ? new URL(proxy).host : 'in HTTPS_PROXY');
}
function clientsWords({ client, domain, words }) {
    const lines = words.split('\n').filter(line => !/level=(?:info|debug)/.test(line));
    return `${domain}${client === 'none' ? '' : ` (${client})`}: ${lines.join('\n')}`;
}
/** The last line that is not a client's log noise, in short. */
function oneLine(words = '') {
    const line = words
        .split('\n')
        .filter(line => !/level=(?:info|debug)/.test(line))
        .at(-1) ?? '';
    return line.slice(0, 300);
}
function unique(items) {
    return [...new Set(items)];
}

;// CONCATENATED MODULE: external "node:timers/promises"
const promises_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:timers/promises");
;// CONCATENATED MODULE: ./build/tries.js


const TRIES = 3;
/** The longest that one try may take, in milliseconds. */
const TRY_MS = 45_000;
/**
 * Tries something up to three times: again after passing faults only. A refusal is final, because a wrong key
 * does not become right, and a registry that is asked over and over may lock it out.
 *
 * @param what names it in the log
 * @param attempt resolves to what it came to grief on, or to undefined
 * @returns the last fault, or undefined if one try stood
 */
async function withTries(what, attempt, { deadline, say, stopped }) {
    for (let tries = 1;; tries++) {
        const words = await attempt();
        if (words === undefined)
            return undefined;
        const { cause, passing } = causeOf(words);
        const pause = pauseAfter(tries, words);
        if (!passing || tries === TRIES || stopped() || deadline.within(pause) < pause)
            return { cause, words };
        say(`${what} failed: ${lastLine(words)}. Trying again in ${(pause / 1000).toFixed(1)} s (${tries + 1} of ${TRIES}).`);
        await (0,promises_namespaceObject.setTimeout)(pause);
    }
}
/**
 * How long to wait after a failed try, in milliseconds: growing, and not the same for logins that failed
 * together. What the registry asks for counts up to 30 seconds.
 */
function pauseAfter(tries, words) {
    const asked = Number(words.match(/retry.after\D{0,3}(\d+)/i)?.[1] ?? 0) * 1000;
    const ours = 1000 * 3 ** (tries - 1) * (0.5 + Math.random());
    return Math.round(Math.max(ours, Math.min(asked, 30_000)));
}
function lastLine(words) {
    // `##[` would be a workflow command to the runner.
    return (words.split(/[\r\n]+/).at(-1) ?? '').slice(0, 200).replaceAll('##[', '## [');
}

;// CONCATENATED MODULE: ./build/checks.js






/**
 * Asks the registry, side by side, whether the profile may do all this. A login proves only that key and profile
 * belong together.
 *
 * @returns what it may not do, or what could not be found out
 */
async function runChecks(checks, context) {
    const problems = [];
    const stopped = () => problems.length > 0;
    await Promise.all(checks.map(async (check) => {
        const what = `check-${check.access} of ${check.domain}/${check.repository}`;
        const fault = await withTries(what, () => attempt(check, what, context), { ...context, stopped });
        if (fault !== undefined)
            problems.push({ ...check, ...fault });
    }));
    return problems;
}
async function attempt({ access, domain, repository }, what, context) {
    const ask = { push: checkPush, pull: checkPull }[access];
    try {
        const remark = await ask(domain, repository, context.credentials, () => context.deadline.within(TRY_MS));
        if (access === 'push' && remark !== '')
            context.notice(`${what}: ${remark}`);
        context.say(`${what}: allowed${remark === '' ? '' : ` (${remark})`}`);
        return undefined;
    }
    catch (error) {
        return error.message;
    }
}
/** The role that a profile needs: https://cloud.ibm.com/docs/Registry?topic=Registry-iam */
const ROLES = { push: 'Writer or Manager', pull: 'Reader, Writer or Manager' };
const ROLE = { push: 'Writer', pull: 'Reader' };
/** Makes one error of all checks that failed. */
function explainChecks(problems, { credentials, env }) {
    const paragraphs = problems.map(problem => {
        const { access, domain, repository, cause, words } = problem;
        const heading = `check-${access} of ${domain}/${repository} failed.`;
        // The pair has just logged in: whatever the registry refuses now, it refuses to this profile, here.
        const isForbidden = cause === 'refused' || cause === 'denied' || /^HTTP 404/.test(words);
        if (isForbidden)
            return `${heading} ${forbidden(problem, credentials.profileId)} ${readOn(`check-${access}`, env)}`;
        const subject = {
            domains: [domain],
            profileId: credentials.profileId,
            diagnosis: undefined,
            proxy: proxyOf(env),
            words: oneLine(words),
        };
        return `${heading} ${EXPLANATIONS[cause](subject)} ${readOn(cause, env)}`;
    });
    return new Failure(paragraphs.join('\n'), problems.map(({ domain, repository, words }) => `${domain}/${repository}: ${words}`).join('\n'));
}
function forbidden({ access, domain, repository }, profileId) {
    const namespace = repository.split('/')[0];
    const region = regionOf(domain);
    const scope = region === 'global' ? '--attributes geography=global' : `--region ${region ?? 'REGION'}`;
    return (`The trusted profile ${profileId} logs in, but may not ${access} ${access === 'push' ? 'to' : 'from'} this repository. It needs the role ${ROLES[access]} on the namespace ${namespace}: ` +
        `ibmcloud iam trusted-profile-policy-create ${profileId} --roles ${ROLE[access]} --service-name container-registry ${scope} --resource-type namespace --resource ${namespace}. ` +
        `If the namespace does not exist: no push creates it, but ibmcloud cr region-set ${region ?? 'REGION'} && ibmcloud cr namespace-add ${namespace} does.`);
}

;// CONCATENATED MODULE: external "node:fs"
const external_node_fs_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:fs");
;// CONCATENATED MODULE: external "node:path"
const external_node_path_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:path");
;// CONCATENATED MODULE: external "node:os"
const external_node_os_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:os");
;// CONCATENATED MODULE: ./build/stores/docker-folder.js



/** docker's folder: `$DOCKER_CONFIG`, else `~/.docker`. An empty variable counts as not set. */
function dockerFolder(env) {
    return env.DOCKER_CONFIG || external_node_path_namespaceObject.join((0,external_node_os_namespaceObject.homedir)(), '.docker');
}
/** The settings of a docker config.json that a login needs; empty where the file is missing or unreadable. */
function readSettings(file) {
    try {
        return JSON.parse((0,external_node_fs_namespaceObject.readFileSync)(file, 'utf8')) ?? {};
    }
    catch {
        return {};
    }
}
/**
 * Makes everything in docker's folder but config.json reachable through another folder: contexts, TLS files,
 * buildx builders, plugins. So `DOCKER_CONFIG` can point there and only the credentials are others.
 *
 * @param from docker's folder; nothing happens where there is none
 * @param to an existing folder
 */
function linkDockerFolder(from, to) {
    for (const item of list(from)) {
        if (item.name.startsWith('config.json') || item.name.startsWith('.config.json'))
            continue;
        const target = external_node_path_namespaceObject.resolve(from, item.name);
        const link = external_node_path_namespaceObject.join(to, item.name);
        // Windows lets only administrators make symbolic links, but anybody junctions to folders.
        if (process.platform === 'win32' && item.isFile())
            (0,external_node_fs_namespaceObject.copyFileSync)(target, link);
        else
            (0,external_node_fs_namespaceObject.symlinkSync)(target, link, 'junction');
    }
}
function list(folder) {
    try {
        return (0,external_node_fs_namespaceObject.readdirSync)(folder, { withFileTypes: true });
    }
    catch {
        return [];
    }
}

;// CONCATENATED MODULE: ./build/clients.js



const containersClient = (install) => ({
    family: 'containers',
    scratch: folder => ({ args: ['--authfile', external_node_path_namespaceObject.join(folder, 'auth.json')], env: {} }),
    install,
});
/** A new client is a new line here, and a family of its own if it keeps credentials elsewhere. */
const CLIENTS = {
    docker: {
        family: 'docker',
        scratch: scratchDocker,
        install: 'on GitHub-hosted runners it is there on Ubuntu and Windows; elsewhere see https://docs.docker.com/engine/install',
    },
    buildah: containersClient('apt-get install buildah, dnf install buildah'),
    podman: containersClient('apt-get install podman, dnf install podman, brew install podman'),
    skopeo: containersClient('apt-get install skopeo, dnf install skopeo, brew install skopeo'),
};
const CLIENT_NAMES = Object.keys(CLIENTS);
/**
 * docker has no `--authfile`, only a folder with everything in it, and where a daemon runs, the daemon does
 * the login: so the scratch folder has what leads to the daemon (context, TLS files) and the HTTP headers.
 * The `auths` key keeps docker from looking for a keychain of the system's and writing to that.
 */
function scratchDocker(folder, domain, env) {
    const real = dockerFolder(env);
    const { currentContext, HttpHeaders } = readSettings(external_node_path_namespaceObject.join(real, 'config.json'));
    const settings = { auths: { [domain]: {} }, currentContext, HttpHeaders };
    (0,external_node_fs_namespaceObject.mkdirSync)(folder, { recursive: true, mode: 0o700 });
    linkDockerFolder(real, folder);
    (0,external_node_fs_namespaceObject.writeFileSync)(external_node_path_namespaceObject.join(folder, 'config.json'), JSON.stringify(settings), { mode: 0o600 });
    return { args: [], env: { DOCKER_CONFIG: folder } };
}

;// CONCATENATED MODULE: ./build/inputs.js







/**
 * Reads the inputs of action.yml. The key is masked before anything else can be printed.
 *
 * @param warn is told of what is accepted but odd
 * @throws Failure that names the input, what came (never the key) and what is accepted
 */
function readInputs(warn) {
    const key = getInput('api-key', { trimWhitespace: false });
    const profile = getInput('profile-id');
    maskKey(key, profile);
    const domains = parseRegions(getInput('region'), warn);
    const profileId = parseProfileId(profile);
    const apiKey = parseApiKey(key);
    const credentialsFile = getInput('credentials-file') || undefined;
    return {
        domains,
        credentials: { profileId, apiKey },
        clients: parseClients(getInput('client'), credentialsFile !== undefined),
        isolated: parseBoolean('isolated', getInput('isolated')),
        credentialsFile,
        checks: [
            ...parseChecks('push', getInput('check-push'), domains),
            ...parseChecks('pull', getInput('check-pull'), domains),
        ],
        logout: parseBoolean('logout', getInput('logout')),
    };
}
/** Splits at commas and line breaks; blanks around an item do not count, and empty items neither. */
function parseList(text) {
    return text
        .split(/[,\r\n]/)
        .map(item => item.trim())
        .filter(item => item !== '');
}
function parseRegions(text, warn) {
    const domains = new Set();
    for (const item of parseList(text)) {
        const { domain, warning } = resolveRegion(item);
        if (warning !== undefined && !domains.has(domain))
            warn(warning);
        domains.add(domain);
    }
    const [first, ...others] = domains;
    if (first === undefined) {
        throw new Failure('region: it is empty. Name one or more regions, such as us-south or eu-de, or registry domains in full, such as us.icr.io.');
    }
    return [first, ...others];
}
const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
/** ID, IAM ID and CRN of a trusted profile; the first group is the ID. */
const PROFILE_ID = new RegExp(`^(?:iam-|crn:v1:[a-z0-9-]*:[a-z0-9-]*:iam-identity:[a-z0-9-]*:a/[0-9a-f]{32}::profile:)?(Profile-${UUID})$`);
/** What is taken for a trusted profile's ID most often, and what to say of it. */
const NOT_A_PROFILE_ID = [
    [
        /^(?:iam-)?ServiceId-/i,
        "is a service ID. The user name is the trusted profile's ID; the service ID comes in by its API key",
    ],
    [/^ApiKey-/i, "is an API key's ID"],
    [/^iamapikey$/i, 'is the user name for a login without a trusted profile, which this action does not do'],
    [/^iambearer$/i, 'is the user name for a login with an access token, which this action does not do'],
    [/^IBMid-/i, "is a user's IAM ID"],
    [/Profile-/i, 'is malformed'],
];
function parseProfileId(text) {
    const accepted = 'Accepted: the ID of a trusted profile (Profile- and a UUID), its IAM ID (iam-Profile-…) or its CRN; "ibmcloud iam trusted-profiles --id" lists them.';
    if (text.trim() === '')
        throw new Failure(`profile-id: it is empty. If it comes from a variable or a secret, check its name. ${accepted}`);
    const id = text.trim().match(PROFILE_ID)?.[1];
    if (id !== undefined)
        return id;
    const what = NOT_A_PROFILE_ID.find(([form]) => form.test(text.trim()))?.[1] ?? "is not a trusted profile's ID";
    throw new Failure(`profile-id: ${shown(text)} ${what}. ${accepted}`);
}
/** What people store instead of an API key, told by its form alone. The value is never shown. */
const NOT_AN_API_KEY = [
    [
        key => apiKeyOfKeyFile(key) !== undefined,
        'it is the whole JSON key file. Store only the value of its "apikey" field',
    ],
    [key => /^[{[]/.test(key), 'it looks like JSON. Store only the API key itself, without braces'],
    [
        key => /^ApiKey-/i.test(key),
        "it is an API key's ID, which is not the key. The key is shown once, when it is created; if it is lost, create a new one",
    ],
    [
        key => /^(?:iam-)?(?:Profile|ServiceId)-/i.test(key),
        "it is the ID of a trusted profile or a service ID. What is needed is a service ID's API key",
    ],
    [key => /^crn:/i.test(key), "it is a CRN. What is needed is a service ID's API key"],
    [key => /^["'`].*["'`]$/s.test(key), 'it is in quotes. Store the API key without them'],
    [
        key => /^eyJ[^.]*\.[^.]*\.[^.]*$/.test(key),
        "it is an IAM access token. What is needed is a service ID's API key, which does not expire after an hour",
    ],
    [key => /\s/.test(key), 'it has blanks or line breaks inside. Store the API key alone, on one line'],
    [key => /[^\x21-\x7e]/.test(key), 'it has characters that no API key has'],
    [key => key.length > 1000, 'it is far too long for an API key'],
];
function parseApiKey(text) {
    const key = text.trim();
    if (key === '') {
        throw new Failure('api-key: it is empty. GitHub gives no secrets to workflows that a fork or Dependabot started; for Dependabot store it among the Dependabot secrets too. ' +
            "Otherwise check the secret's name, and that this job may read it (its environment, or secrets: inherit in a called workflow). Accepted: an API key of a service ID that the trusted profile trusts.");
    }
    const wrong = NOT_AN_API_KEY.find(([matches]) => matches(key))?.[1];
    if (wrong !== undefined)
        throw new Failure(`api-key: ${wrong}. (The value is not shown.)`);
    return key;
}
/** @param withFile whether a credentials file is wanted, for which no client is needed */
function parseClients(text, withFile = false) {
    const accepted = `Accepted: one or more of ${CLIENT_NAMES.join(', ')}; or none, with credentials-file.`;
    const names = new Set(parseList(text).map(item => item.toLowerCase()));
    if (names.size === 0)
        throw new Failure(`client: it is empty. ${accepted} Leave the input out for docker.`);
    if (names.has('none')) {
        if (names.size > 1)
            throw new Failure(`client: none cannot stand beside other clients. ${accepted}`);
        if (!withFile)
            throw new Failure('client: none makes sense only with credentials-file, which is where the logins go then.');
        return [];
    }
    return [...names].map(name => {
        const client = CLIENT_NAMES.find(known => known === name);
        if (client !== undefined)
            return client;
        const nearest = name.length > 40 ? undefined : closestMatch(name, CLIENT_NAMES, { maxDistance: 2 });
        const hint = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
        throw new Failure(`client: ${shown(name)} is not a known client.${hint} ${accepted}`);
    });
}
const COMPONENT = '[a-z0-9]+(?:(?:\\.|__?|-+)[a-z0-9]+)*';
/** Path components of the distribution specification, of which the first one also keeps IBM's rule for namespaces. */
const REPOSITORY = new RegExp(`^(?=[a-z0-9_-]{4,30}/)${COMPONENT}(?:/${COMPONENT})+$`);
/**
 * The checks that an input asks for: each repository on every domain, or on the one in front of it.
 *
 * Sources: https://github.com/opencontainers/distribution-spec, "Pulling manifests";
 * https://cloud.ibm.com/docs/Registry?topic=Registry-registry_setup_cli_namespace#registry_namespace_setup
 */
function parseChecks(access, text, domains) {
    const input = `check-${access}`;
    const checks = parseList(text).flatMap(item => {
        const [first = '', ...rest] = item.split('/');
        // No namespace has a dot or a colon in it, and every domain has.
        const domain = /[.:]/.test(first) ? first.toLowerCase() : undefined;
        const repository = domain === undefined ? item : rest.join('/');
        if (domain !== undefined && !domains.includes(domain)) {
            throw new Failure(`${input}: ${shown(item)} is on a domain that this step does not log in to. It logs in to ${domains.join(', ')}: add the region, or leave the domain out.`);
        }
        if (!REPOSITORY.test(repository) || repository.length > 200) {
            throw new Failure(`${input}: ${shown(item)} is not a repository. Accepted: namespace/name without tag or digest, in lower case, the namespace of 4 to 30 characters; with or without the registry domain in front.`);
        }
        return (domain === undefined ? domains : [domain]).map(domain => ({ access, domain, repository }));
    });
    return [...new Map(checks.map(check => [`${check.domain}/${check.repository}`, check])).values()];
}
const BOOLEANS = new Map([
    ['true', true],
    ['false', false],
]);
function parseBoolean(input, text) {
    const value = BOOLEANS.get(text.trim().toLowerCase());
    if (value === undefined)
        throw new Failure(`${input}: ${shown(text)} is neither true nor false.`);
    return value;
}

;// CONCATENATED MODULE: external "node:async_hooks"
const external_node_async_hooks_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:async_hooks");
;// CONCATENATED MODULE: external "node:diagnostics_channel"
const external_node_diagnostics_channel_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:diagnostics_channel");
;// CONCATENATED MODULE: external "string_decoder"
const external_string_decoder_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("string_decoder");
;// CONCATENATED MODULE: external "events"
const external_events_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("events");
;// CONCATENATED MODULE: external "child_process"
const external_child_process_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("child_process");
;// CONCATENATED MODULE: external "timers"
const external_timers_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("timers");
;// CONCATENATED MODULE: ./node_modules/@actions/exec/lib/toolrunner.js
var toolrunner_awaiter = (undefined && undefined.__awaiter) || function (thisArg, _arguments, P, generator) {
    function adopt(value) { return value instanceof P ? value : new P(function (resolve) { resolve(value); }); }
    return new (P || (P = Promise))(function (resolve, reject) {
        function fulfilled(value) { try { step(generator.next(value)); } catch (e) { reject(e); } }
        function rejected(value) { try { step(generator["throw"](value)); } catch (e) { reject(e); } }
        function step(result) { result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected); }
        step((generator = generator.apply(thisArg, _arguments || [])).next());
    });
};







/* eslint-disable @typescript-eslint/unbound-method */
const toolrunner_IS_WINDOWS = process.platform === 'win32';
/*
 * Class for running command line tools. Handles quoting and arg parsing in a platform agnostic way.
 */
class ToolRunner extends external_events_namespaceObject.EventEmitter {
    constructor(toolPath, args, options) {
        super();
        if (!toolPath) {
            throw new Error("Parameter 'toolPath' cannot be null or empty.");
        }
        this.toolPath = toolPath;
        this.args = args || [];
        this.options = options || {};
    }
    _debug(message) {
        if (this.options.listeners && this.options.listeners.debug) {
            this.options.listeners.debug(message);
        }
    }
    _getCommandString(options, noPrefix) {
        const toolPath = this._getSpawnFileName();
        const args = this._getSpawnArgs(options);
        let cmd = noPrefix ? '' : '[command]'; // omit prefix when piped to a second tool
        if (toolrunner_IS_WINDOWS) {
            // Windows + cmd file
            if (this._isCmdFile()) {
                cmd += toolPath;
                for (const a of args) {
                    cmd += ` ${a}`;
                }
            }
            // Windows + verbatim
            else if (options.windowsVerbatimArguments) {
                cmd += `"${toolPath}"`;
                for (const a of args) {
                    cmd += ` ${a}`;
                }
            }
            // Windows (regular)
            else {
                cmd += this._windowsQuoteCmdArg(toolPath);
                for (const a of args) {
                    cmd += ` ${this._windowsQuoteCmdArg(a)}`;
                }
            }
        }
        else {
            // OSX/Linux - this can likely be improved with some form of quoting.
            // creating processes on Unix is fundamentally different than Windows.
            // on Unix, execvp() takes an arg array.
            cmd += toolPath;
            for (const a of args) {
                cmd += ` ${a}`;
            }
        }
        return cmd;
    }
    _processLineBuffer(data, strBuffer, onLine) {
        try {
            let s = strBuffer + data.toString();
            let n = s.indexOf(external_os_namespaceObject.EOL);
            while (n > -1) {
                const line = s.substring(0, n);
                onLine(line);
                // the rest of the string ...
                s = s.substring(n + external_os_namespaceObject.EOL.length);
                n = s.indexOf(external_os_namespaceObject.EOL);
            }
            return s;
        }
        catch (err) {
            // streaming lines to console is best effort.  Don't fail a build.
            this._debug(`error processing line. Failed with error ${err}`);
            return '';
        }
    }
    _getSpawnFileName() {
        if (toolrunner_IS_WINDOWS) {
            if (this._isCmdFile()) {
                return process.env['COMSPEC'] || 'cmd.exe';
            }
        }
        return this.toolPath;
    }
    _getSpawnArgs(options) {
        if (toolrunner_IS_WINDOWS) {
            if (this._isCmdFile()) {
                let argline = `/D /S /C "${this._windowsQuoteCmdArg(this.toolPath)}`;
                for (const a of this.args) {
                    argline += ' ';
                    argline += options.windowsVerbatimArguments
                        ? a
                        : this._windowsQuoteCmdArg(a);
                }
                argline += '"';
                return [argline];
            }
        }
        return this.args;
    }
    _endsWith(str, end) {
        return str.endsWith(end);
    }
    _isCmdFile() {
        const upperToolPath = this.toolPath.toUpperCase();
        return (this._endsWith(upperToolPath, '.CMD') ||
            this._endsWith(upperToolPath, '.BAT'));
    }
    _windowsQuoteCmdArg(arg) {
        // for .exe, apply the normal quoting rules that libuv applies
        if (!this._isCmdFile()) {
            return this._uvQuoteCmdArg(arg);
        }
        // otherwise apply quoting rules specific to the cmd.exe command line parser.
        // the libuv rules are generic and are not designed specifically for cmd.exe
        // command line parser.
        //
        // for a detailed description of the cmd.exe command line parser, refer to
        // http://stackoverflow.com/questions/4094699/how-does-the-windows-command-interpreter-cmd-exe-parse-scripts/7970912#7970912
        // need quotes for empty arg
        if (!arg) {
            return '""';
        }
        // determine whether the arg needs to be quoted
        const cmdSpecialChars = [
            ' ',
            '\t',
            '&',
            '(',
            ')',
            '[',
            ']',
            '{',
            '}',
            '^',
            '=',
            ';',
            '!',
            "'",
            '+',
            ',',
            '`',
            '~',
            '|',
            '<',
            '>',
            '"'
        ];
        let needsQuotes = false;
        for (const char of arg) {
            if (cmdSpecialChars.some(x => x === char)) {
                needsQuotes = true;
                break;
            }
        }
        // short-circuit if quotes not needed
        if (!needsQuotes) {
            return arg;
        }
        // the following quoting rules are very similar to the rules that by libuv applies.
        //
        // 1) wrap the string in quotes
        //
        // 2) double-up quotes - i.e. " => ""
        //
        //    this is different from the libuv quoting rules. libuv replaces " with \", which unfortunately
        //    doesn't work well with a cmd.exe command line.
        //
        //    note, replacing " with "" also works well if the arg is passed to a downstream .NET console app.
        //    for example, the command line:
        //          foo.exe "myarg:""my val"""
        //    is parsed by a .NET console app into an arg array:
        //          [ "myarg:\"my val\"" ]
        //    which is the same end result when applying libuv quoting rules. although the actual
        //    command line from libuv quoting rules would look like:
        //          foo.exe "myarg:\"my val\""
        //
        // 3) double-up slashes that precede a quote,
        //    e.g.  hello \world    => "hello \world"
        //          hello\"world    => "hello\\""world"
        //          hello\\"world   => "hello\\\\""world"
        //          hello world\    => "hello world\\"
        //
        //    technically this is not required for a cmd.exe command line, or the batch argument parser.
        //    the reasons for including this as a .cmd quoting rule are:
        //
        //    a) this is optimized for the scenario where the argument is passed from the .cmd file to an
        //       external program. many programs (e.g. .NET console apps) rely on the slash-doubling rule.
        //
        //    b) it's what we've been doing previously (by deferring to node default behavior) and we
        //       haven't heard any complaints about that aspect.
        //
        // note, a weakness of the quoting rules chosen here, is that % is not escaped. in fact, % cannot be
        // escaped when used on the command line directly - even though within a .cmd file % can be escaped
        // by using %%.
        //
        // the saving grace is, on the command line, %var% is left as-is if var is not defined. this contrasts
        // the line parsing rules within a .cmd file, where if var is not defined it is replaced with nothing.
        //
        // one option that was explored was replacing % with ^% - i.e. %var% => ^%var^%. this hack would
        // often work, since it is unlikely that var^ would exist, and the ^ character is removed when the
        // variable is used. the problem, however, is that ^ is not removed when %* is used to pass the args
        // to an external program.
        //
        // an unexplored potential solution for the % escaping problem, is to create a wrapper .cmd file.
        // % can be escaped within a .cmd file.
        let reverse = '"';
        let quoteHit = true;
        for (let i = arg.length; i > 0; i--) {
            // walk the string in reverse
            reverse += arg[i - 1];
            if (quoteHit && arg[i - 1] === '\\') {
                reverse += '\\'; // double the slash
            }
            else if (arg[i - 1] === '"') {
                quoteHit = true;
                reverse += '"'; // double the quote
            }
            else {
                quoteHit = false;
            }
        }
        reverse += '"';
        return reverse.split('').reverse().join('');
    }
    _uvQuoteCmdArg(arg) {
        // Tool runner wraps child_process.spawn() and needs to apply the same quoting as
        // Node in certain cases where the undocumented spawn option windowsVerbatimArguments
        // is used.
        //
        // Since this function is a port of quote_cmd_arg from Node 4.x (technically, lib UV,
        // see https://github.com/nodejs/node/blob/v4.x/deps/uv/src/win/process.c for details),
        // pasting copyright notice from Node within this function:
        //
        //      Copyright Joyent, Inc. and other Node contributors. All rights reserved.
        //
        //      Permission is hereby granted, free of charge, to any person obtaining a copy
        //      of this software and associated documentation files (the "Software"), to
        //      deal in the Software without restriction, including without limitation the
        //      rights to use, copy, modify, merge, publish, distribute, sublicense, and/or
        //      sell copies of the Software, and to permit persons to whom the Software is
        //      furnished to do so, subject to the following conditions:
        //
        //      The above copyright notice and this permission notice shall be included in
        //      all copies or substantial portions of the Software.
        //
        //      THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
        //      IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
        //      FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
        //      AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
        //      LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING
        //      FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS
        //      IN THE SOFTWARE.
        if (!arg) {
            // Need double quotation for empty argument
            return '""';
        }
        if (!arg.includes(' ') && !arg.includes('\t') && !arg.includes('"')) {
            // No quotation needed
            return arg;
        }
        if (!arg.includes('"') && !arg.includes('\\')) {
            // No embedded double quotes or backslashes, so I can just wrap
            // quote marks around the whole thing.
            return `"${arg}"`;
        }
        // Expected input/output:
        //   input : hello"world
        //   output: "hello\"world"
        //   input : hello""world
        //   output: "hello\"\"world"
        //   input : hello\world
        //   output: hello\world
        //   input : hello\\world
        //   output: hello\\world
        //   input : hello\"world
        //   output: "hello\\\"world"
        //   input : hello\\"world
        //   output: "hello\\\\\"world"
        //   input : hello world\
        //   output: "hello world\\" - note the comment in libuv actually reads "hello world\"
        //                             but it appears the comment is wrong, it should be "hello world\\"
        let reverse = '"';
        let quoteHit = true;
        for (let i = arg.length; i > 0; i--) {
            // walk the string in reverse
            reverse += arg[i - 1];
            if (quoteHit && arg[i - 1] === '\\') {
                reverse += '\\';
            }
            else if (arg[i - 1] === '"') {
                quoteHit = true;
                reverse += '\\';
            }
            else {
                quoteHit = false;
            }
        }
        reverse += '"';
        return reverse.split('').reverse().join('');
    }
    _cloneExecOptions(options) {
        options = options || {};
        const result = {
            cwd: options.cwd || process.cwd(),
            env: options.env || process.env,
            silent: options.silent || false,
            windowsVerbatimArguments: options.windowsVerbatimArguments || false,
            failOnStdErr: options.failOnStdErr || false,
            ignoreReturnCode: options.ignoreReturnCode || false,
            delay: options.delay || 10000
        };
        result.outStream = options.outStream || process.stdout;
        result.errStream = options.errStream || process.stderr;
        return result;
    }
    _getSpawnOptions(options, toolPath) {
        options = options || {};
        const result = {};
        result.cwd = options.cwd;
        result.env = options.env;
        result['windowsVerbatimArguments'] =
            options.windowsVerbatimArguments || this._isCmdFile();
        if (options.windowsVerbatimArguments) {
            result.argv0 = `"${toolPath}"`;
        }
        return result;
    }
    /**
     * Exec a tool.
     * Output will be streamed to the live console.
     * Returns promise with return code
     *
     * @param     tool     path to tool to exec
     * @param     options  optional exec options.  See ExecOptions
     * @returns   number
     */
    exec() {
        return toolrunner_awaiter(this, void 0, void 0, function* () {
            // root the tool path if it is unrooted and contains relative pathing
            if (!isRooted(this.toolPath) &&
                (this.toolPath.includes('/') ||
                    (toolrunner_IS_WINDOWS && this.toolPath.includes('\\')))) {
                // prefer options.cwd if it is specified, however options.cwd may also need to be rooted
                this.toolPath = external_path_namespaceObject.resolve(process.cwd(), this.options.cwd || process.cwd(), this.toolPath);
            }
            // if the tool is only a file name, then resolve it from the PATH
            // otherwise verify it exists (add extension on Windows if necessary)
            this.toolPath = yield which(this.toolPath, true);
            return new Promise((resolve, reject) => toolrunner_awaiter(this, void 0, void 0, function* () {
                this._debug(`exec tool: ${this.toolPath}`);
                this._debug('arguments:');
                for (const arg of this.args) {
                    this._debug(`   ${arg}`);
                }
                const optionsNonNull = this._cloneExecOptions(this.options);
                if (!optionsNonNull.silent && optionsNonNull.outStream) {
                    optionsNonNull.outStream.write(this._getCommandString(optionsNonNull) + external_os_namespaceObject.EOL);
                }
                const state = new ExecState(optionsNonNull, this.toolPath);
                state.on('debug', (message) => {
                    this._debug(message);
                });
                if (this.options.cwd && !(yield exists(this.options.cwd))) {
                    return reject(new Error(`The cwd: ${this.options.cwd} does not exist!`));
                }
                const fileName = this._getSpawnFileName();
                const cp = external_child_process_namespaceObject.spawn(fileName, this._getSpawnArgs(optionsNonNull), this._getSpawnOptions(this.options, fileName));
                let stdbuffer = '';
                if (cp.stdout) {
                    cp.stdout.on('data', (data) => {
                        if (this.options.listeners && this.options.listeners.stdout) {
                            this.options.listeners.stdout(data);
                        }
                        if (!optionsNonNull.silent && optionsNonNull.outStream) {
                            optionsNonNull.outStream.write(data);
                        }
                        stdbuffer = this._processLineBuffer(data, stdbuffer, (line) => {
                            if (this.options.listeners && this.options.listeners.stdline) {
                                this.options.listeners.stdline(line);
                            }
                        });
                    });
                }
                let errbuffer = '';
                if (cp.stderr) {
                    cp.stderr.on('data', (data) => {
                        state.processStderr = true;
                        if (this.options.listeners && this.options.listeners.stderr) {
                            this.options.listeners.stderr(data);
                        }
                        if (!optionsNonNull.silent &&
                            optionsNonNull.errStream &&
                            optionsNonNull.outStream) {
                            const s = optionsNonNull.failOnStdErr
                                ? optionsNonNull.errStream
                                : optionsNonNull.outStream;
                            s.write(data);
                        }
                        errbuffer = this._processLineBuffer(data, errbuffer, (line) => {
                            if (this.options.listeners && this.options.listeners.errline) {
                                this.options.listeners.errline(line);
                            }
                        });
                    });
                }
                cp.on('error', (err) => {
                    state.processError = err.message;
                    state.processExited = true;
                    state.processClosed = true;
                    state.CheckComplete();
                });
                cp.on('exit', (code) => {
                    state.processExitCode = code;
                    state.processExited = true;
                    this._debug(`Exit code ${code} received from tool '${this.toolPath}'`);
                    state.CheckComplete();
                });
                cp.on('close', (code) => {
                    state.processExitCode = code;
                    state.processExited = true;
                    state.processClosed = true;
                    this._debug(`STDIO streams have closed for tool '${this.toolPath}'`);
                    state.CheckComplete();
                });
                state.on('done', (error, exitCode) => {
                    if (stdbuffer.length > 0) {
                        this.emit('stdline', stdbuffer);
                    }
                    if (errbuffer.length > 0) {
                        this.emit('errline', errbuffer);
                    }
                    cp.removeAllListeners();
                    if (error) {
                        reject(error);
                    }
                    else {
                        resolve(exitCode);
                    }
                });
                if (this.options.input) {
                    if (!cp.stdin) {
                        throw new Error('child process missing stdin');
                    }
                    cp.stdin.end(this.options.input);
                }
            }));
        });
    }
}
/**
 * Convert an arg string to an array of args. Handles escaping
 *
 * @param    argString   string of arguments
 * @returns  string[]    array of arguments
 */
function argStringToArray(argString) {
    const args = [];
    let inQuotes = false;
    let escaped = false;
    let arg = '';
    function append(c) {
        // we only escape double quotes.
        if (escaped && c !== '"') {
            arg += '\\';
        }
        arg += c;
        escaped = false;
    }
    for (let i = 0; i < argString.length; i++) {
        const c = argString.charAt(i);
        if (c === '"') {
            if (!escaped) {
                inQuotes = !inQuotes;
            }
            else {
                append(c);
            }
            continue;
        }
        if (c === '\\' && escaped) {
            append(c);
            continue;
        }
        if (c === '\\' && inQuotes) {
            escaped = true;
            continue;
        }
        if (c === ' ' && !inQuotes) {
            if (arg.length > 0) {
                args.push(arg);
                arg = '';
            }
            continue;
        }
        append(c);
    }
    if (arg.length > 0) {
        args.push(arg.trim());
    }
    return args;
}
class ExecState extends external_events_namespaceObject.EventEmitter {
    constructor(options, toolPath) {
        super();
        this.processClosed = false; // tracks whether the process has exited and stdio is closed
        this.processError = '';
        this.processExitCode = 0;
        this.processExited = false; // tracks whether the process has exited
        this.processStderr = false; // tracks whether stderr was written to
        this.delay = 10000; // 10 seconds
        this.done = false;
        this.timeout = null;
        if (!toolPath) {
            throw new Error('toolPath must not be empty');
        }
        this.options = options;
        this.toolPath = toolPath;
        if (options.delay) {
            this.delay = options.delay;
        }
    }
    CheckComplete() {
        if (this.done) {
            return;
        }
        if (this.processClosed) {
            this._setResult();
        }
        else if (this.processExited) {
            this.timeout = (0,external_timers_namespaceObject.setTimeout)(ExecState.HandleTimeout, this.delay, this);
        }
    }
    _debug(message) {
        this.emit('debug', message);
    }
    _setResult() {
        // determine whether there is an error
        let error;
        if (this.processExited) {
            if (this.processError) {
                error = new Error(`There was an error when attempting to execute the process '${this.toolPath}'. This may indicate the process failed to start. Error: ${this.processError}`);
            }
            else if (this.processExitCode !== 0 && !this.options.ignoreReturnCode) {
                error = new Error(`The process '${this.toolPath}' failed with exit code ${this.processExitCode}`);
            }
            else if (this.processStderr && this.options.failOnStdErr) {
                error = new Error(`The process '${this.toolPath}' failed because one or more lines were written to the STDERR stream`);
            }
        }
        // clear the timeout
        if (this.timeout) {
            clearTimeout(this.timeout);
            this.timeout = null;
        }
        this.done = true;
        this.emit('done', error, this.processExitCode);
    }
    static HandleTimeout(state) {
        if (state.done) {
            return;
        }
        if (!state.processClosed && state.processExited) {
            const message = `The STDIO streams did not close within ${state.delay / 1000} seconds of the exit event from process '${state.toolPath}'. This may indicate a child process inherited the STDIO streams and has not yet exited.`;
            state._debug(message);
        }
        state._setResult();
    }
}
//# sourceMappingURL=toolrunner.js.map
;// CONCATENATED MODULE: ./node_modules/@actions/exec/lib/exec.js
var exec_awaiter = (undefined && undefined.__awaiter) || function (thisArg, _arguments, P, generator) {
    function adopt(value) { return value instanceof P ? value : new P(function (resolve) { resolve(value); }); }
    return new (P || (P = Promise))(function (resolve, reject) {
        function fulfilled(value) { try { step(generator.next(value)); } catch (e) { reject(e); } }
        function rejected(value) { try { step(generator["throw"](value)); } catch (e) { reject(e); } }
        function step(result) { result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected); }
        step((generator = generator.apply(thisArg, _arguments || [])).next());
    });
};


/**
 * Exec a command.
 * Output will be streamed to the live console.
 * Returns promise with return code
 *
 * @param     commandLine        command to execute (can include additional args). Must be correctly escaped.
 * @param     args               optional arguments for tool. Escaping is handled by the lib.
 * @param     options            optional exec options.  See ExecOptions
 * @returns   Promise<number>    exit code
 */
function exec(commandLine, args, options) {
    return exec_awaiter(this, void 0, void 0, function* () {
        const commandArgs = argStringToArray(commandLine);
        if (commandArgs.length === 0) {
            throw new Error(`Parameter 'commandLine' cannot be null or empty.`);
        }
        // Path to tool to execute should be first arg
        const toolPath = commandArgs[0];
        args = commandArgs.slice(1).concat(args || []);
        const runner = new ToolRunner(toolPath, args, options);
        return runner.exec();
    });
}
/**
 * Exec a command and get the output.
 * Output will be streamed to the live console.
 * Returns promise with the exit code and collected stdout and stderr
 *
 * @param     commandLine           command to execute (can include additional args). Must be correctly escaped.
 * @param     args                  optional arguments for tool. Escaping is handled by the lib.
 * @param     options               optional exec options.  See ExecOptions
 * @returns   Promise<ExecOutput>   exit code, stdout, and stderr
 */
function getExecOutput(commandLine, args, options) {
    return exec_awaiter(this, void 0, void 0, function* () {
        var _a, _b;
        let stdout = '';
        let stderr = '';
        //Using string decoder covers the case where a mult-byte character is split
        const stdoutDecoder = new StringDecoder('utf8');
        const stderrDecoder = new StringDecoder('utf8');
        const originalStdoutListener = (_a = options === null || options === void 0 ? void 0 : options.listeners) === null || _a === void 0 ? void 0 : _a.stdout;
        const originalStdErrListener = (_b = options === null || options === void 0 ? void 0 : options.listeners) === null || _b === void 0 ? void 0 : _b.stderr;
        const stdErrListener = (data) => {
            stderr += stderrDecoder.write(data);
            if (originalStdErrListener) {
                originalStdErrListener(data);
            }
        };
        const stdOutListener = (data) => {
            stdout += stdoutDecoder.write(data);
            if (originalStdoutListener) {
                originalStdoutListener(data);
            }
        };
        const listeners = Object.assign(Object.assign({}, options === null || options === void 0 ? void 0 : options.listeners), { stdout: stdOutListener, stderr: stdErrListener });
        const exitCode = yield exec(commandLine, args, Object.assign(Object.assign({}, options), { listeners }));
        //flush any remaining characters
        stdout += stdoutDecoder.end();
        stderr += stderrDecoder.end();
        return {
            exitCode,
            stdout,
            stderr
        };
    });
}
//# sourceMappingURL=exec.js.map
;// CONCATENATED MODULE: ./build/run.js



const running = new Set();
const started = new external_node_async_hooks_namespaceObject.AsyncLocalStorage();
// @actions/exec gives no handle on its child. Node tells of every child here, within the call that starts it.
(0,external_node_diagnostics_channel_namespaceObject.subscribe)('child_process', message => started.getStore()?.(message.process));
/**
 * How long @actions/exec waits for a program's output after its end. Whoever keeps it open is not of interest:
 * rootless podman leaves a pause process by design. In milliseconds.
 */
const OUTPUT_AFTER_END_MS = 500;
/**
 * Runs a program, with nothing of it in the log.
 *
 * @param program its name, looked up on the PATH
 * @param input what it gets on standard input
 * @param timeoutMs when it is killed, in milliseconds
 */
async function run(program, args, { env, input, timeoutMs }) {
    const stdout = [];
    const stderr = [];
    let child;
    let timedOut = false;
    const timer = setTimeout(() => {
        timedOut = true;
        child?.kill('SIGKILL');
    }, timeoutMs);
    const onStart = (process) => {
        child = process;
        running.add(process);
        // A program that ends before it has read its input has failed by its exit code; EPIPE adds nothing to it.
        process.once('spawn', () => process.stdin?.on('error', () => { }));
        if (timedOut)
            process.kill('SIGKILL');
    };
    try {
        const exitCode = await started.run(onStart, () => 
        // In quotes, because @actions/exec takes it for a command line.
        exec(`"${program}"`, args, {
            env,
            input: Buffer.from(input),
            silent: true,
            ignoreReturnCode: true,
            delay: OUTPUT_AFTER_END_MS,
            listeners: { stdout: data => stdout.push(data), stderr: data => stderr.push(data) },
        }));
        return { exitCode: exitCode ?? undefined, stdout: run_text(stdout), stderr: run_text(stderr), timedOut };
    }
    catch (error) {
        return { exitCode: undefined, stdout: run_text(stdout), stderr: error.message, timedOut };
    }
    finally {
        clearTimeout(timer);
        if (child !== undefined)
            forget(child);
    }
}
/** Lets go of a program that has ended, and of output that a process it left behind keeps open. */
function forget(child) {
    running.delete(child);
    child.stdout?.destroy();
    child.stderr?.destroy();
}
/** Ends every program that is running, at once. */
function killAll() {
    for (const child of running)
        child.kill('SIGKILL');
}
function run_text(chunks) {
    return Buffer.concat(chunks).toString();
}

;// CONCATENATED MODULE: external "node:crypto"
const external_node_crypto_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:crypto");
;// CONCATENATED MODULE: ./build/work-folder.js




/** Names a folder that is not there yet. */
function newWorkFolder(env) {
    if (!env.RUNNER_TEMP)
        throw new Failure('RUNNER_TEMP is not set. This program runs as a step of GitHub Actions.');
    return workFolderAt(external_node_path_namespaceObject.join(env.RUNNER_TEMP, `icr-login-${(0,external_node_crypto_namespaceObject.randomBytes)(8).toString('hex')}`));
}
function workFolderAt(folder) {
    return { path: folder, id: external_node_path_namespaceObject.basename(folder) };
}
/** A new folder inside. */
function makeFolder(work, ...names) {
    const folder = external_node_path_namespaceObject.join(work.path, ...names);
    (0,external_node_fs_namespaceObject.mkdirSync)(folder, { recursive: true, mode: 0o700 });
    return folder;
}
/** The folder of what the logins write: it proves them, and is thrown away. */
const SCRATCH = 'scratch';
function removeScratch(work) {
    (0,external_node_fs_namespaceObject.rmSync)(external_node_path_namespaceObject.join(work.path, SCRATCH), { recursive: true, force: true, maxRetries: 3 });
}
function removeWorkFolder(work) {
    (0,external_node_fs_namespaceObject.rmSync)(work.path, { recursive: true, force: true, maxRetries: 3 });
}

;// CONCATENATED MODULE: ./build/login.js






/** Thirteen regions at once, and no more processes than a small runner bears. */
const AT_ONCE = 16;
/**
 * Runs each client's own login, side by side, each in a scratch folder of its own. Nothing that later steps
 * read is written. The first problem that stays stops what has not begun.
 *
 * @returns the problems; none if every login stands
 */
async function logIn(logins, context) {
    const problems = [];
    const stopped = () => problems.length > 0;
    const queue = logins.entries();
    const workOff = async () => {
        for (const [index, login] of queue) {
            if (stopped())
                return;
            const start = performance.now();
            const what = `${login.domain}: ${login.client === 'none' ? '' : `${login.client} `}login`;
            const fault = await withTries(what, () => login_attempt(login, `${index}`, context), { ...context, stopped });
            if (fault !== undefined)
                problems.push({ ...login, ...fault });
            else
                context.say(`${what} as ${context.credentials.profileId} stands (${((performance.now() - start) / 1000).toFixed(1)} s)`);
        }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, workOff));
    return problems;
}
/** @returns what was said if the login failed, undefined if it stands */
async function login_attempt(login, name, context) {
    const { client, domain } = login;
    return client === 'none' ? withoutClient(domain, context) : withClient(client, domain, name, context);
}
async function withClient(client, domain, name, { credentials, work, env, deadline }) {
    const scratch = CLIENTS[client].scratch(makeFolder(work, SCRATCH, name), domain, env);
    const ended = await run(client, ['login', '--username', credentials.profileId, '--password-stdin', ...scratch.args, domain], {
        env: { ...environmentWithoutKey(env, credentials), ...scratch.env },
        input: credentials.apiKey,
        timeoutMs: deadline.within(TRY_MS),
    });
    if (ended.exitCode === 0)
        return undefined;
    return ended.timedOut
        ? 'no answer in time'
        : `${ended.stdout}\n${ended.stderr}`.trim() || `exit code ${ended.exitCode}`;
}
async function withoutClient(domain, { credentials, deadline }) {
    try {
        await proveLogin(domain, credentials, () => deadline.within(TRY_MS));
        return undefined;
    }
    catch (error) {
        return error.message;
    }
}

;// CONCATENATED MODULE: ./build/stores/credentials-file.js

/**
 * Where the file of the input `credentials-file` is.
 *
 * @param file as it was given; relative to the workspace
 * @param warn is told of a place where others may pick it up
 * @returns its absolute path
 */
function credentialsFilePath(file, env, warn) {
    const workspace = env.GITHUB_WORKSPACE || process.cwd();
    const absolute = external_node_path_namespaceObject.resolve(workspace, file);
    if (!external_node_path_namespaceObject.relative(workspace, absolute).startsWith('..')) {
        warn(`credentials-file: ${absolute} is inside the workspace. Name it in .dockerignore, so that it gets into no image, and upload no artifact with it in; or put it into RUNNER_TEMP.`);
    }
    return absolute;
}

;// CONCATENATED MODULE: ./build/stores/locations.js





function thisMachine() {
    return { env: process.env, platform: process.platform, uid: process.geteuid?.() };
}
/** docker's config.json; it need not exist. */
function dockerConfigFile({ env }) {
    return external_node_path_namespaceObject.join(dockerFolder(env), 'config.json');
}
/**
 * The file that a client's later runs read first, whatever its login would write.
 *
 * skopeo reads auth.json even where `DOCKER_CONFIG` is set, podman and buildah do not
 * (https://github.com/containers/image/blob/main/pkg/docker/config/config.go).
 *
 * @returns its path, or undefined where none can be relied on: podman and skopeo would each look for a
 *          folder of their own making
 */
function storeOf(client, machine) {
    const { env } = machine;
    if (CLIENTS[client].family === 'docker')
        return dockerConfigFile(machine);
    if (env.REGISTRY_AUTH_FILE)
        return env.REGISTRY_AUTH_FILE;
    if (env.DOCKER_CONFIG && client !== 'skopeo')
        return dockerConfigFile(machine);
    return runtimeAuthFile(machine);
}
function runtimeAuthFile({ env, platform, uid }) {
    if (platform === 'darwin' || platform === 'win32')
        return external_node_path_namespaceObject.join((0,external_node_os_namespaceObject.homedir)(), '.config', 'containers', 'auth.json');
    if (env.XDG_RUNTIME_DIR) {
        return isFolder(env.XDG_RUNTIME_DIR)
            ? external_node_path_namespaceObject.join(env.XDG_RUNTIME_DIR, 'containers', 'auth.json')
            : undefined;
    }
    return uid === 0 ? '/run/containers/0/auth.json' : undefined;
}
/** All files in which podman, buildah and skopeo look for a login, those first that go before. */
function searchedAuthFiles(machine) {
    const { env } = machine;
    const configHome = env.XDG_CONFIG_HOME || external_node_path_namespaceObject.join((0,external_node_os_namespaceObject.homedir)(), '.config');
    const files = [
        env.REGISTRY_AUTH_FILE,
        runtimeAuthFile(machine),
        external_node_path_namespaceObject.join(configHome, 'containers', 'auth.json'),
        dockerConfigFile(machine),
    ];
    return [...new Set(files.filter(file => file !== undefined && file !== ''))];
}
function isFolder(folder) {
    try {
        return (0,external_node_fs_namespaceObject.statSync)(folder).isDirectory();
    }
    catch {
        return false;
    }
}

;// CONCATENATED MODULE: ./build/stores/credential-file.js



/**
 * The path of the file that a path leads to, by symbolic links if need be; the file itself need not exist.
 */
function realPath(file) {
    const absolute = external_node_path_namespaceObject.resolve(file);
    try {
        return (0,external_node_fs_namespaceObject.realpathSync)(absolute);
    }
    catch {
        const target = linkTarget(absolute);
        if (target !== undefined)
            return realPath(target);
        const folder = external_node_path_namespaceObject.dirname(absolute);
        return folder === absolute ? absolute : external_node_path_namespaceObject.join(realPath(folder), external_node_path_namespaceObject.basename(absolute));
    }
}
function linkTarget(file) {
    try {
        return external_node_path_namespaceObject.resolve(external_node_path_namespaceObject.dirname(file), (0,external_node_fs_namespaceObject.readlinkSync)(file));
    }
    catch {
        return undefined;
    }
}
/**
 * Reads a credential file. One that is missing or empty counts as `{}`, as it does for docker.
 *
 * @param file its real path
 * @throws Failure if it is not a credential file or cannot be read
 */
function readCredentialFile(file) {
    return explained(file, () => {
        const stats = (0,external_node_fs_namespaceObject.statSync)(file, { throwIfNoEntry: false });
        const text = stats === undefined ? '' : (0,external_node_fs_namespaceObject.readFileSync)(file, 'utf8');
        return { path: file, config: parseConfig(file, text), stats, layout: layoutOf(text) };
    });
}
function parseConfig(file, text) {
    if (text.trim() === '')
        return {};
    const config = credential_file_parseJson(text);
    const auths = isObject(config) ? (config.auths ?? {}) : undefined;
    if (!isObject(config) || !isObject(auths) || !Object.values(auths).every(isObject)) {
        throw new Failure(`${file}: it is not a credential file that a client could read (JSON with "auths" in it), so it is left untouched. Mend or remove it, or set isolated: true.`);
    }
    return config;
}
/** The parser's own message would show a piece of the file, and so of somebody's password. */
function credential_file_parseJson(text) {
    try {
        return JSON.parse(text);
    }
    catch {
        return undefined;
    }
}
function isObject(value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
}
/** docker indents by tabs and ends without a line break; a file that somebody laid out otherwise stays as it is. */
function layoutOf(text) {
    return {
        indent: text === '' ? '\t' : (text.match(/^\s*\{\r?\n([ \t]+)"/)?.[1] ?? ''),
        end: text.match(/\s*$/)?.[0] ?? '',
    };
}
/**
 * Gives a copy of a config in which one domain has another entry, or none. Everything else is as it was.
 */
function withEntry(config, domain, entry) {
    const { [domain]: _replaced, ...others } = config.auths ?? {};
    return { ...config, auths: entry === null ? others : { ...config.auths, [domain]: entry } };
}
/** The entry of exactly this domain. Clients let it go before `https://domain` and the like. */
function entryOf(config, domain) {
    return config.auths?.[domain] ?? null;
}
/**
 * Replaces a credential file whole: whoever reads it sees the old one or the new one. A new file is for its
 * owner alone; one that was there keeps owner, group and mode, less what the mode lets everybody do.
 *
 * The folder's other programs may guess no name here and follow no link: the temporary file's name is random
 * and it must not exist. (The npm package write-file-atomic does neither, and goes on if it cannot keep the owner.)
 *
 * @param file what {@link readCredentialFile} gave
 * @param config its new content
 * @param id random; names the temporary file, so that a killed step's can be found
 * @throws Failure if it cannot be replaced; then it is as it was
 */
function replaceCredentialFile(file, config, id) {
    const temporary = temporaryFile(file.path, id);
    explained(file.path, () => {
        const handle = (0,external_node_fs_namespaceObject.openSync)(temporary, 'wx', 0o600);
        try {
            try {
                (0,external_node_fs_namespaceObject.writeFileSync)(handle, JSON.stringify(config, null, file.layout.indent) + file.layout.end);
                if (file.stats !== undefined)
                    keepOwnerAndMode(handle, file.stats);
                (0,external_node_fs_namespaceObject.fsyncSync)(handle);
            }
            finally {
                (0,external_node_fs_namespaceObject.closeSync)(handle);
            }
            (0,external_node_fs_namespaceObject.renameSync)(temporary, file.path);
        }
        catch (error) {
            (0,external_node_fs_namespaceObject.rmSync)(temporary, { force: true });
            throw error;
        }
    });
}
/** Where the new content is until it takes the file's place; in the same folder, as a rename needs it. */
function temporaryFile(file, id) {
    return external_node_path_namespaceObject.join(external_node_path_namespaceObject.dirname(file), `.${external_node_path_namespaceObject.basename(file)}.${id}`);
}
function keepOwnerAndMode(handle, { uid, gid, mode }) {
    if (process.platform === 'win32')
        return;
    if (uid !== process.geteuid?.() || gid !== process.getegid?.())
        (0,external_node_fs_namespaceObject.fchownSync)(handle, uid, gid);
    (0,external_node_fs_namespaceObject.fchmodSync)(handle, mode & 0o770);
}
/** Turns what the file system refuses into an error that names the file and the way out. */
function explained(file, body) {
    try {
        return body();
    }
    catch (error) {
        throw fileFailure(file, error);
    }
}
function fileFailure(file, error) {
    const { code, syscall } = error;
    if (error instanceof Failure || code === undefined)
        return error;
    return new Failure(`${file}: the login cannot be stored there (${[code, syscall].filter(Boolean).join(', ')}), so the file is left as it was. ` +
        "Make the file and its folder writable, or set isolated: true to keep the clients' logins in files of this job instead.");
}

;// CONCATENATED MODULE: ./build/stores/helper.js


const helper_TIMEOUT_MS = 20_000;
const WAY_OUT = 'Set isolated: true to keep the logins in files of this job instead.';
/**
 * The helper that a client asks for a domain, going by a file of its settings.
 *
 * docker takes `credHelpers[domain]` before `credsStore`; podman, buildah and skopeo know no `credsStore`. To
 * docker an empty name means the file itself.
 */
function helperFor(config, domain, family) {
    const name = config.credHelpers?.[domain] ?? (family === 'docker' ? config.credsStore : undefined);
    return name || undefined;
}
/**
 * Gives a credential to a helper to keep.
 *
 * @throws Failure if the helper is missing, cannot store, or holds somebody's entry for the domain already: a
 *         secret out of a keychain is never read to disk, so it could not be put back
 */
async function store(helper, domain, { Username, Secret }) {
    await call(helper, 'store', JSON.stringify({ ServerURL: domain, Username, Secret }));
}
/** @throws Failure if the helper holds an entry for the domain, or cannot be asked */
async function refuseIfHeld(helper, domain) {
    if ((await helper_hosts(helper)).some(host => bareHost(host) === domain)) {
        throw new Failure(`The credential helper docker-credential-${helper.name} already holds a login for ${domain}, which this step would write over and could not put back. ` +
            `${WAY_OUT} Or remove it first: docker logout ${domain}.`);
    }
}
/** The hosts that a helper holds a credential for, as it writes them. */
async function helper_hosts(helper) {
    const held = parse((await call(helper, 'list', '')) || '{}');
    return Object.keys(held ?? {});
}
/** What a helper holds for a domain; undefined where it holds nothing. */
async function get(helper, domain) {
    const ended = await start(helper, 'get', domain);
    return ended.exitCode === 0 ? parse(ended.stdout) : undefined;
}
async function erase(helper, domain) {
    await call(helper, 'erase', domain);
}
async function call(helper, action, input) {
    const ended = await start(helper, action, input);
    if (ended.exitCode === 0)
        return ended.stdout;
    // A helper says what went wrong on standard output, and what it says does not hold the secret it was given.
    const words = `${ended.stdout} ${ended.stderr}`.trim().slice(0, 300);
    const why = ended.timedOut
        ? `it did not answer within ${helper_TIMEOUT_MS / 1000} seconds`
        : words || `exit code ${ended.exitCode}`;
    throw new Failure(`The credential helper docker-credential-${helper.name}, which the client's settings name for this registry, failed to ${action}: ${why}. ${WAY_OUT}`);
}
function start({ name, env }, action, input) {
    return run(`docker-credential-${name}`, [action], { env, input, timeoutMs: helper_TIMEOUT_MS });
}
function bareHost(host) {
    return host.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
}
function parse(text) {
    try {
        return JSON.parse(text);
    }
    catch {
        return undefined;
    }
}

;// CONCATENATED MODULE: ./build/stores/private-files.js







/**
 * An auth file in the work folder, for `REGISTRY_AUTH_FILE`. podman, buildah and skopeo look nowhere else then
 * (containers/image 5.24 and later), so it begins with all that they would have found without it.
 *
 * @param domains those that the step logs in to: no credential helper is asked for them
 */
function privateAuthFile(work, machine, domains) {
    const file = external_node_path_namespaceObject.join(makeFolder(work), 'auth.json');
    write(file, union(searchedAuthFiles(machine).map(read), domains));
    return { place: { family: 'containers', file }, variable: variable('REGISTRY_AUTH_FILE', file, machine) };
}
/**
 * A docker folder in the work folder, for `DOCKER_CONFIG`: the settings are docker's own, all other things in
 * its folder (builders, plugins, contexts) are linked, only the logins from now on are apart. A keychain is not
 * carried over, but its hosts are, each with the keychain as its credential helper.
 */
async function privateDockerFolder(work, machine, domains, helperEnv) {
    const folder = makeFolder(work, 'docker');
    linkDockerFolder(dockerFolder(machine.env), folder);
    const { credsStore, ...config } = read(dockerConfigFile(machine));
    const file = external_node_path_namespaceObject.join(folder, 'config.json');
    const hosts = credsStore ? await helper_hosts({ name: credsStore, env: helperEnv }) : [];
    const keychain = Object.fromEntries(hosts.map(host => [host, credsStore]));
    const logins = union([{ ...config, credHelpers: { ...keychain, ...config.credHelpers } }], domains);
    write(file, { ...config, ...logins });
    return { place: { family: 'docker', file }, variable: variable('DOCKER_CONFIG', folder, machine) };
}
/** The logins of several files in one, as a client finds them that goes through the files in turn. */
function union(configs, domains) {
    const auths = {};
    const credHelpers = {};
    for (const config of configs) {
        const known = new Set([...Object.keys(auths), ...Object.keys(credHelpers)]);
        for (const [host, name] of Object.entries(config.credHelpers ?? {})) {
            // To docker an empty name means the file itself; the other clients cannot read it.
            if (name !== '' && !known.has(host) && !domains.includes(host))
                credHelpers[host] = name;
        }
        for (const [host, entry] of Object.entries(config.auths ?? {})) {
            // docker leaves an empty entry for what is in a keychain.
            if (!known.has(host) && Object.keys(entry).length > 0)
                auths[host] = entry;
        }
    }
    return { auths, credHelpers };
}
function read(file) {
    return readCredentialFile(realPath(file)).config;
}
function write(file, config) {
    (0,external_node_fs_namespaceObject.writeFileSync)(file, JSON.stringify(config, null, '\t'), { mode: 0o600 });
}
function variable(name, written, { env }) {
    return { name, before: env[name] ?? '', written };
}

;// CONCATENATED MODULE: ./build/stores/shadows.js

/**
 * Finds what clients would still take before the entries just stored.
 *
 * docker 28.3 and later take `DOCKER_AUTH_CONFIG` first; podman, buildah and skopeo take the entry of
 * `domain/path` before that of the domain.
 *
 * @returns a warning for each
 */
function shadows(places, domains, env) {
    const warnings = [];
    const inVariable = Object.keys(authsOf(env.DOCKER_AUTH_CONFIG)).filter(host => domains.includes(host));
    if (inVariable.length > 0 && places.some(({ family }) => family === 'docker')) {
        warnings.push(`DOCKER_AUTH_CONFIG holds a login for ${inVariable.join(', ')}, which docker 28.3 and later take before this step's.`);
    }
    for (const { family, file } of places) {
        if (family === 'docker')
            continue;
        const hosts = Object.keys(readCredentialFile(realPath(file)).config.auths ?? {});
        const paths = hosts.filter(host => domains.some(domain => host.startsWith(`${domain}/`)));
        if (paths.length > 0) {
            warnings.push(`${file} holds a login for ${paths.join(', ')}, which podman, buildah and skopeo take there before this step's.`);
        }
    }
    return [...new Set(warnings)];
}
function authsOf(text = '{}') {
    try {
        return JSON.parse(text).auths ?? {};
    }
    catch {
        return {};
    }
}

;// CONCATENATED MODULE: external "node:sqlite"
const external_node_sqlite_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:sqlite");
;// CONCATENATED MODULE: ./build/stores/lock.js






/**
 * Runs a function while no other step of this action, in any process or container that shares the folder,
 * uses the same file. No client locks its credential file, so only steps of this action respect it.
 *
 * The lock is the kernel's, held by way of SQLite on an empty file beside the real one: it is gone the moment
 * its holder dies, and a holder that is merely slow keeps it. Locks made of files and time stamps can have
 * only one of the two. The file is removed by whoever holds the lock.
 *
 * @param file the real path of the file that will be changed; its folder is made where it is missing
 * @param waitMs how long to wait for other steps, in milliseconds
 * @throws Failure if the lock cannot be had
 */
async function withLock(file, waitMs, body) {
    const lockFile = lockFileOf(file);
    const end = performance.now() + waitMs;
    for (;;) {
        const lock = explained(file, () => {
            (0,external_node_fs_namespaceObject.mkdirSync)(external_node_path_namespaceObject.dirname(file), { recursive: true, mode: 0o700 });
            return tryLock(lockFile);
        });
        if (lock !== undefined) {
            try {
                return await body();
            }
            finally {
                lock.release();
            }
        }
        if (performance.now() >= end) {
            throw new Failure(`${file}: another step of this action has been using it for ${Math.round(waitMs / 1000)} seconds. If none is running, remove ${lockFile}.`);
        }
        await (0,promises_namespaceObject.setTimeout)(5 + Math.random() * 20);
    }
}
/** As {@link withLock}, for several files, always in the same order, so that two steps cannot wait for each other. */
async function withLocks(files, waitMs, body) {
    const nested = [...files]
        .sort()
        .reduceRight((inner, file) => () => withLock(file, waitMs, inner), body);
    return nested();
}
/** Where the lock for a file is; empty, and there only while a step holds it or was killed holding it. */
function lockFileOf(file) {
    return `${file}.icr-login.lock`;
}
function tryLock(lockFile) {
    // Our own handle keeps the inode's number from being used again, so that the comparison below can be trusted.
    const handle = (0,external_node_fs_namespaceObject.openSync)(lockFile, 'a', 0o600);
    const database = new external_node_sqlite_namespaceObject.DatabaseSync(lockFile, { timeout: 0 });
    const close = () => {
        database.close();
        (0,external_node_fs_namespaceObject.closeSync)(handle);
    };
    try {
        database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
        if (isStill(lockFile, handle)) {
            return {
                release: () => {
                    const removed = remove(lockFile);
                    close();
                    if (!removed)
                        remove(lockFile);
                },
            };
        }
        close(); // Its last holder removed it between our opening and our locking it.
        return undefined;
    }
    catch (error) {
        close();
        if (isBusy(error))
            return undefined;
        throw error;
    }
}
function isStill(lockFile, handle) {
    const there = (0,external_node_fs_namespaceObject.statSync)(lockFile, { throwIfNoEntry: false });
    return there !== undefined && there.ino === (0,external_node_fs_namespaceObject.fstatSync)(handle).ino;
}
/** Windows does not let go of a file that is open, and once it is closed not of one that another step has open. */
function remove(lockFile) {
    try {
        (0,external_node_fs_namespaceObject.rmSync)(lockFile, { force: true });
        return true;
    }
    catch {
        return false;
    }
}
/** SQLITE_BUSY, see https://www.sqlite.org/rescode.html#busy */
function isBusy(error) {
    return error.errcode === 5;
}

;// CONCATENATED MODULE: ./build/stores/undo-record.js




const NAME = 'undo.json';
function writeUndoRecord(work, record) {
    const file = external_node_path_namespaceObject.join(makeFolder(work), NAME);
    (0,external_node_fs_namespaceObject.writeFileSync)(`${file}.new`, JSON.stringify(record), { mode: 0o600, flush: true });
    (0,external_node_fs_namespaceObject.renameSync)(`${file}.new`, file);
}
/** @returns undefined where the step had not come to changing anything */
function readUndoRecord(work) {
    try {
        return JSON.parse((0,external_node_fs_namespaceObject.readFileSync)(external_node_path_namespaceObject.join(work.path, NAME), 'utf8'));
    }
    catch (error) {
        if (error.code === 'ENOENT')
            return undefined;
        throw error;
    }
}
/** Tells whether something is still what the step wrote, without keeping that. */
function fingerprint(value) {
    return (0,external_node_crypto_namespaceObject.createHash)('sha256').update(JSON.stringify(value)).digest('hex');
}

;// CONCATENATED MODULE: ./build/stores/undo.js






/** For undoing on the way to an error that says more. */
const SILENT = { say() { }, warn() { } };
const LOCK_WAIT_MS = 30_000;
/**
 * Takes back what a step has stored, as far as it is still what the step wrote. Needs no client. Goes on
 * after a failure.
 *
 * @param id the step's, as in {@link temporaryFile}
 * @param helperEnv the environment of credential helpers
 * @param log is told what was done and, by `warn`, what could not be
 */
async function undoStores(record, id, helperEnv, log) {
    const attempts = [
        ...record.files.map(change => () => undoFile(change, id, log)),
        ...record.helpers.map(change => () => undoHelper(change, helperEnv, log)),
    ];
    for (const attempt of attempts) {
        try {
            await attempt();
        }
        catch (error) {
            log.warn(`A login could not be taken away. ${error.message}`);
        }
    }
}
async function undoFile(change, id, log) {
    await withLock(change.file, LOCK_WAIT_MS, async () => {
        (0,external_node_fs_namespaceObject.rmSync)(temporaryFile(change.file, id), { force: true });
        if (change.entries.length === 0)
            return;
        const file = readCredentialFile(change.file);
        const ours = change.entries.filter(({ domain, written }) => fingerprint(entryOf(file.config, domain)) === written);
        if (file.stats === undefined || ours.length === 0)
            return;
        const config = ours.reduce((config, { domain, before }) => withEntry(config, domain, before), file.config);
        if (change.created && holdsNothing(config))
            explained(change.file, () => (0,external_node_fs_namespaceObject.rmSync)(change.file));
        else
            replaceCredentialFile(file, config, id);
        for (const { domain, before } of ours) {
            log.say(`${domain}: ${before === null ? 'login removed from' : 'earlier login put back into'} ${change.file}`);
        }
    });
    if (change.madeFolder !== undefined)
        removeEmptyFolders(external_node_path_namespaceObject.dirname(change.file), change.madeFolder);
}
function holdsNothing({ auths, ...others }) {
    return Object.keys(auths ?? {}).length === 0 && Object.keys(others).length === 0;
}
function removeEmptyFolders(folder, topmost) {
    try {
        (0,external_node_fs_namespaceObject.rmdirSync)(folder);
    }
    catch {
        return; // Somebody else uses it by now.
    }
    if (folder !== topmost)
        removeEmptyFolders(external_node_path_namespaceObject.dirname(folder), topmost);
}
async function undoHelper({ name, domain, written }, env, log) {
    const held = await get({ name, env }, domain);
    if (held === undefined || fingerprint([held.Username, held.Secret]) !== written)
        return;
    await erase({ name, env }, domain);
    log.say(`${domain}: login removed from docker-credential-${name}`);
}

;// CONCATENATED MODULE: ./build/stores/store.js











const store_LOCK_WAIT_MS = 30_000;
/**
 * Stores one pair for some domains in all the places given, or in none. What a place's own settings say
 * decides between the file itself and a credential helper. The undo record is written before anything else.
 *
 * @param record what the undo record says besides the stores
 * @returns what has been changed
 * @throws Failure if a place cannot take it; then everything is as it was
 */
async function storeLogins(places, domains, credentials, record, { work, helperEnv, deadline }) {
    const entry = entryFor(credentials);
    const families = Map.groupBy(places, place => realPath(place.file));
    const files = [...families.keys()];
    // A step that dies from here on may leave a lock file, or the folder for one.
    let changes = { files: files.map(untouched), helpers: [] };
    writeUndoRecord(work, { ...record, ...changes });
    try {
        await withLocks(files, deadline.within(store_LOCK_WAIT_MS), async () => {
            const plans = changes.files.map(file => plan(file, families.get(file.file) ?? [], domains, credentials));
            const helpers = once(plans.flatMap(({ helpers }) => helpers));
            for (const { name, domain } of helpers)
                await refuseIfHeld({ name, env: helperEnv }, domain);
            changes = { files: plans.map(({ file }) => file), helpers };
            writeUndoRecord(work, { ...record, ...changes });
            for (const change of changes.files)
                writeEntries(change, entry, work.id);
            for (const { name, domain } of changes.helpers) {
                const secret = { Username: credentials.profileId, Secret: credentials.apiKey };
                await store({ name, env: helperEnv }, domain, secret);
            }
        });
    }
    catch (error) {
        await undoStores(changes, work.id, helperEnv, SILENT);
        throw error;
    }
    return changes.files;
}
/**
 * Reads the files again and puts back what a program without a lock, such as `docker login`, has written over
 * meanwhile. Where there was such a program, looks again until it has done.
 *
 * @param changes what {@link storeLogins} gave
 */
async function putBack(changes, credentials, { work, deadline }) {
    const entry = entryFor(credentials);
    for (const change of changes) {
        let looks = 0;
        while (await withLock(change.file, deadline.within(store_LOCK_WAIT_MS), async () => writeEntries(change, entry, work.id))) {
            if (++looks === MOST_LOOKS)
                return;
            await (0,promises_namespaceObject.setTimeout)(PAUSE_BETWEEN_LOOKS_MS);
        }
    }
}
/** About five seconds: longer than a login of another program takes, which is what we are up against. */
const MOST_LOOKS = 10;
const PAUSE_BETWEEN_LOOKS_MS = 500;
/** What a client writes for a login; made here, so that it is the same whichever client proved the pair. */
function entryFor(credentials) {
    return { auth: basicAuth(credentials) };
}
function untouched(file) {
    return { file, created: false, alone: false, madeFolder: topmostMissingFolder(file), entries: [] };
}
/** The topmost folder that has to be made for a file. */
function topmostMissingFolder(file) {
    const folder = external_node_path_namespaceObject.dirname(file);
    if (folder === file || (0,external_node_fs_namespaceObject.existsSync)(folder))
        return undefined;
    return topmostMissingFolder(folder) ?? folder;
}
/** What has to be changed for one file: entries of its own, or credentials of the helpers that it names. */
function plan(file, places, domains, credentials) {
    const { config, stats } = readCredentialFile(file.file);
    const alone = places.some(place => place.alone);
    if (alone && !holdsOnlyIcrLogins(config)) {
        throw new Failure(`credentials-file: ${file.file} exists and holds something else than logins of IBM Cloud Container Registry, so it is left untouched. Name another file.`);
    }
    const targets = places.flatMap(({ family }) => domains.map(domain => ({ domain, name: helperFor(config, domain, family) })));
    const inFile = new Set(targets.filter(({ name }) => name === undefined).map(({ domain }) => domain));
    const written = fingerprint(entryFor(credentials));
    return {
        file: {
            ...file,
            created: alone || stats === undefined,
            alone,
            entries: [...inFile].map(domain => ({
                domain,
                before: alone ? null : entryOf(config, domain),
                written,
            })),
        },
        helpers: targets.flatMap(({ domain, name }) => name === undefined
            ? []
            : [{ name, domain, written: fingerprint([credentials.profileId, credentials.apiKey]) }]),
    };
}
/** Writes those entries of a file that are not there; tells whether there were any. */
function writeEntries({ file: name, alone, entries }, entry, id) {
    const file = readCredentialFile(name);
    const missing = entries.filter(({ domain, written }) => fingerprint(entryOf(file.config, domain)) !== written);
    if (missing.length === 0)
        return false;
    const config = missing.reduce((config, { domain }) => withEntry(config, domain, entry), alone ? {} : file.config);
    replaceCredentialFile(file, config, id);
    return true;
}
function holdsOnlyIcrLogins({ auths, ...others }) {
    return Object.keys(others).length === 0 && Object.keys(auths ?? {}).every(isIcrDomain);
}
/** Two families may share a helper, as they may share a file. */
function once(changes) {
    return [...new Map(changes.map(change => [`${change.name} ${change.domain}`, change])).values()];
}

;// CONCATENATED MODULE: ./build/main.js
















/** The whole step, in seconds: all tries, all waits. */
const BUDGET_SECONDS = 150;
/**
 * The step. It logs in, and only if every login stands, stores what later steps need.
 *
 * @param work the step's folder; it need not exist yet
 * @throws Failure that says what is wrong and what to do
 */
async function main(work) {
    const inputs = readInputs(core_warning);
    const { domains, credentials, clients, checks, logout } = inputs;
    await requireClients(clients);
    const deadline = new Deadline(BUDGET_SECONDS);
    const context = { credentials, work, env: process.env, deadline, say: info, notice: notice };
    makeFolder(work);
    const names = clients.length === 0 ? ['none'] : clients;
    const problems = await logIn(domains.flatMap(domain => names.map((client) => ({ client, domain }))), context);
    removeScratch(work);
    if (problems.length > 0)
        throw await explain(problems, context);
    const helperEnv = environmentWithoutKey(process.env, credentials);
    const { places, variables } = await placesFor(inputs, work, helperEnv);
    const storing = { work, helperEnv, deadline };
    const changes = await storeLogins(places, domains, credentials, { keep: !logout, variables }, storing);
    for (const { name, written } of variables)
        exportVariable(name, written);
    for (const warning of shadows(places, domains, process.env))
        core_warning(warning);
    const checkProblems = await runChecks(checks, context);
    if (checkProblems.length > 0)
        throw explainChecks(checkProblems, context);
    setOutput('registry', domains[0]);
    setOutput('registries', JSON.stringify(domains));
    await putBack(changes, credentials, storing);
}
async function requireClients(clients) {
    for (const client of clients) {
        if ((await which(client, false)) !== '')
            continue;
        throw new Failure(`client: ${client} is not on this machine (not found on the PATH). Install it in an earlier step (${CLIENTS[client].install}), or name another client.`);
    }
}
/** Where the logins go, and the variables that make the clients' later runs look there. */
async function placesFor({ clients, domains, isolated, credentialsFile }, work, helperEnv) {
    const machine = thisMachine();
    const families = clients.map(client => CLIENTS[client].family);
    const { places, variables } = isolated
        ? await isolatedPlaces(machine, families, domains, work, helperEnv)
        : sharedPlaces(machine, clients, domains, work);
    if (!isolated && clients.length > 0 && process.env.RUNNER_ENVIRONMENT === 'self-hosted') {
        info('On a self-hosted runner another job on the same domain at the same time may take this login away; isolated: true keeps them apart.');
    }
    if (credentialsFile === undefined)
        return { places, variables };
    const file = credentialsFilePath(credentialsFile, process.env, core_warning);
    setOutput('credentials-file', file);
    return { places: [...places, { family: 'docker', file, alone: true }], variables };
}
async function isolatedPlaces(machine, families, domains, work, helperEnv) {
    const own = [
        await privateDockerFolder(work, machine, domains, helperEnv),
        privateAuthFile(work, machine, domains),
    ];
    return {
        places: own.map(({ place }) => place).filter(({ family }) => families.includes(family)),
        variables: own.map(({ variable }) => variable),
    };
}
function sharedPlaces(machine, clients, domains, work) {
    const stores = clients.map(client => ({ family: CLIENTS[client].family, file: storeOf(client, machine) }));
    const found = stores.filter((store) => store.file !== undefined);
    if (found.length === stores.length)
        return { places: found, variables: [] };
    // The variable counts for the whole family, so what one of its clients needs becomes the place of all.
    const own = privateAuthFile(work, machine, domains);
    return {
        places: [...found.filter(({ family }) => family === 'docker'), own.place],
        variables: [own.variable],
    };
}

;// CONCATENATED MODULE: ./build/post.js





/**
 * The clean-up at the end of the job: takes away what the step stored and made, whether the step succeeded,
 * failed or was killed. Never fails the job.
 */
async function post(work) {
    try {
        const record = readUndoRecord(work);
        if (record?.keep)
            return removeScratch(work);
        if (record !== undefined) {
            // The post steps that follow must find their own logins again before these files go.
            for (const { name, before, written } of record.variables) {
                if (process.env[name] === written)
                    exportVariable(name, before);
            }
            const credentials = { profileId: getInput('profile-id'), apiKey: getInput('api-key') };
            const helperEnv = environmentWithoutKey(process.env, credentials);
            await undoStores(record, work.id, helperEnv, { say: info, warn: core_warning });
        }
        removeWorkFolder(work);
    }
    catch (error) {
        core_warning(`The clean-up after the login is not complete: ${error.message}`);
    }
}

;// CONCATENATED MODULE: ./build/signals.js


/** The exit code of a program that a signal ended, as shells count. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 };
/**
 * When a job is cancelled the runner sends SIGINT, then SIGTERM: ends the clients and removes what they have
 * written so far. What has been stored is the post step's to take away.
 */
function endOnSignals(work) {
    for (const [signal, exitCode] of Object.entries(EXIT_CODES)) {
        process.once(signal, () => {
            killAll();
            removeScratch(work);
            process.exit(exitCode);
        });
    }
}

;// CONCATENATED MODULE: ./build/index.js






/** Tells the post step from the main one, and where the main one left what has to be undone. */
const STATE = 'work-folder';
async function build_start() {
    const earlier = getState(STATE);
    if (earlier !== '')
        return post(workFolderAt(earlier));
    try {
        const work = newWorkFolder(process.env);
        // First of all: a step that is killed has its post step too.
        saveState(STATE, work.path);
        endOnSignals(work);
        await main(work);
    }
    catch (error) {
        fail(error);
    }
}
function fail(error) {
    if (error instanceof Failure) {
        setFailed(error.message);
        if (error.details !== '') {
            startGroup('What the clients and the registry said');
            info(quoted(error.details));
            endGroup();
        }
    }
    else {
        setFailed(`icr-login stopped on a defect of its own. Please report it: ${error}`);
        if (error instanceof Error)
            debug(error.stack ?? '');
    }
}
/**
 * What others said, so that the runner takes no line of it for a workflow command: those begin with `::`, blanks
 * before it or not, and old ones with `##[` anywhere (src/Runner.Common/ActionCommand.cs of actions/runner).
 */
function quoted(text) {
    return text
        .split(/\r?\n|\r/)
        .map(line => `| ${line.replaceAll('##[', '## [')}`)
        .join('\n');
}
void build_start();

