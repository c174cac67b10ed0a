'use strict'
const node_async_hooks = process.getBuiltinModule('node:async_hooks')
const node_buffer = process.getBuiltinModule('node:buffer')
const node_diagnostics_channel = process.getBuiltinModule('node:diagnostics_channel')
const node_events = process.getBuiltinModule('node:events')
const node_fs = process.getBuiltinModule('node:fs')
const node_os = process.getBuiltinModule('node:os')
const node_path = process.getBuiltinModule('node:path')
const node_stream = process.getBuiltinModule('node:stream')
const node_timers = process.getBuiltinModule('node:timers')
const node_timers_promises = process.getBuiltinModule('node:timers/promises')
// CONCATENATED MODULE: ./build/node_modules/@actions/core/lib/utils.js
function toCommandValue(input) {
  if (null == input) return ''
  if ('string' == typeof input || input instanceof String) return input
  return JSON.stringify(input)
}
function toCommandProperties(annotationProperties) {
  if (!Object.keys(annotationProperties).length) return {}
  return {
    title: annotationProperties.title,
    file: annotationProperties.file,
    line: annotationProperties.startLine,
    endLine: annotationProperties.endLine,
    col: annotationProperties.startColumn,
    endColumn: annotationProperties.endColumn,
  }
}
// CONCATENATED MODULE: ./build/node_modules/@actions/core/lib/command.js
function command_issueCommand(command, properties, message) {
  let cmd = new Command(command, properties, message)
  process.stdout.write(cmd.toString() + node_os.EOL)
}
function command_issue(name, message = '') {
  command_issueCommand(name, {}, message)
}
let CMD_STRING = '::'
class Command {
  constructor(command, properties, message) {
    if (!command) command = 'missing.command'
    this.command = command
    this.properties = properties
    this.message = message
  }
  toString() {
    let cmdStr = CMD_STRING + this.command
    if (this.properties && Object.keys(this.properties).length > 0) {
      cmdStr += ' '
      let first = true
      for (let key in this.properties)
        if (this.properties.hasOwnProperty(key)) {
          let val = this.properties[key]
          if (val) {
            if (first) first = false
            else cmdStr += ','
            cmdStr += `${key}=${escapeProperty(val)}`
          }
        }
    }
    cmdStr += `${CMD_STRING}${escapeData(this.message)}`
    return cmdStr
  }
}
function escapeData(s) {
  return toCommandValue(s).replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A')
}
function escapeProperty(s) {
  return toCommandValue(s)
    .replace(/%/g, '%25')
    .replace(/\r/g, '%0D')
    .replace(/\n/g, '%0A')
    .replace(/:/g, '%3A')
    .replace(/,/g, '%2C')
}
// CONCATENATED MODULE: ./build/node_modules/@actions/core/lib/file-command.js
function file_command_issueFileCommand(command, message) {
  let filePath = process.env[`GITHUB_${command}`]
  if (!filePath) throw new Error(`Unable to find environment variable for file command ${command}`)
  if (!node_fs.existsSync(filePath)) throw new Error(`Missing file at path: ${filePath}`)
  node_fs.appendFileSync(filePath, `${toCommandValue(message)}${node_os.EOL}`, {
    encoding: 'utf8',
  })
}
function prepareKeyValueMessage(key, value) {
  let delimiter = `ghadelimiter_${process.getBuiltinModule('node:crypto').randomUUID()}`
  let convertedValue = toCommandValue(value)
  if (key.includes(delimiter))
    throw new Error(`Unexpected input: name should not contain the delimiter "${delimiter}"`)
  if (convertedValue.includes(delimiter))
    throw new Error(`Unexpected input: value should not contain the delimiter "${delimiter}"`)
  return `${key}<<${delimiter}${node_os.EOL}${convertedValue}${node_os.EOL}${delimiter}`
}
// CONCATENATED MODULE: ./build/node_modules/@actions/core/lib/core.js
var ExitCode
;(function (ExitCode) {
  ExitCode[(ExitCode['Success'] = 0)] = 'Success'
  ExitCode[(ExitCode['Failure'] = 1)] = 'Failure'
})(ExitCode || (ExitCode = {}))
function exportVariable(name, val) {
  let convertedVal = toCommandValue(val)
  process.env[name] = convertedVal
  let filePath = process.env['GITHUB_ENV'] || ''
  if (filePath) return file_command_issueFileCommand('ENV', prepareKeyValueMessage(name, val))
  command_issueCommand(
    'set-env',
    {
      name,
    },
    convertedVal,
  )
}
function setSecret(secret) {
  command_issueCommand('add-mask', {}, secret)
}
function getInput(name, options) {
  let val = process.env[`INPUT_${name.replace(/ /g, '_').toUpperCase()}`] || ''
  if (options && options.required && !val) throw new Error(`Input required and not supplied: ${name}`)
  if (options && false === options.trimWhitespace) return val
  return val.trim()
}
function setOutput(name, value) {
  let filePath = process.env['GITHUB_OUTPUT'] || ''
  if (filePath) return file_command_issueFileCommand('OUTPUT', prepareKeyValueMessage(name, value))
  process.stdout.write(node_os.EOL)
  command_issueCommand(
    'set-output',
    {
      name,
    },
    toCommandValue(value),
  )
}
function setFailed(message) {
  process.exitCode = ExitCode.Failure
  error(message)
}
function debug(message) {
  command_issueCommand('debug', {}, message)
}
function error(message, properties = {}) {
  command_issueCommand(
    'error',
    toCommandProperties(properties),
    message instanceof Error ? message.toString() : message,
  )
}
function core_warning(message, properties = {}) {
  command_issueCommand(
    'warning',
    toCommandProperties(properties),
    message instanceof Error ? message.toString() : message,
  )
}
function notice(message, properties = {}) {
  command_issueCommand(
    'notice',
    toCommandProperties(properties),
    message instanceof Error ? message.toString() : message,
  )
}
function info(message) {
  process.stdout.write(message + node_os.EOL)
}
function startGroup(name) {
  command_issue('group', name)
}
function endGroup() {
  command_issue('endgroup')
}
function saveState(name, value) {
  let filePath = process.env['GITHUB_STATE'] || ''
  if (filePath) return file_command_issueFileCommand('STATE', prepareKeyValueMessage(name, value))
  command_issueCommand(
    'save-state',
    {
      name,
    },
    toCommandValue(value),
  )
}
function getState(name) {
  return process.env[`STATE_${name}`] || ''
}
// CONCATENATED MODULE: ./build/src/log.js
function say(line) {
  info(harmless(line.replace(/[\r\n]+/g, ' ')))
}
function quote(text) {
  info(
    text
      .split(/\r?\n|\r/)
      .map(line => `| ${harmless(line)}`)
      .join('\n'),
  )
}
function harmless(line) {
  return line.replaceAll('##[', '## [')
}
// CONCATENATED MODULE: ./build/src/json.js
let MOST_LEVELS = 1000
function parseValue(text) {
  try {
    let value = JSON.parse(text)
    return hasLevels(value, MOST_LEVELS) ? void 0 : value
  } catch {
    return
  }
}
function parseJson(text) {
  return Object(parseValue(text))
}
function hasLevels(value, levels) {
  if ('object' != typeof value || null === value) return false
  return 0 === levels || Object.values(value).some(item => hasLevels(item, levels - 1))
}
// CONCATENATED MODULE: ./build/src/credentials.js
let AUTH_METHODS = ['api-key', 'access-token', 'compute-resource']
let BEARER = 'iambearer'
function credentialsOfKey({ profileId, apiKey }) {
  return {
    username: profileId,
    password: apiKey,
  }
}
function credentialsOfToken(token) {
  return {
    username: BEARER,
    password: token,
  }
}
function basicAuth({ username, password }) {
  return Buffer.from(`${username}:${password}`).toString('base64')
}
function isExpired({ username, password }) {
  let { exp } = claimsOf(password)
  return username === BEARER && 'number' == typeof exp && 1000 * exp < Date.now()
}
function claimsOf(token) {
  return parseJson(Buffer.from(`${token.split('.')[1]}`, 'base64url').toString())
}
// CONCATENATED MODULE: ./build/src/fault.js
let IS_TRANSIENT = {
  'foreign-url': false,
  'no-challenge': false,
  'private-only': false,
  quota: false,
  'old-client': false,
  'wrote-elsewhere': false,
  'wrote-to-helper': false,
  'no-user-namespace': false,
  daemon: true,
  'proxy-login': false,
  'proxy-url': false,
  proxy: true,
  throttled: true,
  refused: false,
  denied: false,
  unavailable: true,
  'no-such-host': true,
  certificate: false,
  'no-answer': true,
  network: true,
  killed: true,
  shortage: false,
  unknown: false,
}
class Fault extends Error {
  cause
  status
  retryAfterMs
  line
  constructor(cause, output, { status, retryAfterMs = 0, line } = {}) {
    super(output)
    this.cause = cause
    this.status = status
    this.retryAfterMs = retryAfterMs
    this.line = line
  }
  get output() {
    return this.message
  }
  get isTransient() {
    return IS_TRANSIENT[this.cause]
  }
}
// CONCATENATED MODULE: ./build/src/ibm/answer.js
let MESSAGES = [
  [/private-only access|access this account over the private network/i, 'private-only'],
  [/(?<!disk )quota/i, 'quota'],
]
let STATUSES = new Map([
  [400, 'refused'],
  [401, 'refused'],
  [403, 'denied'],
  [407, 'proxy-login'],
  [408, 'no-answer'],
  [429, 'throttled'],
])
function causeOfMessage(message) {
  return MESSAGES.find(([pattern]) => pattern.test(message))?.[1]
}
function faultOfAnswer(answer) {
  let { status, headers } = answer
  let message = messageOf(answer)
  let wait = [headers['retry-after']].flat()[0]
  let cause = causeOfMessage(message) ?? STATUSES.get(status) ?? (status >= 500 ? 'unavailable' : 'unknown')
  return new Fault(cause, `HTTP ${status}: ${message}${void 0 === wait ? '' : ` (retry-after: ${wait})`}`, {
    status,
    retryAfterMs: millisecondsOf(wait),
  })
}
function millisecondsOf(wait) {
  let seconds = Number(wait ?? 0)
  let milliseconds = Number.isNaN(seconds) ? Date.parse(`${wait}`) - Date.now() : 1000 * seconds
  return Math.max(0, milliseconds || 0)
}
function messageOf({ body }) {
  let { errors, message, errorMessage } = parseJson(body)
  let text = Array.isArray(errors)
    ? errors.map(error => `${error?.message ?? error?.code ?? ''}`).join('; ')
    : (message ?? errorMessage ?? body)
  return oneLine(`${text}`) || 'no message'
}
function oneLine(text) {
  return text
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, 300)
}
// CONCATENATED MODULE: ./build/src/shortage.js
let SHORTAGES = [
  ['file handles (ulimit -n)', /\bE[MN]FILE\b|too many open files/i],
  [
    "processes (ulimit -u, or a container's limit)",
    /\bspawn .*EAGAIN\b|fork.* resource temporarily|new OS thread/i,
  ],
  ['memory', /\bENOMEM\b|cannot allocate memory/i],
  ['disk space', /\b(?:ENOSPC|EDQUOT)\b|no space left on|disk quota exceeded/i],
]
function shortageIn(text) {
  return SHORTAGES.find(([, said]) => said.test(text))?.[0]
}
function shortageFault(output) {
  let shortage = shortageIn(output)
  return void 0 === shortage
    ? void 0
    : new Fault('shortage', output, {
        line: shortage,
      })
}
function refusalOfSystem(error) {
  let { syscall, message } = error
  return void 0 !== syscall || /^Missing file at path: /.test(message) ? message : void 0
}
// CONCATENATED MODULE: ./build/src/ibm/proxy.js
function proxyFor(host, env) {
  let variable = env.HTTPS_PROXY ? 'HTTPS_PROXY' : 'https_proxy'
  let url = env[variable]
  let exceptions = (env.NO_PROXY || env.no_proxy || '').toLowerCase().split(',')
  if (!url || exceptions.some(exception => matches(exception.trim(), host))) return
  return {
    variable,
    url: url.includes('://') ? url : `http://${url}`,
  }
}
function matches(exception, host) {
  if ('*' === exception) return true
  let name = exception.match(/^(?:\*(?=\.))?([^:]+)(?::(?:443)?)?$/)?.[1]
  if (void 0 === name) return false
  return name.startsWith('.') ? host.endsWith(name) : host === name || host.endsWith(`.${name}`)
}
function isUsable({ url }) {
  try {
    let { protocol, username, password } = new URL(url)
    decodeURIComponent(username + password)
    return ['http:', 'https:'].includes(protocol) && !/[/?#].*@|\s/s.test(url.slice(url.indexOf('://') + 3))
  } catch {
    return false
  }
}
// CONCATENATED MODULE: ./build/src/ibm/http.js
let MOST_BYTES = 1048576
let CONNECTING = {
  autoSelectFamilyAttemptTimeout: 2000,
}
let agents = new Map()
async function request(url, options) {
  let { method = 'GET', body, timeoutMs, direct = false } = options
  let headers = {
    'accept-encoding': 'identity',
    ...options.headers,
  }
  let isPlain = direct && `${url}`.startsWith('http:')
  let http = loadHttp(isPlain)
  let proxy = direct ? void 0 : proxyFor(new URL(url).hostname, process.env)
  if (void 0 !== proxy && !isUsable(proxy)) throw new Fault('proxy-url', proxy.variable)
  let signal = AbortSignal.timeout(timeoutMs)
  try {
    let agent = direct ? new http.Agent(CONNECTING) : agentFor(proxy && new URL(proxy.url).href)
    return await send(
      http,
      url,
      {
        agent,
        method,
        headers,
        signal,
      },
      body,
    )
  } catch (error) {
    throw signal.aborted ? new Fault('no-answer', 'connection timed out') : networkFault(error, proxy?.url)
  }
}
function loadHttp(isPlain = false) {
  return process.getBuiltinModule(isPlain ? 'node:http' : 'node:https')
}
function agentFor(proxy) {
  let kept = agents.get(proxy)
  if (void 0 !== kept) return kept
  let agent = new (loadHttp().Agent)({
    ...CONNECTING,
    keepAlive: true,
    proxyEnv: {
      HTTPS_PROXY: proxy,
    },
  })
  agents.set(proxy, agent)
  return agent
}
function send(http, url, options, body) {
  return new Promise((resolve, reject) => {
    let sent = http.request(url, options, response => {
      sent.off('close', noResponse)
      let chunks = []
      let bytes = 0
      response.on('data', chunk => {
        bytes += chunk.length
        if (bytes <= MOST_BYTES) chunks.push(chunk)
      })
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      )
      response.on('error', reject)
    })
    sent.on('error', error => {
      if (sent.reusedSocket && 'network' === networkFault(error).cause)
        resolve(send(http, url, options, body))
      else reject(error)
    })
    let noResponse = () => reject(new Error('Parse Error: no HTTP response'))
    sent.on('close', noResponse)
    options.signal?.addEventListener('abort', reject)
    sent.end(body)
  })
}
let CODES = new Map([
  ['ECONNRESET', 'network'],
  ['ECONNABORTED', 'network'],
  ['EPIPE', 'network'],
  ['EHOSTUNREACH', 'network'],
  ['ENETUNREACH', 'network'],
  ['ETIMEDOUT', 'no-answer'],
])
let SYSCALLS = new Map([
  ['getaddrinfo', 'no-such-host'],
  ['connect', 'network'],
])
let WRONG_VERSION = /:wrong version number:/
let http_MESSAGES = [
  [/SSL alert number/, 'network'],
  [WRONG_VERSION, 'no-challenge'],
  [/^Parse Error/, 'no-challenge'],
]
let CERTIFICATE = /CERT|UNABLE_TO_|CRL|INVALID_CA/
function networkFault(error, proxy) {
  let { code = '', syscall = '', message, errors, statusCode } = error
  if ('ERR_PROXY_TUNNEL' === code) return new Fault(407 === statusCode ? 'proxy-login' : 'proxy', message)
  let shortage = shortageFault(message || code)
  if (void 0 !== shortage) return shortage
  let faults = errors?.map(error => networkFault(error, proxy))
  let isProxys = proxy && (SYSCALLS.has(syscall) || (WRONG_VERSION.test(message) && /^https/i.test(proxy)))
  let cause =
    faults?.find(({ cause }) => 'unknown' !== cause)?.cause ??
    (isProxys ? 'proxy' : CODES.get(code)) ??
    SYSCALLS.get(syscall) ??
    http_MESSAGES.find(([pattern]) => pattern.test(message))?.[1] ??
    (CERTIFICATE.test(code) ? 'certificate' : 'unknown')
  return new Fault(cause, message?.trim() || faults?.map(({ output }) => output).join('; ') || code)
}
// CONCATENATED MODULE: ./build/node_modules/leven/index.js
let array = []
let characterCodeCache = []
function leven(first, second, options) {
  if (first === second) return 0
  let maxDistance = options?.maxDistance
  let swap = first
  if (first.length > second.length) {
    first = second
    second = swap
  }
  let firstLength = first.length
  let secondLength = second.length
  while (firstLength > 0 && first.charCodeAt(~-firstLength) === second.charCodeAt(~-secondLength)) {
    firstLength--
    secondLength--
  }
  let start = 0
  while (start < firstLength && first.charCodeAt(start) === second.charCodeAt(start)) start++
  firstLength -= start
  secondLength -= start
  if (void 0 !== maxDistance && secondLength - firstLength > maxDistance) return maxDistance
  if (0 === firstLength)
    return void 0 !== maxDistance && secondLength > maxDistance ? maxDistance : secondLength
  let bCharacterCode
  let result
  let temporary
  let temporary2
  let index = 0
  let index2 = 0
  while (index < firstLength) {
    characterCodeCache[index] = first.charCodeAt(start + index)
    array[index] = ++index
  }
  while (index2 < secondLength) {
    bCharacterCode = second.charCodeAt(start + index2)
    temporary = index2++
    result = index2
    for (index = 0; index < firstLength; index++) {
      temporary2 = bCharacterCode === characterCodeCache[index] ? temporary : temporary + 1
      temporary = array[index]
      result = array[index] =
        temporary > result
          ? temporary2 > result
            ? result + 1
            : temporary2
          : temporary2 > temporary
            ? temporary + 1
            : temporary2
    }
    if (void 0 !== maxDistance) {
      let rowMinimum = result
      for (index = 0; index < firstLength; index++) if (array[index] < rowMinimum) rowMinimum = array[index]
      if (rowMinimum > maxDistance) return maxDistance
    }
  }
  array.length = firstLength
  characterCodeCache.length = firstLength
  return void 0 !== maxDistance && result > maxDistance ? maxDistance : result
}
function closestMatch(target, candidates, options) {
  if (!Array.isArray(candidates) || 0 === candidates.length) return
  let userMax = options?.maxDistance
  let targetLength = target.length
  for (let candidate of candidates) if (candidate === target) return candidate
  if (0 === userMax) return
  let best
  let bestDist = 1 / 0
  let seen = new Set()
  for (let candidate of candidates) {
    if (seen.has(candidate)) continue
    seen.add(candidate)
    let lengthDiff = Math.abs(candidate.length - targetLength)
    if (lengthDiff >= bestDist) continue
    if (void 0 !== userMax && lengthDiff > userMax) continue
    let cap = Number.isFinite(bestDist)
      ? void 0 === userMax
        ? bestDist
        : Math.min(bestDist, userMax)
      : userMax
    let distance =
      void 0 === cap
        ? leven(target, candidate)
        : leven(target, candidate, {
            maxDistance: cap,
          })
    if (void 0 !== userMax && distance > userMax) continue
    let actualD = distance
    if (void 0 !== cap && distance === cap && cap === userMax) actualD = leven(target, candidate)
    if (actualD < bestDist) {
      bestDist = actualD
      best = candidate
      if (0 === bestDist) break
    }
  }
  if (void 0 !== userMax && bestDist > userMax) return
  return best
}
// CONCATENATED MODULE: ./build/src/quote-input.js
let MOST = 60
let LIKE_A_KEY = /[A-Za-z0-9_-]{40,}/
function quoteInput(value) {
  if ('' === value.trim()) return 'an empty value'
  let withoutIds = value.replace(/(?:Profile|ServiceId|ApiKey)-[0-9a-f-]{36}/gi, '')
  let length = [...value].length
  if (LIKE_A_KEY.test(withoutIds))
    return `a value of ${length} characters (not shown, because it looks like an API key)`
  let start = [...value].slice(0, MOST).join('')
  return length > MOST ? `${JSON.stringify(start)}… (${length} characters)` : JSON.stringify(value)
}
function quoteItem(item) {
  let isSeveral = /\S[\s;|+]\S/.test(item)
  return `${quoteInput(item)}${isSeveral ? ' (separate several values with commas or line breaks)' : ''}`
}
// CONCATENATED MODULE: ./build/src/user-error.js
class UserError extends Error {
  details
  constructor(message, details = '') {
    super(message)
    this.details = details
  }
}
class FileError extends UserError {
  file
  #what
  #fixes
  constructor(file, what, ...fixes) {
    super(`${what}.${advice(...fixes)}`)
    this.file = file
    this.#what = what
    this.#fixes = fixes
  }
  or(fix) {
    return new FileError(this.file, this.#what, ...this.#fixes, fix)
  }
}
function advice(...fixes) {
  let text = fixes.filter(Boolean).join(', or ')
  return text && ` ${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
// CONCATENATED MODULE: ./build/src/ibm/regions.js
let REGIONS = [
  {
    id: 'global',
    domain: 'icr.io',
  },
  {
    id: 'au-syd',
    formerly: 'ap-south',
    domain: 'au.icr.io',
  },
  {
    id: 'br-sao',
    domain: 'br.icr.io',
  },
  {
    id: 'ca-mon',
    domain: 'ca2.icr.io',
  },
  {
    id: 'ca-tor',
    domain: 'ca.icr.io',
  },
  {
    id: 'eu-de',
    formerly: 'eu-central',
    domain: 'de.icr.io',
  },
  {
    id: 'eu-es',
    domain: 'es.icr.io',
  },
  {
    id: 'eu-gb',
    formerly: 'uk-south',
    domain: 'uk.icr.io',
  },
  {
    id: 'in-che',
    domain: 'in.icr.io',
  },
  {
    id: 'in-mum',
    domain: 'in2.icr.io',
  },
  {
    id: 'jp-osa',
    domain: 'jp2.icr.io',
  },
  {
    id: 'jp-tok',
    formerly: 'ap-north',
    domain: 'jp.icr.io',
  },
  {
    id: 'us-south',
    domain: 'us.icr.io',
  },
]
let NOT_A_REGION = new Map(
  Object.entries({
    'us-east': 'has no registry. Use us-south or global',
    'us-east.icr.io': 'does not exist: us-east has no registry. Use us-south or global',
    eu: 'is ambiguous. Use eu-de (de.icr.io), eu-es (es.icr.io) or eu-gb (uk.icr.io)',
    'eu.icr.io': 'does not exist. Use eu-de (de.icr.io), eu-es (es.icr.io) or eu-gb (uk.icr.io)',
    private: 'is not a region. Use a private registry domain, such as private.us.icr.io',
    'cp.icr.io':
      "is IBM's entitled software registry, another product with other credentials (user name cp). This action logs in to IBM Cloud Container Registry",
    'stg.icr.io':
      "is IBM's staging registry, another product. This action logs in to IBM Cloud Container Registry",
  }),
)
let DOMAIN_OF = new Map(
  REGIONS.flatMap(({ id, formerly, domain }) => [
    [id, domain],
    ...(void 0 === formerly ? [] : [[formerly, domain]]),
  ]),
)
let KNOWN_DOMAINS = REGIONS.map(region => region.domain)
let NEAR = 1
let PRIVATE = 'private.'
let LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
let ICR_DOMAIN = new RegExp(`^(?:${LABEL}\\.){0,8}icr\\.io$`)
function isIcrDomain(host) {
  return ICR_DOMAIN.test(host)
}
function isPrivate(domain) {
  return domain.startsWith(PRIVATE)
}
function privateDomain(domain) {
  return PRIVATE + publicDomain(domain)
}
function publicDomain(domain) {
  return isPrivate(domain) ? domain.slice(PRIVATE.length) : domain
}
function regionOf(domain) {
  return REGIONS.find(region => region.domain === publicDomain(domain))?.id
}
function resolveRegion(text) {
  let name = text.trim().toLowerCase()
  let instead = NOT_A_REGION.get(name) ?? NOT_A_REGION.get(publicDomain(name))
  if (void 0 !== instead) throw new UserError(`region: ${quoteInput(text)} ${instead}.`)
  let domain = DOMAIN_OF.get(name)
  if (void 0 !== domain)
    return {
      domain,
    }
  if (isIcrDomain(name)) {
    if (void 0 !== regionOf(name))
      return {
        domain: name,
      }
    rejectRegionAsHost(name)
    let [prefix, rest] = /^private[.-]/.test(name) ? [PRIVATE, name.slice(PRIVATE.length)] : ['', name]
    let near = nearest(rest, KNOWN_DOMAINS, NEAR)
    let hint = void 0 === near ? '' : ` Did you mean ${prefix}${near}?`
    return {
      domain: name,
      warning: `region: ${name} is unknown to this release.${hint} Using it anyway.`,
    }
  }
  let names = [...DOMAIN_OF.keys()]
  let hint = name.length > 40 ? void 0 : (rewritten(name) ?? nearest(name, names, 3))
  throw new UserError(
    `region: ${quoteItem(text)} is not a region of IBM Cloud Container Registry.${void 0 === hint ? '' : ` Did you mean ${hint}?`} Accepted: ${REGIONS.map(region => region.id).join(', ')}; or a full registry domain, without https://, port or path, such as us.icr.io or private.us.icr.io.`,
  )
}
function rewritten(name) {
  let domain = name.replace(/^https?:\/\//, '').replace(/\.?(?:[:/].*)?$/, '')
  if (void 0 !== regionOf(domain)) return domain
  let region = DOMAIN_OF.get(name.match(/^private[ ._-](.+)$/)?.[1] ?? '')
  return void 0 === region ? regionOf(`${name}.icr.io`) : PRIVATE + region
}
function rejectRegionAsHost(name) {
  let labels = name.split('.')
  let region = labels.find(label => DOMAIN_OF.has(label))
  if (void 0 === region) return
  let isPrivate = labels.includes('private')
  let domain = `${isPrivate ? PRIVATE : ''}${DOMAIN_OF.get(region)}`
  throw new UserError(
    `region: ${quoteInput(name)} does not exist. Use ${isPrivate ? domain : `${region} or ${domain}`}.`,
  )
}
function nearest(name, known, maxDistance) {
  return closestMatch(name, known, {
    maxDistance,
  })
}
// CONCATENATED MODULE: ./build/src/ibm/registry.js
async function getToken(domain, credentials, scope, timeLeft) {
  let challenged = await ask(`https://${domain}/v2/`, timeLeft)
  let challenge = parseChallenge(challenged)
  if (challenge?.realm === void 0) {
    if (isRefusal(challenged)) throw faultOfAnswer(challenged)
    throw new Fault('no-challenge', `No authentication challenge at /v2/ (HTTP ${challenged.status})`)
  }
  let url = icrUrl(challenge.realm, `https://${domain}/v2/`)
  if (void 0 !== challenge.service) url.searchParams.set('service', challenge.service)
  url.searchParams.set('account', credentials.username)
  if (void 0 !== scope) url.searchParams.set('scope', scope)
  let answer = await ask(url, timeLeft, `Basic ${basicAuth(credentials)}`)
  let { token, access_token } = 200 === answer.status ? parseJson(answer.body) : {}
  let issued = token || access_token
  if ('string' == typeof issued && '' !== issued) return issued
  if (isRefusal(answer) || 400 === answer.status || 401 === answer.status) throw faultOfAnswer(answer)
  throw new Fault('no-challenge', `The token endpoint returned no token (HTTP ${answer.status})`)
}
function isRefusal({ status }) {
  return [403, 407, 408, 429].includes(status) || status >= 500
}
async function proveLogin(domain, credentials, timeLeft) {
  let token = await getToken(domain, credentials, void 0, timeLeft)
  let answer = await ask(`https://${domain}/v2/`, timeLeft, `Bearer ${token}`)
  if (200 !== answer.status) throw faultOfAnswer(answer)
}
function ask(url, timeLeft, authorization, method = 'GET') {
  let headers =
    void 0 === authorization
      ? {}
      : {
          authorization,
        }
  return request(url, {
    method,
    headers,
    timeoutMs: timeLeft(),
  })
}
let NOT_CANCELED = 'the empty upload could not be canceled; the registry discards it later'
async function checkPush(domain, repository, credentials, timeLeft) {
  let token = await getToken(domain, credentials, `repository:${repository}:pull,push`, timeLeft)
  let uploads = `https://${domain}/v2/${repository}/blobs/uploads/`
  let started = await ask(uploads, timeLeft, `Bearer ${token}`, 'POST')
  if (202 !== started.status) throw faultOfAnswer(started)
  let { location } = started.headers
  if ('string' != typeof location) return NOT_CANCELED
  let upload = icrUrl(location, uploads)
  let canceled = await ask(upload, timeLeft, `Bearer ${token}`, 'DELETE').then(
    ({ status }) => status,
    () => 0,
  )
  return 204 === canceled || 404 === canceled ? '' : NOT_CANCELED
}
async function checkPull(domain, repository, credentials, timeLeft) {
  let token = await getToken(domain, credentials, `repository:${repository}:pull`, timeLeft)
  let read = path1 => ask(`https://${domain}/v2/${repository}/${path1}`, timeLeft, `Bearer ${token}`)
  let tags = await read('tags/list?n=1')
  if (200 === tags.status) return ''
  if (404 === tags.status) return 'the repository does not exist yet'
  let isRefused = 401 === tags.status || 403 === tags.status
  let manifest = isRefused ? await read('manifests/latest') : tags
  if (200 === manifest.status || 404 === manifest.status) return ''
  throw faultOfAnswer(tags)
}
function icrUrl(location, base) {
  let url = URL.canParse(location, base) ? new URL(location, base) : void 0
  if (url?.protocol !== 'https:' || '' !== url.port || !isIcrDomain(url.hostname))
    throw new Fault('foreign-url', `The registry redirects to ${url?.origin ?? 'an invalid URL'}`)
  url.username = ''
  url.password = ''
  return url
}
function parseChallenge({ status, headers }) {
  let header = `${headers['www-authenticate'] ?? ''}`.match(/(?:^|,\s*)Bearer\s+(.*)$/i)?.[1]
  if (401 !== status || void 0 === header) return
  let parameters = header.matchAll(/([a-z_]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/gi)
  return Object.fromEntries(
    [...parameters]
      .reverse()
      .map(([, name, quoted, bare]) => [name?.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? bare]),
  )
}
// CONCATENATED MODULE: ./build/src/retry.js
let ATTEMPTS = 3
let ATTEMPT_MS = 45_000
let MOST_ASKED_MS = 30_000
async function retry(what, attempt, { deadline, say, stopped }) {
  for (let attempts = 1; ; attempts++) {
    let fault = await attempt().then(() => void 0, faultOf)
    if (void 0 === fault) return
    let pause = pauseAfter(attempts, fault, Math.random())
    let isLast = attempts === ATTEMPTS || stopped() || deadline.within(pause) < pause
    if (!fault.isTransient || isLast) return fault
    say(
      `${what} failed: ${lastLine(fault.output)}. Retrying in ${(pause / 1000).toFixed(1)} s (attempt ${attempts + 1} of ${ATTEMPTS}).`,
    )
    await (0, node_timers_promises.setTimeout)(pause)
  }
}
function faultOf(error) {
  let fault = error instanceof Fault ? error : shortageFault(refusalOfSystem(error) ?? '')
  if (void 0 !== fault) return fault
  throw error
}
function pauseAfter(attempts, { retryAfterMs }, chance) {
  let ours = 1000 * 3 ** (attempts - 1) * (0.5 + chance)
  return Math.round(Math.max(ours, Math.min(retryAfterMs, MOST_ASKED_MS)))
}
function lastLine(output) {
  return `${output.split(/[\r\n]/).at(-1)}`.slice(0, 200)
}
// CONCATENATED MODULE: ./build/src/checks.js
async function runChecks(checks, step) {
  let problems = []
  let stopped = () => problems.length > 0
  await Promise.all(
    checks.map(async (check, index) => {
      let what = `check-${check.access} of ${check.domain}/${check.repository}`
      let fault = await retry(what, () => attempt(check, what, step), {
        ...step,
        stopped,
      })
      if (void 0 !== fault)
        problems[index] = {
          ...check,
          fault,
        }
    }),
  )
  return Object.values(problems)
}
async function attempt({ access, domain, repository }, what, { credentials, deadline, say, notice }) {
  let ask = {
    push: checkPush,
    pull: checkPull,
  }[access]
  let remark = await ask(domain, repository, credentials, () => deadline.within(ATTEMPT_MS))
  if ('push' === access && '' !== remark) notice(`${what}: ${remark}`)
  say(`${what}: allowed${'' === remark ? '' : ` (${remark})`}`)
}
// CONCATENATED MODULE: ./build/src/clients/machine.js
function thisMachine() {
  return {
    env: process.env,
    platform: process.platform,
    isRoot: isRoot(process.env),
  }
}
let SYS_ADMIN = 2097152
function isRoot(env) {
  if (process.geteuid?.() !== 0 || env._CONTAINERS_USERNS_CONFIGURED) return false
  let effective = readText('/proc/self/status').match(/^CapEff:\s*(\w+)/m)?.[1]
  let isLinux = void 0 !== effective
  return !isLinux || (Number.parseInt(effective, 16) & SYS_ADMIN) !== 0
}
function home() {
  try {
    return (0, node_os.homedir)() || (0, node_os.userInfo)().homedir
  } catch {
    throw new UserError(
      'HOME is not set, and this user has no entry in /etc/passwd. Set HOME to a folder of this user.',
    )
  }
}
function isFolder(folder) {
  try {
    return (0, node_fs.statSync)(folder).isDirectory()
  } catch {
    return false
  }
}
function isFile(file) {
  try {
    return (0, node_fs.statSync)(file).isFile()
  } catch {
    return false
  }
}
function readText(file) {
  try {
    return isFile(file) ? (0, node_fs.readFileSync)(file, 'utf8') : ''
  } catch {
    return ''
  }
}
// CONCATENATED MODULE: ./build/src/deadline.js
function now() {
  return 1000 * process.uptime()
}
class Deadline {
  #end
  constructor(seconds) {
    this.#end = now() + 1000 * seconds
  }
  within(limitMs) {
    return Math.max(0, Math.floor(Math.min(limitMs, this.#end - now())))
  }
}
// CONCATENATED MODULE: ./build/src/ibm/iam.js
/* unused pure expression or super */ function iamHost(privately) {
  return privately ? 'private.iam.cloud.ibm.com' : 'iam.cloud.ibm.com'
}
function iam(privately, timeLeft) {
  return async (path1, form) => {
    let answer = await request(`https://${iamHost(privately)}${path1}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
      },
      body: new URLSearchParams(form).toString(),
      timeoutMs: timeLeft(),
    })
    return resultOf(answer)
  }
}
function resultOf(answer) {
  let json = parseJson(answer.body)
  let isTransient = 429 === answer.status || answer.status >= 500
  if (answer.status < 300 || (!isTransient && 'string' == typeof json.errorCode)) return json
  throw faultOfAnswer(answer)
}
let iam_CODES = new Map([
  ['BXNIM0415E', 'unknown-key'],
  ['BXNIM0430E', 'address-not-allowed'],
  ['BXNIM0398E', 'not-eligible'],
])
function refusalOf({ errorCode, errorMessage }) {
  if ('string' != typeof errorCode) return
  return {
    kind: iam_CODES.get(errorCode) ?? 'iam-refused',
    output: oneLine(`${errorCode} ${'string' == typeof errorMessage ? errorMessage : ''}`),
  }
}
function iamIdOf(token) {
  return plain(claimsOf(token).iam_id)
}
async function profilesOf(token, ask) {
  let { profiles } = await ask('/identity/profiles', {
    access_token: token,
  }).catch(emptyForFault)
  if (!Array.isArray(profiles)) return
  let ids = profiles.map(profile => plain(profile?.id))
  return ids.every(id => void 0 !== id) ? ids : void 0
}
function emptyForFault(error) {
  if (error instanceof Fault) return {}
  throw error
}
function plain(id) {
  return 'string' == typeof id && /^[\w@.-]{1,100}$/.test(id) ? id : void 0
}
// CONCATENATED MODULE: ./build/src/ibm/diagnosis.js
let TIMEOUT_MS = 5_000
async function diagnose(identity, privately, deadline) {
  let own = new Deadline(deadline.within(TIMEOUT_MS) / 1000)
  return diagnoseBy(
    iam(privately, () => own.within(TIMEOUT_MS)),
    identity,
  )
}
async function diagnoseBy(ask, identity) {
  let answer = await ask('/identity/token', keyGrant(identity)).catch(emptyForFault)
  let { access_token: token } = answer
  if ('string' != typeof token || '' === token) return refusalOf(answer)
  if (isUsers(iamIdOf(token)))
    return {
      kind: 'users-key',
      iamId: iamIdOf(token) ?? '',
    }
  return whoTrusts(identity.profileId, token, await profilesOf(token, ask))
}
function keyGrant({ apiKey }) {
  return {
    grant_type: 'urn:ibm:params:oauth:grant-type:apikey',
    apikey: apiKey,
  }
}
function isUsers(iamId) {
  return void 0 !== iamId && !iamId.startsWith('iam-ServiceId-')
}
function whoTrusts(profileId, token, trusting) {
  let iamId = iamIdOf(token)
  if (void 0 === trusting)
    return {
      kind: 'good-key',
      iamId,
    }
  return trusting.includes(profileId)
    ? {
        kind: 'trusted',
        iamId,
      }
    : {
        kind: 'untrusted',
        iamId,
        trusting,
      }
}
// CONCATENATED MODULE: ./build/src/ibm/metadata.js
let HOSTS = ['http://169.254.169.254', 'https://api.metadata.cloud.ibm.com']
let VERSION = 'version=2025-08-26'
let metadata_TIMEOUT_MS = 2_000
let LIFETIME = 300
async function tokenOfInstance(profileId, mask, timeLeft, lookedFor) {
  for (let host of HOSTS) {
    let own = await metadata_ask(
      `${host}/identity/v1/token?${VERSION}`,
      'PUT',
      {
        'metadata-flavor': 'ibm',
      },
      {
        expires_in: LIFETIME,
      },
      Math.min(metadata_TIMEOUT_MS, timeLeft()),
    ).catch(absentIfSilent)
    if (void 0 === own) continue
    let { access_token: token } = own
    if ('string' != typeof token)
      return {
        refused: refusalIn(own),
      }
    mask(token)
    let answer = await metadata_ask(
      `${host}/identity/v1/iam_tokens?${VERSION}`,
      'POST',
      {
        authorization: `Bearer ${token}`,
      },
      {
        trusted_profile: {
          id: profileId,
        },
      },
      timeLeft(),
    )
    if (void 0 === answer) throw new Fault('unknown', 'the metadata service returned no token')
    return 'string' == typeof answer.access_token
      ? {
          answer,
        }
      : {
          refused: refusalIn(answer),
        }
  }
  return {
    refused: {
      kind: 'no-compute-resource',
      output: [...lookedFor, ...HOSTS].join(', '),
    },
  }
}
function absentIfSilent(error) {
  if (!(error instanceof Fault) || void 0 !== error.status) throw error
}
async function metadata_ask(url, method, headers, body, timeoutMs) {
  let answer = await request(url, {
    method,
    headers: {
      ...headers,
      'content-type': 'application/json',
      accept: 'application/json',
    },
    body: JSON.stringify(body),
    timeoutMs,
    direct: true,
  })
  let json = parseJson(answer.body)
  let isIbms = 'string' == typeof json.access_token || void 0 !== codeIn(json)
  if (isIbms && (429 === answer.status || answer.status >= 500)) throw faultOfAnswer(answer)
  return isIbms ? json : void 0
}
function codeIn({ errors, trace }) {
  let code = Array.isArray(errors) ? errors[0]?.code : void 0
  return 'string' == typeof code && void 0 !== trace ? code : void 0
}
let KINDS = new Map([
  ['profile_not_linked', 'profile-not-linked'],
  ['unauthorized', 'metadata-off'],
])
function refusalIn(json) {
  let code = codeIn(json)
  let message = Array.isArray(json.errors) ? json.errors[0]?.message : void 0
  return {
    kind: KINDS.get(code) ?? 'token-not-issued',
    output: oneLine([code, message].filter(part => 'string' == typeof part).join(': ')),
  }
}
// CONCATENATED MODULE: ./build/src/ibm/tokens.js
async function tokenOfKey(identity, { ask, mask }) {
  let own = await ask('/identity/token', keyGrant(identity))
  let refusedKey = refusalOf(own)
  if (refusedKey)
    return {
      refused: refusedKey,
    }
  let { token } = tokenIn(own, mask)
  if (isUsers(iamIdOf(token)))
    return {
      refused: {
        kind: 'users-key',
        iamId: iamIdOf(token) ?? '',
      },
    }
  let assumed = await ask('/identity/token', {
    grant_type: 'urn:ibm:params:oauth:grant-type:assume',
    access_token: token,
    profile_id: identity.profileId,
  })
  let refused = refusalOf(assumed)
  if (void 0 === refused) return tokenIn(assumed, mask)
  if ('iam-refused' === refused.kind)
    return {
      refused: {
        ...refused,
        kind: 'token-not-issued',
      },
    }
  if ('not-eligible' !== refused.kind)
    return {
      refused,
    }
  let known = whoTrusts(identity.profileId, token, await profilesOf(token, ask))
  return {
    refused: 'untrusted' === known.kind ? known : refused,
  }
}
let PROJECTED_TOKENS = [
  '/var/run/secrets/tokens/vault-token',
  '/var/run/secrets/tokens/sa-token',
  '/var/run/secrets/codeengine.cloud.ibm.com/compute-resource-token/token',
]
async function tokenOfComputeResource({ profileId }, { ask, mask, timeLeft }) {
  let files = PROJECTED_TOKENS.map(read)
  let projected = files.find(({ text }) => '' !== text)?.text
  if (void 0 === projected) {
    let lookedFor = files.map(({ found }) => found)
    let found = await tokenOfInstance(profileId, mask, timeLeft, lookedFor)
    return 'refused' in found ? found : tokenIn(found.answer, mask)
  }
  mask(projected)
  let answer = await ask('/identity/token', {
    grant_type: 'urn:ibm:params:oauth:grant-type:cr-token',
    cr_token: projected,
    profile_id: profileId,
  })
  let refused = refusalOf(answer)
  if (!refused) return tokenIn(answer, mask)
  return {
    refused:
      'address-not-allowed' === refused.kind
        ? refused
        : {
            ...refused,
            kind: 'projected-token-refused',
          },
  }
}
function read(file) {
  try {
    return {
      text: (0, node_fs.readFileSync)(file, 'utf8').trim(),
      found: `${file} (empty)`,
    }
  } catch (error) {
    let { code } = error
    return {
      text: '',
      found: 'ENOENT' === code ? file : `${file} (${code})`,
    }
  }
}
let FIRST_MS = 1e12
let LAST_MS = 1e13
function tokenIn(answer, mask) {
  let { access_token: token, expiration, expires_at: expiresAt } = answer
  if ('string' != typeof token || '' === token) throw new Fault('unknown', 'the response contains no token')
  mask(token)
  let moments = [1000 * Number(expiration), Date.parse(`${expiresAt}`), 1000 * Number(claimsOf(token).exp)]
  let moment = moments.find(milliseconds => milliseconds > FIRST_MS && milliseconds < LAST_MS)
  return {
    token,
    expiresAt: void 0 === moment ? void 0 : new Date(moment),
  }
}
// CONCATENATED MODULE: ./build/src/report/explanations.js
let MOST_PROFILES = 3
let EXPLANATIONS = {
  'unknown-key': ({ diagnosis }) =>
    `IBM Cloud IAM does not know the API key (${outputOf(diagnosis)}): it was deleted, or api-key contains something else. IBM also deletes keys that it finds in public. Run "ibmcloud iam service-api-keys SERVICE_ID". If the key is not listed, create one with "ibmcloud iam service-api-key-create" and store its value as the secret.`,
  'address-not-allowed': ({ diagnosis }) =>
    `The IP address of this runner is not on the allow-list of the account or the service ID (${outputOf(diagnosis)}). The API key itself is not the problem. Use a runner with a fixed IP address and add it to the allow-list (in the console: Manage > Access (IAM) > Settings, or the service ID). The addresses of GitHub-hosted runners change.`,
  'iam-refused': ({ diagnosis }) =>
    `IBM Cloud IAM also rejected the API key: ${outputOf(diagnosis)}. Look up this code in IBM's documentation, or contact IBM Cloud support, before you create another key.`,
  'token-not-issued': ({ profileId, diagnosis }) =>
    `IBM Cloud did not issue an access token for the trusted profile ${profileId}: ${outputOf(diagnosis)}. Look up this code in IBM's documentation, or contact IBM Cloud support.`,
  'users-key': ({ diagnosis }) =>
    `The API key belongs to a user${whose(diagnosis)}. A trusted profile requires the API key of a service ID: create one with "ibmcloud iam service-api-key-create", and let the trusted profile trust that service ID.`,
  untrusted: ({ profileId, diagnosis }) => {
    let trusting = diagnosis?.kind === 'untrusted' ? diagnosis.trusting : []
    let serviceId = idOf(diagnosis)?.replace(/^iam-/, '') ?? 'SERVICE_ID'
    let named = trusting.slice(0, MOST_PROFILES).join(', ')
    let more = trusting.length > MOST_PROFILES ? ` and ${trusting.length - MOST_PROFILES} more` : ''
    let instead =
      0 === trusting.length
        ? 'No trusted profile trusts it.'
        : `Trusted profiles that trust it: ${named}${more}. To use one of them, set profile-id.`
    return (
      `The API key is valid, but the trusted profile ${profileId} does not trust its service ID${whose(diagnosis)}, or does not exist. ${instead} To add the trust:` +
      command(
        `ibmcloud iam trusted-profile-identity-create ${profileId} --id ${serviceId} --id-type SERVICEID`,
      )
    )
  },
  trusted: ({ profileId, diagnosis }) =>
    `The API key is valid and the trusted profile ${profileId} trusts its service ID${whose(diagnosis)}, but the registry still refused the login. Possible causes: an IP address allow-list of the account or the service ID, which blocks GitHub-hosted runners; a context-based restriction on the registry; an inactive account.`,
  'good-key': ({ profileId, diagnosis }) =>
    `The API key is valid${whose(diagnosis)}, but the registry refused it with the trusted profile ${profileId}, and IAM could not tell whether the profile trusts the service ID of the key. Check the ID of the profile and its trust relationship:` +
    command(`ibmcloud iam trusted-profile-identities ${profileId}`),
  refused: ({ profileId }) =>
    `The registry refused the credentials, and IAM could not tell why. Either the API key is deleted, disabled, expired or mistyped, or the trusted profile ${profileId} does not trust its service ID. Check "ibmcloud iam service-api-keys SERVICE_ID" and the trust relationship of the profile.`,
  'not-eligible': ({ profileId, diagnosis }) =>
    `IAM does not let this identity assume the trusted profile ${profileId} (${outputOf(diagnosis)}). Either the profile does not trust it, or the profile is in another account, which IAM's token exchange may not support. In that case, use auth-method: api-key.`,
  'iam-unreachable': ({ output, proxy }) =>
    `IBM Cloud IAM did not respond as expected (${output}).${viaProxy(proxy)} Allow this runner to connect to iam.cloud.ibm.com on port 443 (private.iam.cloud.ibm.com for private registry domains), or rerun the job later.`,
  'token-refused': ({ profileId }) =>
    `The registry refused an access token that IAM had just issued for the trusted profile ${profileId}. Possible causes: an IP address allow-list, a context-based restriction, an inactive account, or a registry that does not accept tokens of trusted profiles. In the last case, use auth-method: api-key.`,
  'projected-token-refused': ({ profileId, diagnosis }) =>
    `IAM rejected the token of this pod's service account for the trusted profile ${profileId} (${outputOf(diagnosis)}). The token must be projected with audience: iam and a lifetime of at most one hour, and the profile must trust the service account of the cluster in this namespace:` +
    command(`ibmcloud iam trusted-profile-links ${profileId}`),
  'no-compute-resource': ({ diagnosis }) =>
    `This runner has no identity of an IBM Cloud compute resource. Looked for: ${outputOf(diagnosis)}. On a VPC server, enable the metadata service; a job in a container with its own network needs a metadata hop limit above 1. In a cluster, project a service account token into the pod of the runner. Anywhere else, use auth-method: access-token or api-key.`,
  'metadata-off': ({ diagnosis }) =>
    `The metadata service of this VPC server is disabled (${outputOf(diagnosis)}). To enable it:` +
    command('ibmcloud is instance-update INSTANCE --metadata-service true'),
  'profile-not-linked': ({ profileId, diagnosis }) =>
    `The trusted profile ${profileId} is not linked to this VPC server (${outputOf(diagnosis)}). To link it:` +
    command(
      `ibmcloud iam trusted-profile-link-create ${profileId} --name LINK --cr-type VSI --link-crn INSTANCE_CRN`,
    ),
  'private-only': ({ domains }) =>
    `The account allows access only over the private network of IBM Cloud. Set region to ${domains.map(privateDomain).join(', ')}, on a self-hosted runner inside IBM Cloud. Private domains cannot be reached from anywhere else.`,
  denied: ({ profileId }) =>
    `Permission denied (403) for the trusted profile ${profileId}. Either a context-based restriction or an IP address allow-list of the account blocks this runner, or a firewall or a proxy does, or the profile has no policy for Container Registry.`,
  quota: ({ domains }) =>
    'The account has exceeded its quota in this region (on the free plan, 500 MB of storage and 5 GB of pull traffic a month). To see the quota:' +
    command(`ibmcloud cr region-set ${regionOf(domains[0] ?? '') ?? 'REGION'} && ibmcloud cr quota`) +
    '\nDelete images, or ask someone with the Manager role to raise the limit ("ibmcloud cr quota-set", "ibmcloud cr plan-upgrade"). Pulls through a private domain do not count.',
  throttled: () =>
    'Rate limit exceeded (429), even after several attempts. Run fewer jobs at the same time, or rerun the job later.',
  unavailable: () =>
    'Registry server error (5xx). The API key and the trusted profile are probably fine. See https://cloud.ibm.com/status, and rerun the job later.',
  'no-such-host': ({ proxy }) =>
    `The host name could not be resolved${void 0 === proxy ? '' : `, although a proxy is set (${proxy})`}. Check the DNS of this runner. Private domains can be resolved only inside IBM Cloud. Check the spelling of a domain that is given in full.`,
  certificate: ({ output }) =>
    `The TLS certificate of the server is not trusted on this machine (${output}). If it has expired or is not yet valid, check the clock of this machine. If a proxy of your company inspects TLS connections, install its CA certificate: in the trust store of the system or of the docker daemon for the clients, and with NODE_EXTRA_CA_CERTS for the requests of this action.`,
  killed: ({ output }) =>
    `The client did not finish (${output}). This happens when a machine runs out of memory. Free memory, or use a larger runner.`,
  shortage: ({ output }) =>
    `This machine ran out of ${output}. Free resources, raise the limit, run fewer jobs at the same time, or use a larger runner.`,
  'no-answer': ({ proxy }) =>
    `Connection timed out.${viaProxy(proxy)} A firewall that drops packets causes this: allow port 443 of the registry domain${void 0 === proxy ? '' : ', from the proxy too'}.`,
  network: ({ proxy }) =>
    `The connection was refused or reset.${viaProxy(proxy)} Possible causes: a firewall, a proxy, an IP address allow-list or a context-based restriction. Allow-lists block GitHub-hosted runners, whose addresses change.`,
  proxy: ({ proxy, domains, output }) =>
    `The proxy ${proxy ?? 'of this machine'} did not connect to the registry (${output}). Allow port 443 of ${domains.join(', ')} in the proxy, or add the domain to NO_PROXY. If the proxy itself uses no TLS, its URL must start with http://.`,
  'proxy-login': ({ proxy }) =>
    `The proxy ${proxy ?? 'of this machine'} requires a user name and a password. Add or correct them in HTTPS_PROXY, or allow the registry domains without a login.`,
  'proxy-url': ({ output }) =>
    `The requests of this action cannot use the proxy that ${output} names (value not shown). It must be an http:// or https:// URL without spaces or line breaks. Special characters in the user name and the password must be percent-encoded: # as %23, % as %25, / as %2F, @ as %40.`,
  'old-client': ({ output }) =>
    `The client is too old, or incompatible with its docker daemon (${output}). Update whichever is older, and do not set DOCKER_API_VERSION.`,
  'wrote-elsewhere': subject =>
    `The client reported success, but did not write its login to the file that it was given. It is probably a wrapper that resets the environment, as sudo does. The API key may now be stored where the client keeps its logins by default. ${logout(subject)}\nThen make the client itself available in PATH, or use client: none with credentials-file, which needs no client.`,
  'wrote-to-helper': subject =>
    `The client reported success, but did not write its login to the file that --authfile names. This happens when credential-helpers in registries.conf names a helper, which then stores the login. The API key may now be stored there. ${logout(subject)}\nThen remove the helper from credential-helpers for this runner, or use client: none with credentials-file, which needs no client.`,
  'no-user-namespace': () =>
    'Without root, or as root without CAP_SYS_ADMIN, the client needs a user namespace, which this machine does not allow. Use skopeo or docker, which need none, or client: none with credentials-file. Or allow it: for a container: job by options: --privileged, or --cap-add SYS_ADMIN --security-opt seccomp=unconfined.',
  daemon: ({ output }) =>
    `docker could not connect to its daemon (${output}). Start the daemon, or point DOCKER_HOST or the docker context to one that this user may use.`,
  'foreign-url': ({ output }) =>
    `${output}, which is not part of IBM Cloud Container Registry, so the credentials were not sent there. Something between this runner and the registry changes its responses.`,
  'no-challenge': ({ domains, output }) =>
    `The server at ${domains.join(', ')} is not a registry (${output}). A proxy, a mirror or a captive portal may respond in its place, or the domain does not belong to Container Registry.`,
  unknown: ({ output }) => `Unrecognized error: ${output.replace(/[.\s]+$/, '')}.`,
}
function outputOf(diagnosis) {
  return void 0 !== diagnosis && 'output' in diagnosis ? diagnosis.output.replace(/\.$/, '') : ''
}
function idOf(diagnosis) {
  return void 0 !== diagnosis && 'iamId' in diagnosis ? diagnosis.iamId : void 0
}
function whose(diagnosis) {
  let id = idOf(diagnosis)
  return void 0 === id ? '' : ` (${id})`
}
function command(text) {
  return `\n    ${text}`
}
function logout({ clients, domains }) {
  let commands = clients.flatMap(client => domains.map(domain => command(`${client} logout ${domain}`)))
  return `To remove it, run as the same user:${commands.join('')}`
}
function viaProxy(proxy) {
  return void 0 === proxy ? '' : ` The connection goes through the proxy ${proxy}.`
}
// CONCATENATED MODULE: ./build/src/clients/output.js
let output_status = number => new RegExp(`(?:status|HTTP)\\D{0,40}\\b${number}\\b`, 'i')
let CAUSES = [
  ['old-client', [/unknown flag: --/, /client version \S+ is too old/, /client version \S+ is too new/]],
  [
    'no-user-namespace',
    [
      /unshare\(CLONE_NEWUSER\)/,
      /cannot re-exec process/,
      /required for rootless mode/,
      /(?:^ERRO|level=error).*\bnew[ug]idmap: /m,
    ],
  ],
  [
    'daemon',
    [
      /docker daemon/i,
      /docker API at/,
      /docker endpoint/,
      /error during connect/,
      /supports the requested API version/,
      /\bca\.pem\b/,
      /no valid private key/,
    ],
  ],
  ['proxy-login', [/Proxy Authentication Required/, output_status(407)]],
  ['proxy', [/\bGet \S+: (?!EOF\b)[A-Z][^":\n]*"?$/m, /proxyconnect/]],
  ['throttled', [/toomanyrequests/, /too many requests/i, output_status(429)]],
  ['refused', [/\bunauthorized:/, /invalid username\/password/, output_status(400), output_status(401)]],
  ['denied', [/: denied:/, /access to the resource is denied/, output_status(403)]],
  ['unavailable', [output_status('5\\d\\d')]],
  [
    'no-challenge',
    [
      output_status(404),
      /HTTP response to HTTPS client/,
      /look like a TLS handshake/,
      /malformed (?:HTTP|MIME) /,
      /invalid byte in chunk length/,
      /decode token response: (?:invalid|json:|EOF)/,
      /not include a token/,
      /decoding bearer token/,
      /creds for \S+ invalid character/,
      /creds for \S+ unexpected end of JSON/,
    ],
  ],
  ['no-such-host', [/\blookup /]],
  ['certificate', [/x509:/]],
  ['no-answer', [/timeout/i, /timed out/, /deadline exceeded/, /did not properly respond/]],
  ['network', [/\bdial tcp /, /\bread tcp /, /\bwrite tcp /, /\bEOF\b/, /remote error: tls:/]],
]
function faultOfOutput(output) {
  let shortage = shortageFault(output)
  if (void 0 !== shortage) return shortage
  let [cause, words] = CAUSES.find(([, words]) => words.some(word => word.test(output))) ?? ['unknown', []]
  let seconds = Number(output.match(/retry.after\D{0,3}(\d+)/i)?.[1] ?? 0)
  return new Fault(causeOfMessage(output) ?? cause, output, {
    retryAfterMs: 1000 * seconds,
    line: withoutNoise(output).find(line => words.some(word => word.test(line))),
  })
}
function withoutNoise(output) {
  return output.split('\n').filter(line => !/level=(?:info|debug)/.test(line))
}
// CONCATENATED MODULE: ./build/src/report/parts.js
function readOn(topic, env) {
  let { GITHUB_ACTION_REPOSITORY, GITHUB_ACTION_REF } = env
  let page = `docs/troubleshooting.md#${topic}`
  if (!GITHUB_ACTION_REPOSITORY) return `See ${page}`
  return `See https://github.com/${GITHUB_ACTION_REPOSITORY}/blob/${GITHUB_ACTION_REF || 'HEAD'}/${page}`
}
function proxyOf(env, host) {
  return proxyFor(host, env)
    ?.url.replace(/(?:.*@|[^/:]*:\/\/)/s, '')
    .replace(/[\s/?#].*/s, '')
}
function lineOf(fault) {
  let lines = withoutNoise(fault?.output ?? '')
  return (fault?.line ?? lines.findLast(line => !/^\s*</.test(line)) ?? '').slice(0, 300)
}
// CONCATENATED MODULE: ./build/src/report/exchange.js
let OWN_TEXTS = new Set(['proxy-url', 'proxy-login', 'certificate', 'shortage'])
function explainExchange(fault, refused, { identity: { profileId }, domains, env }) {
  let topic = refused?.kind ?? (fault && OWN_TEXTS.has(fault.cause) ? fault.cause : 'iam-unreachable')
  let subject = {
    domains,
    clients: [],
    profileId,
    diagnosis: refused,
    proxy: proxyOf(env, iamHost(domains.some(isPrivate))),
    output: lineOf(fault),
  }
  let heading = `Could not get an access token for the trusted profile ${profileId}.`
  return new UserError(
    `${heading} ${EXPLANATIONS[topic](subject)}\n${readOn(topic, env)}`,
    fault?.output ?? '',
  )
}
// CONCATENATED MODULE: ./build/src/exchange.js
let REQUEST_MS = 15_000
async function obtainCredentials(step) {
  let { identity, domains, deadline, mask, say } = step
  if ('api-key' === identity.authMethod)
    return {
      credentials: credentialsOfKey(identity),
      expiresAt: void 0,
    }
  let timeLeft = () => deadline.within(REQUEST_MS)
  let ask = iam(domains.some(isPrivate), timeLeft)
  let exchange = {
    'access-token': tokenOfKey,
    'compute-resource': tokenOfComputeResource,
  }[identity.authMethod]
  let result
  let fault = await retry(
    'Access token request',
    async () => {
      result = await exchange(identity, {
        ask,
        mask,
        timeLeft,
      })
    },
    {
      deadline,
      say,
      stopped: () => false,
    },
  )
  if (void 0 === result || 'refused' in result) throw explainExchange(fault, result?.refused, step)
  let { token, expiresAt } = result
  say(
    `Got an access token for ${identity.profileId}${void 0 === expiresAt ? '' : `. It ${whenIn(expiresAt)}`}`,
  )
  return {
    credentials: credentialsOfToken(token),
    expiresAt,
  }
}
function whenIn(moment) {
  let minutes = Math.round((moment.getTime() - Date.now()) / 60_000)
  let distance =
    minutes < 0 ? 'which is past by the clock of this machine: check it' : `in ${minutes} minutes`
  return `expires at ${isoOf(moment)}, ${distance}`
}
function isoOf(moment) {
  return moment.toISOString().replace(/\.\d+Z$/, 'Z')
}
// CONCATENATED MODULE: ./build/node_modules/@actions/io/lib/io-util.js
var io_util_awaiter = function (thisArg, _arguments, P, generator) {
  function adopt(value) {
    return value instanceof P
      ? value
      : new P(function (resolve) {
          resolve(value)
        })
  }
  return new (P || (P = Promise))(function (resolve, reject) {
    function fulfilled(value) {
      try {
        step(generator.next(value))
      } catch (e) {
        reject(e)
      }
    }
    function rejected(value) {
      try {
        step(generator['throw'](value))
      } catch (e) {
        reject(e)
      }
    }
    function step(result) {
      result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected)
    }
    step((generator = generator.apply(thisArg, _arguments || [])).next())
  })
}
let {
  chmod,
  copyFile,
  lstat,
  mkdir,
  open: io_util_open,
  readdir,
  rename,
  rm,
  rmdir,
  stat,
  symlink,
  unlink,
} = node_fs.promises
let IS_WINDOWS = 'win32' === process.platform
node_fs.constants.O_RDONLY
function exists(fsPath) {
  return io_util_awaiter(this, void 0, void 0, function* () {
    try {
      yield stat(fsPath)
    } catch (err) {
      if ('ENOENT' === err.code) return false
      throw err
    }
    return true
  })
}
function isRooted(p) {
  p = normalizeSeparators(p)
  if (!p) throw new Error('isRooted() parameter "p" cannot be empty')
  if (IS_WINDOWS) return p.startsWith('\\') || /^[A-Z]:/i.test(p)
  return p.startsWith('/')
}
function tryGetExecutablePath(filePath, extensions) {
  return io_util_awaiter(this, void 0, void 0, function* () {
    let stats
    try {
      stats = yield stat(filePath)
    } catch (err) {
      if ('ENOENT' !== err.code)
        console.log(
          `Unexpected error attempting to determine if executable file exists '${filePath}': ${err}`,
        )
    }
    if (stats && stats.isFile()) {
      if (IS_WINDOWS) {
        let upperExt = node_path.extname(filePath).toUpperCase()
        if (extensions.some(validExt => validExt.toUpperCase() === upperExt)) return filePath
      } else if (isUnixExecutable(stats)) return filePath
    }
    let originalFilePath = filePath
    for (let extension of extensions) {
      filePath = originalFilePath + extension
      stats = void 0
      try {
        stats = yield stat(filePath)
      } catch (err) {
        if ('ENOENT' !== err.code)
          console.log(
            `Unexpected error attempting to determine if executable file exists '${filePath}': ${err}`,
          )
      }
      if (stats && stats.isFile()) {
        if (IS_WINDOWS) {
          try {
            let directory = node_path.dirname(filePath)
            let upperName = node_path.basename(filePath).toUpperCase()
            for (let actualName of yield readdir(directory))
              if (upperName === actualName.toUpperCase()) {
                filePath = node_path.join(directory, actualName)
                break
              }
          } catch (err) {
            console.log(
              `Unexpected error attempting to determine the actual case of the file '${filePath}': ${err}`,
            )
          }
          return filePath
        } else if (isUnixExecutable(stats)) return filePath
      }
    }
    return ''
  })
}
function normalizeSeparators(p) {
  p = p || ''
  if (IS_WINDOWS) {
    p = p.replace(/\//g, '\\')
    return p.replace(/\\\\+/g, '\\')
  }
  return p.replace(/\/\/+/g, '/')
}
function isUnixExecutable(stats) {
  return (
    (1 & stats.mode) > 0 ||
    ((8 & stats.mode) > 0 && void 0 !== process.getgid && stats.gid === process.getgid()) ||
    ((64 & stats.mode) > 0 && void 0 !== process.getuid && stats.uid === process.getuid())
  )
}
// CONCATENATED MODULE: ./build/node_modules/@actions/io/lib/io.js
var io_awaiter = function (thisArg, _arguments, P, generator) {
  function adopt(value) {
    return value instanceof P
      ? value
      : new P(function (resolve) {
          resolve(value)
        })
  }
  return new (P || (P = Promise))(function (resolve, reject) {
    function fulfilled(value) {
      try {
        step(generator.next(value))
      } catch (e) {
        reject(e)
      }
    }
    function rejected(value) {
      try {
        step(generator['throw'](value))
      } catch (e) {
        reject(e)
      }
    }
    function step(result) {
      result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected)
    }
    step((generator = generator.apply(thisArg, _arguments || [])).next())
  })
}
function which(tool, check) {
  return io_awaiter(this, void 0, void 0, function* () {
    if (!tool) throw new Error("parameter 'tool' is required")
    if (check) {
      let result = yield which(tool, false)
      if (!result)
        if (IS_WINDOWS)
          throw new Error(
            `Unable to locate executable file: ${tool}. Please verify either the file path exists or the file can be found within a directory specified by the PATH environment variable. Also verify the file has a valid extension for an executable file.`,
          )
        else
          throw new Error(
            `Unable to locate executable file: ${tool}. Please verify either the file path exists or the file can be found within a directory specified by the PATH environment variable. Also check the file mode to verify the file is executable.`,
          )
      return result
    }
    let matches = yield findInPath(tool)
    if (matches && matches.length > 0) return matches[0]
    return ''
  })
}
function findInPath(tool) {
  return io_awaiter(this, void 0, void 0, function* () {
    if (!tool) throw new Error("parameter 'tool' is required")
    let extensions = []
    if (IS_WINDOWS && process.env['PATHEXT']) {
      for (let extension of process.env['PATHEXT'].split(node_path.delimiter))
        if (extension) extensions.push(extension)
    }
    if (isRooted(tool)) {
      let filePath = yield tryGetExecutablePath(tool, extensions)
      if (filePath) return [filePath]
      return []
    }
    if (tool.includes(node_path.sep)) return []
    let directories = []
    if (process.env.PATH) {
      for (let p of process.env.PATH.split(node_path.delimiter)) if (p) directories.push(p)
    }
    let matches = []
    for (let directory of directories) {
      let filePath = yield tryGetExecutablePath(node_path.join(directory, tool), extensions)
      if (filePath) matches.push(filePath)
    }
    return matches
  })
}
// CONCATENATED MODULE: ./build/node_modules/@actions/exec/lib/toolrunner.js
var toolrunner_awaiter = function (thisArg, _arguments, P, generator) {
  function adopt(value) {
    return value instanceof P
      ? value
      : new P(function (resolve) {
          resolve(value)
        })
  }
  return new (P || (P = Promise))(function (resolve, reject) {
    function fulfilled(value) {
      try {
        step(generator.next(value))
      } catch (e) {
        reject(e)
      }
    }
    function rejected(value) {
      try {
        step(generator['throw'](value))
      } catch (e) {
        reject(e)
      }
    }
    function step(result) {
      result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected)
    }
    step((generator = generator.apply(thisArg, _arguments || [])).next())
  })
}
let toolrunner_IS_WINDOWS = 'win32' === process.platform
class ToolRunner extends node_events.EventEmitter {
  constructor(toolPath, args, options) {
    super()
    if (!toolPath) throw new Error("Parameter 'toolPath' cannot be null or empty.")
    this.toolPath = toolPath
    this.args = args || []
    this.options = options || {}
  }
  _debug(message) {
    if (this.options.listeners && this.options.listeners.debug) this.options.listeners.debug(message)
  }
  _getCommandString(options, noPrefix) {
    let toolPath = this._getSpawnFileName()
    let args = this._getSpawnArgs(options)
    let cmd = noPrefix ? '' : '[command]'
    if (toolrunner_IS_WINDOWS)
      if (this._isCmdFile()) {
        cmd += toolPath
        for (let a of args) cmd += ` ${a}`
      } else if (options.windowsVerbatimArguments) {
        cmd += `"${toolPath}"`
        for (let a of args) cmd += ` ${a}`
      } else {
        cmd += this._windowsQuoteCmdArg(toolPath)
        for (let a of args) cmd += ` ${this._windowsQuoteCmdArg(a)}`
      }
    else {
      cmd += toolPath
      for (let a of args) cmd += ` ${a}`
    }
    return cmd
  }
  _processLineBuffer(data, strBuffer, onLine) {
    try {
      let s = strBuffer + data.toString()
      let n = s.indexOf(node_os.EOL)
      while (n > -1) {
        let line = s.substring(0, n)
        onLine(line)
        s = s.substring(n + node_os.EOL.length)
        n = s.indexOf(node_os.EOL)
      }
      return s
    } catch (err) {
      this._debug(`error processing line. Failed with error ${err}`)
      return ''
    }
  }
  _getSpawnFileName() {
    if (toolrunner_IS_WINDOWS) {
      if (this._isCmdFile()) return process.env['COMSPEC'] || 'cmd.exe'
    }
    return this.toolPath
  }
  _getSpawnArgs(options) {
    if (toolrunner_IS_WINDOWS) {
      if (this._isCmdFile()) {
        let argline = `/D /S /C "${this._windowsQuoteCmdArg(this.toolPath)}`
        for (let a of this.args) {
          argline += ' '
          argline += options.windowsVerbatimArguments ? a : this._windowsQuoteCmdArg(a)
        }
        argline += '"'
        return [argline]
      }
    }
    return this.args
  }
  _endsWith(str, end) {
    return str.endsWith(end)
  }
  _isCmdFile() {
    let upperToolPath = this.toolPath.toUpperCase()
    return this._endsWith(upperToolPath, '.CMD') || this._endsWith(upperToolPath, '.BAT')
  }
  _windowsQuoteCmdArg(arg) {
    if (!this._isCmdFile()) return this._uvQuoteCmdArg(arg)
    if (!arg) return '""'
    let cmdSpecialChars = [
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
      '"',
    ]
    let needsQuotes = false
    for (let char of arg)
      if (cmdSpecialChars.some(x => x === char)) {
        needsQuotes = true
        break
      }
    if (!needsQuotes) return arg
    let reverse = '"'
    let quoteHit = true
    for (let i = arg.length; i > 0; i--) {
      reverse += arg[i - 1]
      if (quoteHit && '\\' === arg[i - 1]) reverse += '\\'
      else if ('"' === arg[i - 1]) {
        quoteHit = true
        reverse += '"'
      } else quoteHit = false
    }
    reverse += '"'
    return reverse.split('').reverse().join('')
  }
  _uvQuoteCmdArg(arg) {
    if (!arg) return '""'
    if (!arg.includes(' ') && !arg.includes('\t') && !arg.includes('"')) return arg
    if (!arg.includes('"') && !arg.includes('\\')) return `"${arg}"`
    let reverse = '"'
    let quoteHit = true
    for (let i = arg.length; i > 0; i--) {
      reverse += arg[i - 1]
      if (quoteHit && '\\' === arg[i - 1]) reverse += '\\'
      else if ('"' === arg[i - 1]) {
        quoteHit = true
        reverse += '\\'
      } else quoteHit = false
    }
    reverse += '"'
    return reverse.split('').reverse().join('')
  }
  _cloneExecOptions(options) {
    options = options || {}
    let result = {
      cwd: options.cwd || process.cwd(),
      env: options.env || process.env,
      silent: options.silent || false,
      windowsVerbatimArguments: options.windowsVerbatimArguments || false,
      failOnStdErr: options.failOnStdErr || false,
      ignoreReturnCode: options.ignoreReturnCode || false,
      delay: options.delay || 10000,
    }
    result.outStream = options.outStream || process.stdout
    result.errStream = options.errStream || process.stderr
    return result
  }
  _getSpawnOptions(options, toolPath) {
    options = options || {}
    let result = {}
    result.cwd = options.cwd
    result.env = options.env
    result['windowsVerbatimArguments'] = options.windowsVerbatimArguments || this._isCmdFile()
    if (options.windowsVerbatimArguments) result.argv0 = `"${toolPath}"`
    return result
  }
  exec() {
    return toolrunner_awaiter(this, void 0, void 0, function* () {
      if (
        !isRooted(this.toolPath) &&
        (this.toolPath.includes('/') || (toolrunner_IS_WINDOWS && this.toolPath.includes('\\')))
      )
        this.toolPath = node_path.resolve(process.cwd(), this.options.cwd || process.cwd(), this.toolPath)
      this.toolPath = yield which(this.toolPath, true)
      return new Promise((resolve, reject) =>
        toolrunner_awaiter(this, void 0, void 0, function* () {
          this._debug(`exec tool: ${this.toolPath}`)
          this._debug('arguments:')
          for (let arg of this.args) this._debug(`   ${arg}`)
          let optionsNonNull = this._cloneExecOptions(this.options)
          if (!optionsNonNull.silent && optionsNonNull.outStream)
            optionsNonNull.outStream.write(this._getCommandString(optionsNonNull) + node_os.EOL)
          let state = new ExecState(optionsNonNull, this.toolPath)
          state.on('debug', message => {
            this._debug(message)
          })
          if (this.options.cwd && !(yield exists(this.options.cwd)))
            return reject(new Error(`The cwd: ${this.options.cwd} does not exist!`))
          let fileName = this._getSpawnFileName()
          let cp = process
            .getBuiltinModule('node:child_process')
            .spawn(
              fileName,
              this._getSpawnArgs(optionsNonNull),
              this._getSpawnOptions(this.options, fileName),
            )
          let stdbuffer = ''
          if (cp.stdout)
            cp.stdout.on('data', data => {
              if (this.options.listeners && this.options.listeners.stdout) this.options.listeners.stdout(data)
              if (!optionsNonNull.silent && optionsNonNull.outStream) optionsNonNull.outStream.write(data)
              stdbuffer = this._processLineBuffer(data, stdbuffer, line => {
                if (this.options.listeners && this.options.listeners.stdline)
                  this.options.listeners.stdline(line)
              })
            })
          let errbuffer = ''
          if (cp.stderr)
            cp.stderr.on('data', data => {
              state.processStderr = true
              if (this.options.listeners && this.options.listeners.stderr) this.options.listeners.stderr(data)
              if (!optionsNonNull.silent && optionsNonNull.errStream && optionsNonNull.outStream) {
                let s = optionsNonNull.failOnStdErr ? optionsNonNull.errStream : optionsNonNull.outStream
                s.write(data)
              }
              errbuffer = this._processLineBuffer(data, errbuffer, line => {
                if (this.options.listeners && this.options.listeners.errline)
                  this.options.listeners.errline(line)
              })
            })
          cp.on('error', err => {
            state.processError = err.message
            state.processExited = true
            state.processClosed = true
            state.CheckComplete()
          })
          cp.on('exit', code => {
            state.processExitCode = code
            state.processExited = true
            this._debug(`Exit code ${code} received from tool '${this.toolPath}'`)
            state.CheckComplete()
          })
          cp.on('close', code => {
            state.processExitCode = code
            state.processExited = true
            state.processClosed = true
            this._debug(`STDIO streams have closed for tool '${this.toolPath}'`)
            state.CheckComplete()
          })
          state.on('done', (error, exitCode) => {
            if (stdbuffer.length > 0) this.emit('stdline', stdbuffer)
            if (errbuffer.length > 0) this.emit('errline', errbuffer)
            cp.removeAllListeners()
            if (error) reject(error)
            else resolve(exitCode)
          })
          if (this.options.input) {
            if (!cp.stdin) throw new Error('child process missing stdin')
            cp.stdin.end(this.options.input)
          }
        }),
      )
    })
  }
}
function argStringToArray(argString) {
  let args = []
  let inQuotes = false
  let escaped = false
  let arg = ''
  function append(c) {
    if (escaped && '"' !== c) arg += '\\'
    arg += c
    escaped = false
  }
  for (let i = 0; i < argString.length; i++) {
    let c = argString.charAt(i)
    if ('"' === c) {
      if (escaped) append(c)
      else inQuotes = !inQuotes
      continue
    }
    if ('\\' === c && escaped) {
      append(c)
      continue
    }
    if ('\\' === c && inQuotes) {
      escaped = true
      continue
    }
    if (' ' === c && !inQuotes) {
      if (arg.length > 0) {
        args.push(arg)
        arg = ''
      }
      continue
    }
    append(c)
  }
  if (arg.length > 0) args.push(arg.trim())
  return args
}
class ExecState extends node_events.EventEmitter {
  constructor(options, toolPath) {
    super()
    this.processClosed = false
    this.processError = ''
    this.processExitCode = 0
    this.processExited = false
    this.processStderr = false
    this.delay = 10000
    this.done = false
    this.timeout = null
    if (!toolPath) throw new Error('toolPath must not be empty')
    this.options = options
    this.toolPath = toolPath
    if (options.delay) this.delay = options.delay
  }
  CheckComplete() {
    if (this.done) return
    if (this.processClosed) this._setResult()
    else if (this.processExited)
      this.timeout = (0, node_timers.setTimeout)(ExecState.HandleTimeout, this.delay, this)
  }
  _debug(message) {
    this.emit('debug', message)
  }
  _setResult() {
    let error
    if (this.processExited)
      if (this.processError)
        error = new Error(
          `There was an error when attempting to execute the process '${this.toolPath}'. This may indicate the process failed to start. Error: ${this.processError}`,
        )
      else if (0 === this.processExitCode || this.options.ignoreReturnCode) {
        if (this.processStderr && this.options.failOnStdErr)
          error = new Error(
            `The process '${this.toolPath}' failed because one or more lines were written to the STDERR stream`,
          )
      } else error = new Error(`The process '${this.toolPath}' failed with exit code ${this.processExitCode}`)
    if (this.timeout) {
      clearTimeout(this.timeout)
      this.timeout = null
    }
    this.done = true
    this.emit('done', error, this.processExitCode)
  }
  static HandleTimeout(state) {
    if (state.done) return
    if (!state.processClosed && state.processExited) {
      let message = `The STDIO streams did not close within ${state.delay / 1000} seconds of the exit event from process '${state.toolPath}'. This may indicate a child process inherited the STDIO streams and has not yet exited.`
      state._debug(message)
    }
    state._setResult()
  }
}
// CONCATENATED MODULE: ./build/node_modules/@actions/exec/lib/exec.js
var exec_awaiter = function (thisArg, _arguments, P, generator) {
  function adopt(value) {
    return value instanceof P
      ? value
      : new P(function (resolve) {
          resolve(value)
        })
  }
  return new (P || (P = Promise))(function (resolve, reject) {
    function fulfilled(value) {
      try {
        step(generator.next(value))
      } catch (e) {
        reject(e)
      }
    }
    function rejected(value) {
      try {
        step(generator['throw'](value))
      } catch (e) {
        reject(e)
      }
    }
    function step(result) {
      result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected)
    }
    step((generator = generator.apply(thisArg, _arguments || [])).next())
  })
}
function exec(commandLine, args, options) {
  return exec_awaiter(this, void 0, void 0, function* () {
    let commandArgs = argStringToArray(commandLine)
    if (0 === commandArgs.length) throw new Error("Parameter 'commandLine' cannot be null or empty.")
    let toolPath = commandArgs[0]
    args = commandArgs.slice(1).concat(args || [])
    let runner = new ToolRunner(toolPath, args, options)
    return runner.exec()
  })
}
// CONCATENATED MODULE: ./build/src/find-program.js
let endings = () => ('win32' === process.platform ? list(process.env.PATHEXT || '.COM;.EXE;.BAT;.CMD') : [''])
function findProgram(name) {
  return list(process.env.PATH ?? '')
    .flatMap(folder => endings().map(ending => node_path.join(folder, `${name}${ending}`)))
    .find(isProgram)
}
function list(text) {
  return text.split(node_path.delimiter).filter(item => '' !== item)
}
function isProgram(file) {
  try {
    ;(0, node_fs.accessSync)(file, node_fs.constants.X_OK)
    return (0, node_fs.statSync)(file).isFile()
  } catch {
    return false
  }
}
// CONCATENATED MODULE: ./build/src/run.js
let run_MOST_BYTES = 65536
let running = new Set()
let started = new node_async_hooks.AsyncLocalStorage()
;(0, node_diagnostics_channel.subscribe)('child_process', message => started.getStore()?.(message.process))
let OUTPUT_AFTER_END_MS = 500
let first = Promise.withResolvers()
let aProgramRuns = first.promise
let NOT_FOUND = {
  exitCode: void 0,
  stdout: '',
  stderr: 'not found in PATH',
  timedOut: false,
  signal: void 0,
}
async function run(program, args, { env, input, timeoutMs }) {
  let file = findProgram(program)
  if (void 0 === file) return NOT_FOUND
  let [stdout, stderr] = [new Output(), new Output()]
  let child
  let timedOut = false
  let signal
  let timer = setTimeout(() => {
    timedOut = true
    child?.kill('SIGKILL')
  }, timeoutMs)
  let onStart = process1 => {
    child = process1
    running.add(process1)
    first.resolve()
    tellOfAllFailures(process1)
    process1.once('exit', (_exitCode, by) => {
      signal = by ?? void 0
    })
    process1.once('spawn', () => {
      process1.stdin?.on('error', () => {})
      if (timedOut) process1.kill('SIGKILL')
    })
  }
  try {
    let exitCode = await started.run(onStart, () =>
      exec(`"${file}"`, args, {
        env,
        input: Buffer.from(input),
        silent: true,
        ignoreReturnCode: true,
        delay: OUTPUT_AFTER_END_MS,
        listeners: {
          stdout: data => stdout.add(data),
          stderr: data => stderr.add(data),
        },
      }),
    )
    return {
      exitCode: exitCode ?? void 0,
      stdout: stdout.text,
      stderr: stderr.text,
      timedOut,
      signal,
    }
  } catch (error) {
    return {
      exitCode: void 0,
      stdout: stdout.text,
      stderr: error.message,
      timedOut,
      signal,
    }
  } finally {
    clearTimeout(timer)
    if (void 0 !== child) forget(child)
  }
}
function tellOfAllFailures(child) {
  let { spawn } = child
  child.spawn = options => {
    try {
      return Reflect.apply(spawn, child, [options])
    } catch (error) {
      return process.nextTick(() => child.emit('error', error))
    } finally {
      child.stdin ??= new node_stream.PassThrough()
    }
  }
}
function forget(child) {
  running.delete(child)
  child.stdout?.destroy()
  child.stderr?.destroy()
}
function killAll() {
  for (let child of running) child.kill('SIGKILL')
}
class Output {
  #kept = Buffer.alloc(0)
  add(data) {
    this.#kept = Buffer.concat([this.#kept, data]).subarray(-run_MOST_BYTES)
  }
  get text() {
    return this.#kept.toString()
  }
}
// CONCATENATED MODULE: ./build/src/clients/program.js
async function logInWith(program, { domain, credentials, makeFolder, env, timeLeft }, scratch, elsewhere) {
  let folder = makeFolder()
  let file = node_path.join(folder, 'auth.json')
  ;(0, node_fs.writeFileSync)(
    file,
    JSON.stringify({
      auths: {
        [domain]: PLACEHOLDER,
      },
    }),
    {
      mode: 0o600,
    },
  )
  let own = scratch(folder, domain, env)
  let ended = await run(
    program,
    ['login', '--username', credentials.username, '--password-stdin', ...own.args, domain],
    {
      env: {
        ...env,
        ...own.env,
      },
      input: credentials.password,
      timeoutMs: timeLeft(),
    },
  )
  if (ended.timedOut) throw new Fault('no-answer', 'timed out')
  if (void 0 !== ended.signal) throw new Fault('killed', `${program} was terminated by ${ended.signal}`)
  if (0 !== ended.exitCode)
    throw faultOfOutput(`${ended.stdout}\n${ended.stderr}`.trim() || `exit code ${ended.exitCode}`)
  if (!wroteLogin(folder, domain))
    throw new Fault(elsewhere, `${program} did not write a login for ${domain} to the file that it was given`)
}
let PLACEHOLDER = {
  auth: 'LTo=',
}
function wroteLogin(folder, domain) {
  return ['config.json', 'auth.json'].some(name => {
    let { auths } = parseJson(readText(node_path.join(folder, name)))
    let entry = Object(Object(auths)[domain])
    return Object.keys(entry).length > 0 && entry.auth !== PLACEHOLDER.auth
  })
}
// CONCATENATED MODULE: ./build/src/clients/settings.js
let FIELDS = ['auths', 'credHelpers', 'credsStore', 'currentContext', 'HttpHeaders']
let ENTRY_FIELDS = [
  'auth',
  'email',
  'identitytoken',
  'password',
  'registrytoken',
  'serveraddress',
  'username',
]
function parseSettings(text) {
  if (!isObject(parseValue(text))) return
  return decode(text, FIELDS, (name, value) =>
    'auths' === name ? decode(value, [], decodeEntry) : JSON.parse(value),
  )
}
function decodeEntry(_host, text) {
  return decode(text, ENTRY_FIELDS, (_name, value) => JSON.parse(value))
}
function decode(text, fields, valueFrom) {
  let whole = JSON.parse(text)
  if (!isObject(whole)) return whole
  let decoded = new Map()
  for (let { name: written, value: valueText } of membersOf(text)) {
    let field = fields.find(field => new RegExp(`^${field}$`, 'iu').test(written))
    let name = field ?? written
    let value = valueFrom(name, valueText)
    let earlier = field && decoded.get(field)
    if (isObject(earlier) && isObject(value))
      decoded.set(name, {
        ...earlier,
        ...value,
      })
    else if (null !== value || 'string' != typeof earlier) decoded.set(name, value)
  }
  return Object.fromEntries(decoded)
}
function membersOf(text) {
  let members = []
  let depth = 0
  let valueStart = 0
  let name
  for (let token of text.matchAll(/"(?:[^"\\]+|\\.)*"|[{}[\]]|[^\s{}[\]:,"]+/g)) {
    let { 0: sign, index } = token
    let end = index + sign.length
    if ('}' === sign || ']' === sign) depth--
    else if (1 === depth) valueStart = index
    if ('{' === sign || '[' === sign) depth++
    else if (1 === depth) {
      let value = text.slice(valueStart, end)
      if (name)
        members.push({
          name: JSON.parse(name[0]),
          value,
          start: name.index,
          end,
        })
      name = name ? void 0 : token
    }
  }
  return members
}
function areTexts(entry, names) {
  return names.every(name => 'string' == typeof (entry[name] ?? ''))
}
function malformed({ auths, ...settings }, family) {
  let entries = Object.entries(auths ?? {}).filter(([, entry]) => entry && !family.canRead(entry))
  let others = Object.entries(settings).filter(
    ([name, value]) => null !== value && !family.canReadSetting(name, value),
  )
  return {
    hosts: entries.map(([host]) => host),
    settings: others.map(([name]) => name),
  }
}
function isObject(value) {
  return 'object' == typeof value && null !== value && !Array.isArray(value)
}
// CONCATENATED MODULE: ./build/src/clients/docker.js
function dockerFolder(env) {
  return env.DOCKER_CONFIG || node_path.join(home(), '.docker')
}
function dockerConfigFile({ env }) {
  return node_path.join(dockerFolder(env), 'config.json')
}
let DOCKER_FAMILY = {
  variable: 'DOCKER_CONFIG',
  jobFile: folder => ({
    file: node_path.join(folder, 'docker', 'config.json'),
    value: node_path.join(folder, 'docker'),
  }),
  prepare: (file, { env }) => {
    ;(0, node_fs.mkdirSync)(node_path.dirname(file), {
      recursive: true,
      mode: 0o700,
    })
    return linkDockerFolder(dockerFolder(env), node_path.dirname(file))
  },
  hasSettings: true,
  searched: machine => [dockerConfigFile(machine)],
  helperFor: ({ credHelpers, credsStore }, domain) =>
    (credHelpers && Object.hasOwn(credHelpers, domain) ? credHelpers[domain] : credsStore) || void 0,
  canRead: entry => areTexts(entry, ENTRY_FIELDS) && isPair(`${entry.auth ?? ''}`),
  canReadSetting: (name, value) => {
    let known = Object.keys(SETTINGS).find(known => known.toLowerCase() === name.toLowerCase())
    return void 0 === known || isShape(SETTINGS[known], value)
  },
  keychain: ({ credsStore }) => credsStore || void 0,
  precedence: (_config, _file, domains, env) => {
    let hosts = Object.keys(authsOf(env.DOCKER_AUTH_CONFIG)).filter(host => domains.includes(host))
    if (0 === hosts.length) return []
    return [
      `DOCKER_AUTH_CONFIG contains a login for ${hosts.join(', ')}, which takes precedence over this login in docker 28.3 and later.`,
    ]
  },
}
let TEXTS = {
  of: 'text',
}
let SETTINGS = {
  HttpHeaders: TEXTS,
  psFormat: 'text',
  imagesFormat: 'text',
  networksFormat: 'text',
  pluginsFormat: 'text',
  volumesFormat: 'text',
  statsFormat: 'text',
  detachKeys: 'text',
  serviceInspectFormat: 'text',
  servicesFormat: 'text',
  tasksFormat: 'text',
  secretFormat: 'text',
  configFormat: 'text',
  nodesFormat: 'text',
  pruneFilters: ['text'],
  proxies: {
    of: TEXTS,
  },
  experimental: 'text',
  currentContext: 'text',
  cliPluginsExtraDirs: ['text'],
  plugins: {
    of: TEXTS,
  },
  aliases: TEXTS,
  features: TEXTS,
}
function isShape(shape, value) {
  if (null === value) return true
  if ('text' === shape) return 'string' == typeof value
  if (Array.isArray(shape)) return Array.isArray(value) && value.every(item => isShape(shape[0], item))
  return isObject(value) && Object.values(value).every(item => isShape(shape?.of, item))
}
function isPair(auth) {
  let text = auth.replace(/[\r\n]/g, '')
  let isBase64 = /^(?:[a-z\d+/]{4})*(?:[a-z\d+/]{2}==|[a-z\d+/]{3}=)?$/i.test(text)
  return '' === auth || (isBase64 && Buffer.from(text, 'base64').indexOf(':') > 0)
}
function authsOf(text = '') {
  return Object(parseSettings(text)?.auths)
}
let DOCKER = {
  program: 'docker',
  install:
    "preinstalled on GitHub's Ubuntu and Windows Server runners; elsewhere see https://docs.docker.com/engine/install",
  hidesMessages: false,
  logIn: attempt => logInWith('docker', attempt, scratch, 'wrote-elsewhere'),
  family: DOCKER_FAMILY,
  store: dockerConfigFile,
}
function scratch(folder, domain, env) {
  let real = dockerFolder(env)
  let { currentContext, HttpHeaders } = parseSettings(readText(node_path.join(real, 'config.json'))) ?? {}
  let settings = {
    auths: {
      [domain]: {},
    },
    currentContext,
    HttpHeaders,
  }
  linkDockerFolder(real, folder)
  ;(0, node_fs.writeFileSync)(node_path.join(folder, 'config.json'), JSON.stringify(settings), {
    mode: 0o600,
  })
  let authFile = node_path.join(folder, 'auth.json')
  return {
    args: [],
    env: {
      DOCKER_CONFIG: folder,
      REGISTRY_AUTH_FILE: authFile,
    },
  }
}
function linkDockerFolder(from, to) {
  let items = docker_list(from).filter(name => !/^\.?config\.json/i.test(name))
  return items.filter(name => !isReachable(node_path.resolve(from, name), node_path.join(to, name)))
}
function isReachable(item, link) {
  try {
    if ('win32' === process.platform && isFile(item)) (0, node_fs.copyFileSync)(item, link)
    else (0, node_fs.symlinkSync)(item, link, 'junction')
    return true
  } catch {
    return (isFile(item) || 'contexts' === node_path.basename(item)) && copy(item, link)
  }
}
function copy(item, to) {
  try {
    if (isFile(item)) (0, node_fs.copyFileSync)(item, to)
    else
      (0, node_fs.mkdirSync)(to, {
        mode: 0o700,
      })
    return docker_list(item).every(name => copy(node_path.join(item, name), node_path.join(to, name)))
  } catch {
    return false
  }
}
function docker_list(folder) {
  try {
    return (0, node_fs.readdirSync)(folder)
  } catch {
    return []
  }
}
// CONCATENATED MODULE: ./build/src/clients/containers.js
let NAMESPACE = /^\/[^/]{4,30}(?:\/[^/]+)*$/
let CONTAINERS_FAMILY = {
  variable: 'REGISTRY_AUTH_FILE',
  jobFile: folder => ({
    file: node_path.join(folder, 'auth.json'),
    value: node_path.join(folder, 'auth.json'),
  }),
  prepare: () => [],
  hasSettings: false,
  searched: machine => {
    let configHome = machine.env.XDG_CONFIG_HOME || node_path.join(home(), '.config')
    let files = [
      machine.env.REGISTRY_AUTH_FILE || void 0,
      runtimeAuthFile(machine),
      node_path.join(configHome, 'containers', 'auth.json'),
      dockerConfigFile(machine),
    ]
    return [...new Set(files.filter(file => void 0 !== file))]
  },
  helperFor: ({ credHelpers }, domain, file) => {
    if (!credHelpers || !Object.hasOwn(credHelpers, domain)) return
    let name = credHelpers[domain]
    if (name) return name
    throw new FileError(
      file,
      `${file}: credHelpers contains an empty name for ${domain}, which podman, buildah and skopeo cannot use`,
      'delete that line',
    )
  },
  canRead: entry => areTexts(entry, ['auth', 'identitytoken']),
  canReadSetting: () => true,
  keychain: () => void 0,
  precedence: ({ auths }, file, domains) => {
    let paths = Object.keys(auths ?? {}).filter(host =>
      domains.some(domain => host.startsWith(`${domain}/`) && NAMESPACE.test(host.slice(domain.length))),
    )
    if (0 === paths.length) return []
    return [
      `${file} contains a login for ${paths.join(', ')}, which takes precedence over this login in podman, buildah and skopeo.`,
    ]
  },
}
function containersClient(program, install, readsDockerFirst) {
  return {
    program,
    install,
    hidesMessages: true,
    logIn: attempt =>
      logInWith(
        program,
        attempt,
        folder => ({
          args: ['--authfile', node_path.join(folder, 'auth.json')],
          env: {},
        }),
        'wrote-to-helper',
      ),
    family: CONTAINERS_FAMILY,
    store: machine => {
      let { env } = machine
      if (env.REGISTRY_AUTH_FILE) return env.REGISTRY_AUTH_FILE
      return env.DOCKER_CONFIG && readsDockerFirst ? dockerConfigFile(machine) : runtimeAuthFile(machine)
    },
  }
}
function runtimeAuthFile({ env, platform, isRoot }) {
  if ('darwin' === platform || 'win32' === platform)
    return node_path.join(home(), '.config', 'containers', 'auth.json')
  if (env.XDG_RUNTIME_DIR)
    return isFolder(env.XDG_RUNTIME_DIR)
      ? node_path.join(env.XDG_RUNTIME_DIR, 'containers', 'auth.json')
      : void 0
  return isRoot ? '/run/containers/0/auth.json' : void 0
}
// CONCATENATED MODULE: ./build/src/clients/table.js
let NONE = {
  program: void 0,
  install: '',
  hidesMessages: false,
  logIn: ({ domain, credentials, timeLeft }) => proveLogin(domain, credentials, timeLeft),
  family: void 0,
  store: () => void 0,
}
let CLIENTS = {
  docker: DOCKER,
  buildah: containersClient('buildah', 'apt-get install buildah, dnf install buildah', true),
  podman: containersClient('podman', 'apt-get install podman, dnf install podman, brew install podman', true),
  skopeo: containersClient(
    'skopeo',
    'apt-get install skopeo, dnf install skopeo, brew install skopeo',
    false,
  ),
  none: NONE,
}
let CLIENT_NAMES = Object.keys(CLIENTS).filter(name => 'none' !== name)
// CONCATENATED MODULE: ./build/src/secrets.js
let LEAST_LENGTH = 4
let masked = new Set()
function mask(secret) {
  masked.add(secret)
  setSecret(secret)
}
function withoutSecrets(text) {
  return [...masked]
    .sort((one, other) => other.length - one.length)
    .reduce((text, secret) => text.replaceAll(secret, '***'), text)
}
function maskKey(key, profileId) {
  let keys = new Set([
    key,
    key.trim(),
    ...key.split(/\r?\n/).map(line => line.trim()),
    apiKeyOfKeyFile(key) ?? '',
  ])
  for (let secret of keys)
    if (/[A-Za-z0-9]/.test(secret) && !(secret.length < LEAST_LENGTH)) {
      mask(secret)
      for (let name of profileNames(profileId))
        mask(
          basicAuth(
            credentialsOfKey({
              profileId: name,
              apiKey: secret,
            }),
          ),
        )
    }
}
function maskToken(token) {
  mask(token)
  mask(basicAuth(credentialsOfToken(token)))
}
let PROXY_VARIABLES = ['https_proxy', 'http_proxy', 'all_proxy']
function maskProxyPasswords(env) {
  for (let name of PROXY_VARIABLES.flatMap(name => [name, name.toUpperCase()])) {
    let password = env[name]?.match(/^(?:[^/:]*:\/\/|(?![^/:]*:\/\/))[^:@]*:(.*)@/s)?.[1] ?? ''
    for (let secret of new Set([password, decoded(password), ...password.split(/[/?#%@]/)]))
      if (secret.length >= LEAST_LENGTH) mask(secret)
  }
}
function decoded(text) {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
function profileNames(profileId) {
  return new Set([profileId.trim(), profileId.match(/Profile-[0-9a-fA-F-]{36}/)?.[0] ?? profileId.trim()])
}
function apiKeyOfKeyFile(text) {
  let { apikey } = parseJson(text)
  return 'string' == typeof apikey ? apikey : void 0
}
function withinBase64(secret) {
  return [0, 1, 2].map(before => {
    let bytes = Buffer.from(' '.repeat(before) + secret)
    return bytes.toString('base64').slice(Math.ceil((4 * before) / 3), Math.floor((4 * bytes.length) / 3))
  })
}
function environmentWithoutKey(env, { apiKey }, withheld = []) {
  let secrets = '' === apiKey ? [] : [apiKey, ...withinBase64(apiKey)]
  return Object.fromEntries(
    Object.entries(env)
      .filter(entry => void 0 !== entry[1])
      .filter(
        ([name, value]) =>
          !OF_THE_ACTION.test(name) &&
          !withheld.includes(name) &&
          !secrets.some(secret => value.includes(secret)),
      ),
  )
}
function withheldNames(env, kept) {
  return Object.keys(env).filter(name => !(name in kept) && !OF_THE_ACTION.test(name))
}
let OF_THE_ACTION = /^(?:INPUT|STATE)_/i
// CONCATENATED MODULE: ./build/src/inputs.js
function readInputs(warn) {
  let key = getInput('api-key', {
    trimWhitespace: false,
  })
  let profile = getInput('profile-id')
  maskKey(key, profile)
  let domains = parseRegions(getInput('region'), warn)
  let profileId = parseProfileId(profile)
  let authMethod = parseAuthMethod(getInput('auth-method'))
  let apiKey = 'compute-resource' === authMethod ? parseNoApiKey(key) : parseApiKey(key)
  let credentialsFile = parseCredentialsFile(getInput('credentials-file'))
  return {
    domains,
    identity: {
      authMethod,
      profileId,
      apiKey,
    },
    clients: parseClients(getInput('client'), void 0 !== credentialsFile),
    isolated: parseBoolean('isolated', getInput('isolated')),
    credentialsFile,
    checks: [
      ...parseChecks('push', getInput('check-push'), domains),
      ...parseChecks('pull', getInput('check-pull'), domains),
    ],
    logout: parseBoolean('logout', getInput('logout')),
  }
}
function parseList(text) {
  return text
    .split(/[,\r\n]/)
    .map(item => item.trim())
    .filter(item => '' !== item)
}
function parseRegions(text, warn) {
  let domains = new Set()
  for (let item of parseList(text)) {
    let { domain, warning } = resolveRegion(item)
    if (void 0 !== warning && !domains.has(domain)) warn(warning)
    domains.add(domain)
  }
  let [first, ...others] = domains
  if (void 0 === first)
    throw new UserError(
      'Input required and not supplied: region. Use one or more regions, such as us-south or eu-de, or full registry domains, such as us.icr.io.',
    )
  return [first, ...others]
}
let UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
let PROFILE_ID = new RegExp(
  `^(?:iam-|crn:v1:[a-z0-9-]*:[a-z0-9-]*:iam-identity:[a-z0-9-]*:a/[0-9a-f]{32}::profile:)?(Profile-${UUID})$`,
)
let NOT_A_PROFILE_ID = [
  [
    /^(?:iam-)?ServiceId-/i,
    'is a service ID. Use the ID of the trusted profile; the service ID is identified by its API key',
  ],
  [/^ApiKey-/i, 'is the ID of an API key'],
  [/^iamapikey$/i, 'is the user name for a login without a trusted profile, which is unsupported'],
  [/^iambearer$/i, 'is the user name for a login with an access token; use auth-method: access-token'],
  [/^IBMid-/i, 'is the IAM ID of a user'],
  [/Profile-/i, 'is malformed'],
]
function parseProfileId(text) {
  let accepted =
    'Accepted: the ID of a trusted profile (Profile- and a UUID), its IAM ID (iam-Profile-…) or its CRN; "ibmcloud iam trusted-profiles --id" lists them.'
  if ('' === text.trim())
    throw new UserError(
      `Input required and not supplied: profile-id. If it comes from a variable or a secret, check the name. ${accepted}`,
    )
  let id = text.trim().match(PROFILE_ID)?.[1]
  if (void 0 !== id) return id
  let what = NOT_A_PROFILE_ID.find(([form]) => form.test(text.trim()))?.[1] ?? "is not a trusted profile's ID"
  throw new UserError(`profile-id: ${quoteInput(text)} ${what}. ${accepted}`)
}
let NOT_AN_API_KEY = [
  [
    key => void 0 !== apiKeyOfKeyFile(key),
    'it is the whole JSON file of the key. Store only the value of its "apikey" field',
  ],
  [key => /^[{[]/.test(key), 'it looks like JSON. Store only the API key itself, without braces'],
  [
    key => /^ApiKey-/i.test(key),
    'it is the ID of an API key, not the key itself. The key is shown only once, when it is created. If it is lost, create another one',
  ],
  [
    key => /^(?:iam-)?(?:Profile|ServiceId)-/i.test(key),
    'it is the ID of a trusted profile or a service ID. Use the API key of a service ID',
  ],
  [key => /^crn:/i.test(key), 'it is a CRN. Use the API key of a service ID'],
  [
    key => /^["'`]?\w*api[_-]?key["'`]?[=:]/i.test(key),
    'it begins with the name of the key. Store only what follows the name',
  ],
  [
    key => /^\$[{A-Z_a-z]/.test(key),
    'it is the name of a variable, which is not expanded here. Use an expression that reads the secret',
  ],
  [key => /^["'`].*["'`]$/s.test(key), 'it is in quotes. Store the API key without quotes'],
  [
    key => /^eyJ[^.]*\.[^.]*\.[^.]*$/.test(key),
    'it is an IAM access token, which expires within an hour. Use the API key of a service ID',
  ],
  [key => /\s/.test(key), 'it contains whitespace. Store only the API key, on one line'],
  [key => /[^\x21-\x7e]/.test(key), 'it contains characters that are invalid in an API key'],
  [key => key.length > 1000, 'it is too long for an API key'],
  [key => key.length < LEAST_LENGTH, 'it is too short for an API key'],
]
function parseAuthMethod(text) {
  let name = text.trim().toLowerCase()
  let method = AUTH_METHODS.find(known => known === name)
  if (void 0 !== method) return method
  let nearest =
    name.length > 40
      ? void 0
      : closestMatch(name, [...AUTH_METHODS], {
          maxDistance: 4,
        })
  let hint = void 0 === nearest ? '' : ` Did you mean ${nearest}?`
  throw new UserError(
    `auth-method: ${quoteInput(text)} is not supported.${hint} Accepted: ${AUTH_METHODS.join(', ')}.`,
  )
}
function parseNoApiKey(text) {
  if ('' === text.trim()) return ''
  throw new UserError('api-key: remove this input. auth-method: compute-resource uses no API key.')
}
function parseApiKey(text) {
  let key = text.trim()
  if ('' === key)
    throw new UserError(
      'Input required and not supplied: api-key. Workflows that are started by a pull request from a fork or by Dependabot get no secrets. For Dependabot, also store the API key as a Dependabot secret. Otherwise, check the name of the secret, and that this job can read it (the environment of the job, or secrets: inherit for a reusable workflow). Accepted: an API key of a service ID that the trusted profile trusts. On an IBM Cloud compute resource, auth-method: compute-resource needs no API key.',
    )
  let wrong = NOT_AN_API_KEY.find(([matches]) => matches(key))?.[1]
  if (void 0 !== wrong) throw new UserError(`api-key: ${wrong}. (The value is not shown.)`)
  return key
}
let UNEXPANDED = /^(?:~|\$(?=[{A-Z_a-z])|%(?=\w+%))/
function parseCredentialsFile(text) {
  let sign = UNEXPANDED.exec(text)?.[0]
  if (void 0 !== sign)
    throw new UserError(
      `credentials-file: ${quoteInput(text)} begins with ${sign}, which is not expanded here. Use an absolute path, or one relative to the workspace, such as \${{ runner.temp }}/icr.json.`,
    )
  if (/\p{Cc}/u.test(text))
    throw new UserError(
      `credentials-file: ${quoteInput(text)} contains line breaks or other control characters. Use the path of one file.`,
    )
  return text || void 0
}
function parseClients(text, withFile = false) {
  let accepted = `Accepted: one or more of ${CLIENT_NAMES.join(', ')}; or none, with credentials-file.`
  let names = new Set(parseList(text).map(item => item.toLowerCase()))
  if (0 === names.size)
    throw new UserError(`client: an empty value is not supported. ${accepted} Omit the input for docker.`)
  if (names.has('none')) {
    if (names.size > 1) throw new UserError(`client: none cannot be combined with other clients. ${accepted}`)
    if (!withFile)
      throw new UserError('client: none requires credentials-file, the path of the file for the credentials.')
    return ['none']
  }
  return [...names].map(name => {
    let client = CLIENT_NAMES.find(known => known === name)
    if (void 0 !== client) return client
    let nearest =
      name.length > 40
        ? void 0
        : closestMatch(name, CLIENT_NAMES, {
            maxDistance: 2,
          })
    let hint = void 0 === nearest ? '' : ` Did you mean ${nearest}?`
    throw new UserError(`client: ${quoteItem(name)} is not supported.${hint} ${accepted}`)
  })
}
let COMPONENT = '[a-z0-9]+(?:(?:\\.|__?|-+)[a-z0-9]+)*'
let REPOSITORY = new RegExp(`^(?=[a-z0-9_-]{4,30}/)${COMPONENT}(?:/${COMPONENT})+$`)
function parseChecks(access, text, domains) {
  let input = `check-${access}`
  let checks = parseList(text).flatMap(item => {
    let [first = '', ...rest] = item.split('/')
    let domain = first.includes('.') ? first.toLowerCase() : void 0
    let repository = void 0 === domain ? item : rest.join('/')
    if (void 0 !== domain && !domains.includes(domain))
      throw new UserError(
        `${input}: ${quoteInput(item)} is on a registry domain that this step does not log in to (${domains.join(', ')}). Add the region, or omit the domain.`,
      )
    if (!REPOSITORY.test(repository) || repository.length > 200)
      throw new UserError(
        `${input}: ${quoteItem(item)} is not a repository. Accepted: namespace/name in lowercase, without https://, tag or digest, optionally with the registry domain in front. The namespace has 4 to 30 characters.`,
      )
    return (void 0 === domain ? domains : [domain]).map(domain => ({
      access,
      domain,
      repository,
    }))
  })
  return [...new Map(checks.map(check => [`${check.domain}/${check.repository}`, check])).values()]
}
let BOOLEANS = new Map([
  ['true', true],
  ['false', false],
])
function parseBoolean(input, text) {
  let value = BOOLEANS.get(text.trim().toLowerCase())
  if (void 0 === value)
    throw new UserError(`${input}: ${quoteInput(text)} is not supported. Accepted: true, false.`)
  return value
}
// CONCATENATED MODULE: ./build/src/files.js
let TIMES = 80
let PAUSE_MS = 25
let IN_USE = {
  windows: ['EPERM', 'EACCES', 'EBUSY'],
  others: [],
}
let STILL_FILLED = ['ENOTEMPTY', 'ENOENT', 'EBUSY']
function files_rename(from, to) {
  patiently(IN_USE, () => (0, node_fs.renameSync)(from, to))
}
function remove(item) {
  patiently(
    {
      windows: [...IN_USE.windows, ...STILL_FILLED],
      others: STILL_FILLED,
    },
    () => removeNow(item),
  )
}
function removeNow(item) {
  let there = (0, node_fs.lstatSync)(item, {
    throwIfNoEntry: false,
  })
  if (void 0 === there) return
  if (!there.isDirectory()) return (0, node_fs.unlinkSync)(item)
  let problems = []
  for (let name of (0, node_fs.readdirSync)(item))
    try {
      removeNow(node_path.join(item, name))
    } catch (error) {
      problems.push(error)
    }
  if (problems.length > 0) throw problems[0]
  ;(0, node_fs.rmdirSync)(item)
}
function removeEmptyFolder(folder) {
  patiently(IN_USE, () => (0, node_fs.rmdirSync)(folder))
}
function patiently({ windows, others }, body) {
  for (let attempts = 1; ; attempts++)
    try {
      return body()
    } catch (error) {
      let { code } = error
      let codes = 'win32' === process.platform ? windows : others
      if (!codes.includes(`${code}`) || attempts === TIMES) throw error
      pause()
    }
}
function pause() {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS)
}
// CONCATENATED MODULE: ./build/src/work-folder.js
let WORK_FOLDER = 'icr-login-'
function newWorkFolder(env) {
  if (!env.RUNNER_TEMP) throw new UserError('RUNNER_TEMP is not set. icr-login runs only in GitHub Actions.')
  return workFolderAt(node_path.join(env.RUNNER_TEMP, `${WORK_FOLDER}${randomDigits()}${randomDigits()}`))
}
function randomDigits() {
  return Math.floor(Math.random() * 2 ** 32)
    .toString(16)
    .padStart(8, '0')
}
function workFolderAt(folder) {
  return {
    path: folder,
    id: node_path.basename(folder),
  }
}
function makeFolder(work, ...names) {
  let folder = node_path.join(work.path, ...names)
  ;(0, node_fs.mkdirSync)(folder, {
    recursive: true,
    mode: 0o700,
  })
  return folder
}
let SCRATCH = 'scratch'
function removeScratch(work) {
  remove(node_path.join(work.path, SCRATCH))
}
function blockScratch(work) {
  let scratch = node_path.join(work.path, SCRATCH)
  if (!(0, node_fs.existsSync)(scratch)) return
  remove(scratch)
  blockPath(scratch)
}
function removeWorkFolder(work) {
  let clientsMayRun = (0, node_fs.existsSync)(node_path.join(work.path, SCRATCH))
  remove(work.path)
  if (clientsMayRun) blockPath(work.path)
  return clientsMayRun
}
function blockPath(folder) {
  for (let attempts = 1; ; attempts++)
    try {
      return (0, node_fs.writeFileSync)(folder, '', {
        flag: 'wx',
        mode: 0o600,
      })
    } catch (error) {
      if ('EEXIST' !== error.code || 10 === attempts) throw error
      remove(folder)
    }
}
// CONCATENATED MODULE: ./build/src/login.js
function requirePrograms(clients) {
  for (let client of clients) {
    let { program, install } = CLIENTS[client]
    if (void 0 !== program && void 0 === findProgram(program))
      throw new UserError(
        `client: ${program} not found in PATH. Install it in an earlier step (${install}), or use another client.`,
      )
  }
}
let AT_ONCE = 16
async function logIn(logins, step) {
  let problems = []
  let stopped = () => problems.length > 0
  let queue = logins.entries()
  let workOff = async () => {
    for (let [index, login] of queue) {
      if (stopped()) return
      let start = now()
      let { program } = CLIENTS[login.client]
      let means = void 0 === program ? '' : ` with ${program}`
      let what = `Login to ${login.domain}${means}`
      let fault = await retry(what, () => login_attempt(login, `${index}`, step), {
        ...step,
        stopped,
      })
      let seconds = ((now() - start) / 1000).toFixed(1)
      if (void 0 !== fault)
        problems[index] = {
          ...login,
          fault,
        }
      else step.say(`Logged in to ${login.domain} as ${step.identity.profileId}${means} (${seconds} s)`)
    }
  }
  await Promise.all(
    Array.from(
      {
        length: AT_ONCE,
      },
      workOff,
    ),
  )
  return Object.values(problems)
}
function login_attempt({ client, domain }, name, step) {
  let { credentials, env, work, deadline } = step
  return CLIENTS[client].logIn({
    domain,
    credentials,
    env,
    makeFolder: () => makeFolder(work, SCRATCH, name),
    timeLeft: () => deadline.within(ATTEMPT_MS),
  })
}
// CONCATENATED MODULE: ./build/src/report/checks.js
let ROLES = {
  push: 'Writer or Manager',
  pull: 'Reader, Writer or Manager',
}
let ROLE = {
  push: 'Writer',
  pull: 'Reader',
}
function explainChecks(problems, { identity: { profileId }, env }) {
  let paragraphs = problems.map(problem => {
    let { access, domain, repository, fault } = problem
    let heading = `check-${access} of ${domain}/${repository} failed.`
    let isForbidden = 'refused' === fault.cause || 'denied' === fault.cause || 404 === fault.status
    if (isForbidden) return `${heading} ${forbidden(problem, profileId)}\n${readOn(`check-${access}`, env)}`
    let subject = {
      domains: [domain],
      clients: [],
      profileId,
      diagnosis: void 0,
      proxy: proxyOf(env, domain),
      output: lineOf(fault),
    }
    return `${heading} ${EXPLANATIONS[fault.cause](subject)}\n${readOn(fault.cause, env)}`
  })
  return new UserError(
    paragraphs.join('\n\n'),
    problems.map(({ domain, repository, fault }) => `${domain}/${repository}: ${fault.output}`).join('\n'),
  )
}
function forbidden({ access, domain, repository }, profileId) {
  let namespace = repository.split('/')[0]
  let region = regionOf(domain)
  let scope = 'global' === region ? '--attributes geography=global' : `--region ${region ?? 'REGION'}`
  return (
    `The trusted profile ${profileId} is logged in, but is not allowed to ${access} ${'push' === access ? 'to' : 'from'} this repository. Either it lacks the role ${ROLES[access]} on the namespace ${namespace}, or a context-based restriction blocks this runner. The activity log of the account shows which. To grant the role:` +
    command(
      `ibmcloud iam trusted-profile-policy-create ${profileId} --roles ${ROLE[access]} --service-name container-registry ${scope} --resource-type namespace --resource ${namespace}`,
    ) +
    '\nIf the namespace does not exist, create it (a push does not create namespaces):' +
    command(`ibmcloud cr region-set ${region ?? 'REGION'} && ibmcloud cr namespace-add ${namespace}`)
  )
}
// CONCATENATED MODULE: ./build/src/report/logins.js
let ASK_AGAIN_MS = 10_000
async function explainLogins(problems, step) {
  let known = await withRegistrysMessage(problems, step)
  let refused = known.find(({ fault }) => 'refused' === fault.cause)
  let isAsked = 'api-key' === step.identity.authMethod && refused
  let diagnosis = isAsked ? await diagnose(step.identity, isPrivate(refused.domain), step.deadline) : void 0
  return errorOf(known, diagnosis, step)
}
function errorOf(known, diagnosis, { identity, env }) {
  let ofRefused = diagnosis?.kind ?? ('api-key' === identity.authMethod ? 'refused' : 'token-refused')
  let groups = Map.groupBy(known, ({ fault: { cause } }) => ('refused' === cause ? ofRefused : cause))
  let paragraphs = [...groups].map(([topic, group]) => {
    let domains = unique(group.map(({ domain }) => domain))
    let clients = unique(
      group.map(({ client }) => CLIENTS[client].program).filter(program => void 0 !== program),
    )
    let heading = `Login to ${domains.join(', ')} failed${0 === clients.length ? '' : ` (${clients.join(', ')})`}.`
    let subject = {
      domains,
      clients,
      profileId: identity.profileId,
      diagnosis,
      proxy: proxyOf(env, `${domains[0]}`),
      output: lineOf(group[0]?.fault),
    }
    return `${heading} ${EXPLANATIONS[topic](subject)}\n${readOn(topic, env)}`
  })
  return new UserError(paragraphs.join('\n\n'), known.map(logins_outputOf).join('\n\n'))
}
let TELLING = new Set([
  'refused',
  'denied',
  'private-only',
  'quota',
  'foreign-url',
  'no-challenge',
  'proxy-login',
])
async function withRegistrysMessage(problems, { credentials, deadline }) {
  let first = problems.find(isHidden)
  if (void 0 === first) return problems
  let answer = await proveLogin(first.domain, credentials, () => deadline.within(ASK_AGAIN_MS)).then(
    () => void 0,
    error => error,
  )
  return answer instanceof Fault ? revealed(problems, answer) : problems
}
function revealed(problems, answer) {
  if (!TELLING.has(answer.cause)) return problems
  return problems.map(problem =>
    isHidden(problem)
      ? {
          ...problem,
          fault: new Fault(answer.cause, `${problem.fault.output}\n${answer.output}`),
        }
      : problem,
  )
}
function isHidden({ client, fault: { cause } }) {
  let { program, hidesMessages } = CLIENTS[client]
  if ('unknown' === cause) return void 0 !== program
  return hidesMessages && ('refused' === cause || 'denied' === cause)
}
function logins_outputOf({ client, domain, fault }) {
  let { program } = CLIENTS[client]
  return `${domain}${void 0 === program ? '' : ` (${program})`}: ${withoutNoise(fault.output).join('\n')}`
}
function unique(items) {
  return [...new Set(items)]
}
// CONCATENATED MODULE: ./build/src/stores/credential-file.js
function realPath(file) {
  let absolute = node_path.resolve(file)
  try {
    return inItsOwnCase(absolute)
  } catch (error) {
    if ('ENOENT' !== error.code) throw fileError(absolute, error)
    let target = linkTarget(absolute)
    if (void 0 !== target) return realPath(target)
    let folder = node_path.dirname(absolute)
    return folder === absolute ? absolute : node_path.join(realPath(folder), node_path.basename(absolute))
  }
}
function inItsOwnCase(file) {
  try {
    return node_fs.realpathSync.native(file)
  } catch {
    return (0, node_fs.realpathSync)(file)
  }
}
function linkTarget(file) {
  try {
    return node_path.resolve(node_path.dirname(file), (0, node_fs.readlinkSync)(file))
  } catch {
    return
  }
}
function readCredentialFile(file) {
  let unparsed = readUnparsed(file)
  return {
    ...unparsed,
    config: parseConfig(file, unparsed.text),
  }
}
function readUnparsed(file) {
  return withFileErrors(file, () => {
    let stats = (0, node_fs.statSync)(file, {
      throwIfNoEntry: false,
    })
    requireRegular(file, stats)
    return {
      path: file,
      text: textOf(file),
      stats,
    }
  })
}
function requireRegular(file, stats, named = file, ...fixes) {
  if (stats?.isFile() === false) throw new FileError(file, `${named}: not a regular file`, ...fixes)
}
function textOf(file) {
  let bytes = (0, node_fs.existsSync)(file) ? (0, node_fs.readFileSync)(file) : Buffer.alloc(0)
  if (!(0, node_buffer.isUtf8)(bytes)) throw invalid(file)
  return bytes.toString()
}
function invalid(file) {
  return new FileError(
    file,
    `${file}: it is not a valid credential file (JSON with "auths"), so it was not changed`,
    'fix or delete it',
  )
}
function isBlank(text) {
  return /^\s*(?:null\s*)?$/.test(text)
}
function parseConfig(file, text) {
  if (isBlank(text)) return {}
  let config = parseSettings(text)
  let auths = config?.auths ?? {}
  let isCredentialFile =
    void 0 !== config &&
    isObject(auths) &&
    Object.values(auths).every(entry => null === entry || isObject(entry)) &&
    isObject(config.credHelpers ?? {}) &&
    Object.values(config.credHelpers ?? {}).every(name => null === name || isText(name)) &&
    isText(config.credsStore ?? '')
  if (!isCredentialFile) throw invalid(file)
  return config
}
function isText(value) {
  return 'string' == typeof value
}
function entryTextOf(text, domain) {
  return find(text, domain).entry?.value ?? null
}
function withEntry(text, domain, entry) {
  if (isBlank(text)) return `{\n\t"auths": {\n\t\t"${domain}": ${entry}\n\t}\n}`
  let { auths, entry: earlier } = find(text, domain)
  if (!auths) return addMember(text, 'auths', `{"${domain}": ${entry}}`)
  let list = 'null' === auths.value ? '{}' : auths.value
  if (!earlier) return replaceMember(text, auths, addMember(list, domain, `${entry}`))
  let changed = null === entry ? removeMember(list, earlier) : replaceMember(list, earlier, entry)
  return replaceMember(text, auths, changed)
}
function find(text, domain) {
  let all = membersOf(text).filter(({ name }) => /^auths$/iu.test(name))
  let merged = all.slice(all.findLastIndex(({ value }) => 'null' === value) + 1)
  for (let auths of merged.toReversed()) {
    let entry = membersOf(auths.value).findLast(({ name }) => name === domain)
    if (entry)
      return {
        auths,
        entry,
      }
  }
  return {
    auths: all.at(-1),
  }
}
function addMember(text, name, value) {
  let head = text.replace(/\s*\}\s*$/, '')
  let [start, margin] = head.match(/\s*\{(\s*)/) ?? []
  return `${head}${head === start ? '' : `,${margin}`}"${name}": ${value}${text.slice(head.length)}`
}
function replaceMember(text, { value, end }, other) {
  return text.slice(0, end - value.length) + other + text.slice(end)
}
function removeMember(text, { start, end }) {
  let [before, after] = [text.slice(0, start), text.slice(end)]
  let earlier = before.replace(/,\s*$/, '')
  return earlier === before ? before + after.replace(/^\s*,\s*/, '') : earlier + after
}
function entryOf(config, domain) {
  return config.auths?.[domain] ?? null
}
function replaceCredentialFile(file, text, id) {
  let temporary = temporaryFile(file.path, id)
  return withFileErrors(file.path, () => {
    let handle = (0, node_fs.openSync)(temporary, 'wx', 0o600)
    try {
      try {
        ;(0, node_fs.writeFileSync)(handle, text)
        if (void 0 !== file.stats) keepOwnerAndMode(handle, file.stats)
        ;(0, node_fs.fsyncSync)(handle)
      } finally {
        ;(0, node_fs.closeSync)(handle)
      }
      let isAsRead = textOf(file.path) === file.text
      if (isAsRead) files_rename(temporary, file.path)
      else remove(temporary)
      return isAsRead
    } catch (error) {
      remove(temporary)
      throw error
    }
  })
}
function shortenCredentialFile(file, text, id) {
  try {
    return replaceCredentialFile(file, text, id)
  } catch (error) {
    let [before, after] = [file.text, text].map(text => Buffer.from(text))
    if (void 0 === shortageIn(error.message) || after.length > before.length) throw error
    if (textOf(file.path) !== file.text) return false
    withFileErrors(file.path, () => {
      let handle = (0, node_fs.openSync)(file.path, 'r+')
      try {
        ;(0, node_fs.writeSync)(
          handle,
          Buffer.concat([after, before.fill(' ').subarray(after.length)]),
          0,
          before.length,
          0,
        )
        ;(0, node_fs.ftruncateSync)(handle, after.length)
        ;(0, node_fs.fsyncSync)(handle)
      } finally {
        ;(0, node_fs.closeSync)(handle)
      }
    })
    return true
  }
}
function temporaryFile(file, id) {
  return node_path.join(node_path.dirname(file), `.${node_path.basename(file)}.${id}`)
}
function keepOwnerAndMode(handle, { uid, gid, mode }) {
  if ('win32' === process.platform) return
  let made = (0, node_fs.fstatSync)(handle)
  if (made.uid !== uid || made.gid !== gid) (0, node_fs.fchownSync)(handle, uid, gid)
  if (made.mode !== mode) (0, node_fs.fchmodSync)(handle, 0o770 & mode)
}
function withFileErrors(file, body, named = file) {
  try {
    return body()
  } catch (error) {
    throw fileError(file, error, named)
  }
}
function fileError(file, error, named = file) {
  let { code, syscall } = error
  if (error instanceof UserError || void 0 === code) return error
  let { root } = node_path.parse(file)
  if (!(0, node_fs.existsSync)(root))
    return new FileError(file, `${named}: the drive or share ${root} does not exist or cannot be reached`)
  if ('ENOTDIR' === code) return new FileError(file, `${named}: its folder is a file`)
  let said = [code, syscall].filter(Boolean).join(', ')
  let shortage = shortageIn(code)
  if (shortage)
    return new UserError(
      `${named}: it was not changed, because this machine ran out of ${shortage} (${said}).`,
    )
  return new FileError(
    file,
    `${named}: cannot be read or replaced (${said}), so it was not changed`,
    'EBUSY' === code && 'win32' !== process.platform
      ? 'mount its folder instead of the file itself'
      : 'make the file and its folder writable',
  )
}
// CONCATENATED MODULE: ./build/src/stores/undo-record.js
let NAME = 'undo.json'
let STATE = 'undo'
function writeUndoRecord(work, record) {
  saveState(STATE, JSON.stringify(undo_record_withoutSecrets(record)))
  let file = node_path.join(makeFolder(work), NAME)
  ;(0, node_fs.writeFileSync)(`${file}.new`, JSON.stringify(record), {
    mode: 0o600,
  })
  files_rename(`${file}.new`, file)
}
function undo_record_withoutSecrets(record) {
  let files = record.files.map(file => ({
    ...file,
    entries: file.entries.map(entry => ({
      ...entry,
      before: null,
      isLost: isLogin(entry.before),
    })),
  }))
  return {
    ...record,
    files,
  }
}
function isLogin(entry) {
  return Object.values(parseJson(entry ?? '')).some(Boolean)
}
function readUndoRecord(work) {
  return parse(readText(node_path.join(work.path, NAME))) ?? parse(getState(STATE))
}
function earlierHelperChanges(work) {
  let temp = node_path.dirname(work.path)
  return (0, node_fs.readdirSync)(temp)
    .filter(name => name !== work.id && name.startsWith(WORK_FOLDER))
    .flatMap(name => parse(readText(node_path.join(temp, name, NAME)))?.helpers ?? [])
}
function parse(text) {
  let record = parseJson(text)
  let { files, helpers, variables, withheld } = record
  let isWhole =
    [files, helpers, variables].every(list => Array.isArray(list) && list.every(isObject)) &&
    files?.every(({ entries }) => Array.isArray(entries)) &&
    Array.isArray(withheld)
  return isWhole ? record : void 0
}
function fingerprint(value) {
  return (0, process.getBuiltinModule('node:crypto').createHash)('sha256')
    .update(JSON.stringify(value))
    .digest('hex')
}
// CONCATENATED MODULE: ./build/src/stores/helper.js
let LIMIT_SECONDS = 20
let REMOVAL_SECONDS = 5
function helper_helpers(env) {
  let deadline = new Deadline(LIMIT_SECONDS)
  return name => ({
    name,
    env,
    deadline,
  })
}
let WAY_OUT = 'Set isolated: true to use job-specific files instead.'
let STORES_NOTHING =
  'Configure a credential helper that only creates credentials, such as ecr-login, in credHelpers for its own registries (ACCOUNT.dkr.ecr.REGION.amazonaws.com), not in credsStore.'
class Refusal extends UserError {}
async function store(helper, domain, { Username, Secret }) {
  await call(
    helper,
    'store',
    JSON.stringify({
      ServerURL: domain,
      Username,
      Secret,
    }),
  )
  let held = await returned(helper, domain).catch(async ({ message }) => {
    let atOnce = {
      ...helper,
      deadline: new Deadline(REMOVAL_SECONDS),
    }
    let Kind = await erase(atOnce, domain).then(
      () => Refusal,
      () => UserError,
    )
    throw new Kind(message)
  })
  if (held.Username === Username && held.Secret === Secret) return
  throw failed(
    helper,
    'store',
    `it returns other credentials for ${domain} than were stored, and may have stored both`,
  )
}
async function returned(helper, domain) {
  let held = await get(helper, domain)
  if (void 0 !== held) return held
  throw failed(helper, 'store', `it saved no credentials for ${domain}. ${STORES_NOTHING}`)
}
async function stateOf(helper, listed, change, earlier) {
  let { domain } = change
  let held = await get(helper, domain).catch(error => {
    if (listed instanceof Refusal) throw listed
    if (listed.some(host => bareHost(host) === domain) || !(error instanceof Refusal)) throw error
  })
  if (void 0 === held) return 'free'
  let print = fingerprint([held.Username, held.Secret])
  if (print === change.written) return 'ours'
  let isOfJob = earlier.some(
    other => other.name === helper.name && other.domain === domain && other.written === print,
  )
  if (
    isOfJob ||
    isExpired({
      username: held.Username,
      password: held.Secret,
    })
  )
    return 'free'
  throw new UserError(
    `The credential helper docker-credential-${helper.name} already stores another login for ${domain}, which this step would overwrite and could not restore. ${WAY_OUT} Or delete that login first: docker logout ${domain}`,
  )
}
async function holdsWritten(helper, { domain, written }) {
  let held = await get(helper, domain)
  return void 0 !== held && fingerprint([held.Username, held.Secret]) === written
}
async function helper_hosts(helper) {
  let held = helper_parse(helper, 'list', await call(helper, 'list', ''))
  return Object.keys(held).map(label => label.replace(/^.*\s/, ''))
}
async function get(helper, domain) {
  let ended = await start(helper, 'get', domain)
  if (0 !== ended.exitCode && /not found/i.test(ended.stdout)) return
  let held = helper_parse(helper, 'get', helper_outputOf(helper, 'get', ended))
  return held.Secret ? held : void 0
}
async function erase(helper, domain) {
  await call(helper, 'erase', domain)
}
async function call(helper, action, input) {
  return helper_outputOf(helper, action, await start(helper, action, input))
}
function helper_outputOf(helper, action, ended) {
  if (0 === ended.exitCode) return ended.stdout
  let output = oneLine(`${ended.stdout} ${ended.stderr}`)
  if (ended.timedOut) throw failed(helper, action, `no response within ${LIMIT_SECONDS} seconds`)
  if (void 0 !== ended.signal) throw failed(helper, action, `it was terminated by ${ended.signal}`)
  let advice = /not (?:implemented|supported)/i.test(output) ? `. ${STORES_NOTHING}` : ''
  throw failed(helper, action, `${output || `exit code ${ended.exitCode}`}${advice}`, Refusal)
}
function failed({ name }, action, why, Kind = UserError) {
  return new Kind(
    `The credential helper docker-credential-${name}, which is configured for this registry, failed to ${action}: ${why.replace(/\.$/, '')}. ${WAY_OUT}`,
  )
}
function start({ name, env, deadline }, action, input) {
  return run(`docker-credential-${name}`, [action], {
    env,
    input,
    timeoutMs: deadline.within(1000 * LIMIT_SECONDS),
  })
}
function bareHost(host) {
  return host.replace(/^https?:\/\//, '').replace(/\/.*$/, '')
}
function helper_parse(helper, action, output) {
  let value = parseValue(output.trim() || 'null')
  if (void 0 === value) throw failed(helper, action, 'its output is not JSON')
  return Object(value)
}
// CONCATENATED MODULE: ./build/src/stores/job-files.js
async function jobFile(family, work, machine, domains, env, warn) {
  let { file, value } = family.jobFile(makeFolder(work))
  let unreachable = family.prepare(file, machine)
  if (unreachable.length > 0)
    warn(
      `isolated: ${unreachable.join(', ')} of Docker's configuration folder cannot be linked into ${node_path.dirname(file)}, so later steps cannot use it.`,
    )
  let configs = family.searched(machine).map(searched => job_files_read(searched, family, warn))
  let spread = []
  for (let config of configs) spread.push(await withKeychainsHosts(config, family, env, warn))
  let { credsStore: _keychain, ...settings } = (family.hasSettings && configs[0]) || {}
  write(file, {
    ...settings,
    ...union(spread, domains),
  })
  return {
    file,
    variable: {
      name: family.variable,
      before: machine.env[family.variable] ?? '',
      written: value,
    },
  }
}
async function withKeychainsHosts(config, family, env, warn) {
  let keychain = family.keychain(config)
  if (void 0 === keychain) return config
  let hosts = await hostsOf(helper_helpers(env)(keychain), warn)
  let names = hosts.flatMap(host => [host, bareHost(host)])
  let ofKeychain = Object.fromEntries(names.map(host => [host, keychain]))
  return {
    ...config,
    credHelpers: {
      ...ofKeychain,
      ...config.credHelpers,
    },
  }
}
let LISTS_ALL = /^(?:desktop|osxkeychain|pass|secretservice|wincred)\b/
async function hostsOf(keychain, warn) {
  try {
    let hosts = await helper_hosts(keychain)
    if (0 === hosts.length && !LISTS_ALL.test(keychain.name))
      warn(
        `isolated: docker-credential-${keychain.name} (credsStore) lists no credentials, so it is not used in this job. ${STORES_NOTHING}`,
      )
    return hosts
  } catch {
    warn(
      `isolated: docker-credential-${keychain.name} (credsStore) could not list its credentials. Continuing without them.`,
    )
    return []
  }
}
function union(configs, domains) {
  let auths = {}
  let credHelpers = {}
  for (let config of configs) {
    let known = new Set([...Object.keys(auths), ...Object.keys(credHelpers)])
    for (let [host, name] of Object.entries(config.credHelpers ?? {}))
      if (name && !known.has(host) && !domains.includes(host)) credHelpers[host] = name
    for (let [host, entry] of Object.entries(config.auths ?? {}))
      if (!known.has(host) && null !== entry && Object.keys(entry).length > 0) auths[host] = entry
  }
  return {
    auths,
    credHelpers,
  }
}
function job_files_read(file, family, warn) {
  try {
    let { config } = readCredentialFile(realPath(file))
    let { hosts, settings } = malformed(config, family)
    if (hosts.length > 0)
      warn(`${file}: the entry for ${hosts.join(', ')} is malformed. Continuing without it.`)
    if (settings.length > 0)
      warn(`${file}: the value of ${settings.join(', ')} has the wrong type. Continuing without it.`)
    return {
      ...without(config, settings),
      auths: without(config.auths ?? {}, hosts),
    }
  } catch {
    warn(`${file} cannot be read as a credential file. Continuing without the logins and settings in it.`)
    return {}
  }
}
function without(object, names) {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)))
}
function write(file, config) {
  ;(0, node_fs.writeFileSync)(file, JSON.stringify(config, null, '\t'), {
    mode: 0o600,
  })
}
// CONCATENATED MODULE: ./build/src/stores/destinations.js
let FAMILIES = [DOCKER_FAMILY, CONTAINERS_FAMILY]
async function destinationsFor(wanted, machine, { identity, domains, work, env }) {
  let warnings = new Set()
  let makeJobFile = family => jobFile(family, work, machine, domains, env, warning => warnings.add(warning))
  let { destinations: named, variables } = wanted.isolated
    ? await isolated(wanted.clients, makeJobFile)
    : await shared(wanted.clients, work, machine, makeJobFile)
  let notes = wanted.isolated ? [] : notesOnSharing(wanted.clients, machine.env)
  let workspace = machine.env.GITHUB_WORKSPACE || process.cwd()
  let credentialsFile = wanted.credentialsFile && node_path.resolve(workspace, wanted.credentialsFile)
  if (void 0 !== credentialsFile) {
    let wayAround = 'set credentials-file to another path'
    named.push({
      family: DOCKER_FAMILY,
      file: credentialsFile,
      wayAround,
      exclusive: true,
    })
    if ('api-key' !== identity.authMethod)
      warnings.add(
        `credentials-file: ${credentialsFile} contains an access token, so a pull secret made from it expires with that token. For one that lasts, use auth-method: api-key.`,
      )
  }
  let destinations = named.map(resolved)
  for (let { file, real, exclusive } of destinations) {
    if (!isInside(workspace, real)) continue
    let name = exclusive ? 'credentials-file: ' : leadingTo(file, machine.env)
    warnings.add(
      `${name}${node_path.resolve(file)} is inside the workspace. Add it to .dockerignore and do not upload it as an artifact, or use a path in RUNNER_TEMP.`,
    )
  }
  return {
    destinations,
    variables,
    warnings: [...warnings],
    notes,
    credentialsFile,
  }
}
function notesOnSharing(clients, env) {
  if (!clients.some(hasFamily) || 'self-hosted' !== env.RUNNER_ENVIRONMENT) return []
  return [
    'On a self-hosted runner, another job on the same registry domain can log this one out. To prevent that, set isolated: true.',
  ]
}
function hasFamily(client) {
  return void 0 !== CLIENTS[client].family
}
async function isolated(clients, makeJobFile) {
  let made = {
    destinations: [],
    variables: [],
  }
  for (let family of FAMILIES) {
    let { file, variable } = await makeJobFile(family)
    made.variables.push(variable)
    if (clients.some(hasFamily))
      made.destinations.push({
        family,
        file,
      })
  }
  return made
}
async function shared(clients, work, machine, makeJobFile) {
  let made = {
    destinations: [],
    variables: [],
  }
  let stepFolders = node_path.join(node_path.dirname(work.path), WORK_FOLDER)
  for (let family of FAMILIES) {
    let isLed = machine.env[family.variable]?.startsWith(stepFolders) && clients.some(hasFamily)
    let files = clients
      .filter(client => CLIENTS[client].family === family)
      .map(client => CLIENTS[client].store(machine))
      .concat(isLed ? family.searched(machine).slice(0, 1) : [])
    if (files.includes(void 0)) {
      let { file, variable } = await makeJobFile(family)
      made.destinations.push({
        family,
        file,
      })
      made.variables.push(variable)
    } else
      for (let file of files) {
        let variable = variableTo(file, machine.env)
        let another = void 0 === variable ? '' : `set ${variable} to another ${VARIABLES[variable]}, or `
        made.destinations.push({
          family,
          file,
          wayAround: `${another}set isolated: true`,
        })
      }
  }
  return made
}
function resolved(named) {
  try {
    return {
      ...named,
      real: realPath(named.file),
    }
  } catch (error) {
    throw error instanceof FileError ? error.or(named.wayAround ?? '') : error
  }
}
function wayAround(file, destinations) {
  return destinations.find(({ real }) => real === file)?.wayAround ?? ''
}
function isInside(folder, file) {
  let way = node_path.relative(realPath(folder), file)
  return '..' !== way.split(node_path.sep)[0] && !node_path.isAbsolute(way)
}
let VARIABLES = {
  REGISTRY_AUTH_FILE: 'file',
  DOCKER_CONFIG: 'folder',
}
function variableTo(file, env) {
  return Object.keys(VARIABLES).find(
    name => env[name] && node_path.resolve(file).startsWith(node_path.resolve(env[name])),
  )
}
function leadingTo(file, env) {
  let name = variableTo(file, env)
  if (void 0 === name) return ''
  let sign = UNEXPANDED.exec(`${env[name]}`)?.[0]
  return `${name}${sign ? ` begins with ${sign}, which is not expanded here` : ''}: `
}
// CONCATENATED MODULE: ./build/src/stores/precedence.js
function precedenceWarnings(destinations, domains, env) {
  let warnings = destinations.flatMap(({ family, file, real }) =>
    family.precedence(readCredentialFile(real).config, file, domains, env),
  )
  return [...new Set(warnings)]
}
// CONCATENATED MODULE: ./build/src/stores/expired.js
function unlessExpired(entry) {
  let { auth } = parseJson(entry ?? '')
  let [username = '', ...password] = Buffer.from(`${auth}`, 'base64').toString().split(':')
  return isExpired({
    username,
    password: password.join(':'),
  })
    ? null
    : entry
}
// CONCATENATED MODULE: ./build/src/stores/lock.js
let WAIT_MS = 30_000
async function withLocks(files, body, unlocked = () => {}) {
  let held = []
  try {
    for (let file of inOrder(files)) {
      let id = withFileErrors(file, () => lock_idOf(lockFileOf(file)))
      let same = held.find(lock => lock.id === id)
      if (same) same.files.push(file)
      else
        held.push({
          release: await take(file, unlocked),
          id: lock_idOf(lockFileOf(file)),
          files: [file],
        })
    }
    return await body(held.map(({ files }) => files))
  } finally {
    for (let { release } of held.reverse()) release()
  }
}
function withLock(file, body) {
  return withLocks([file], body)
}
function inOrder(files) {
  let keyed = files.map(file =>
    withFileErrors(file, () => {
      makeFolders(node_path.dirname(file))
      let folder = (0, node_fs.statSync)(node_path.dirname(file), {
        bigint: true,
      })
      return [`${folder.ino}/${node_path.basename(file).toLowerCase()}`, file]
    }),
  )
  return keyed.sort().map(([, file]) => file)
}
let FOLDER_REMOVED = {
  windows: ['ENOENT'],
  others: ['ENOENT'],
}
async function take(file, unlocked) {
  let end = now() + WAIT_MS
  let lockFile = lockFileOf(file)
  for (let tries = 1; ; tries++) {
    try {
      let release = withFileErrors(
        file,
        () =>
          patiently(FOLDER_REMOVED, () => {
            makeFolders(node_path.dirname(file))
            requireRegular(file, statOf(lockFile), lockFile, 'delete it')
            return tryLock(lockFile)
          }),
        (0, node_fs.existsSync)(lockFile) ? lockFile : file,
      )
      if (void 0 !== release) return release
      if (now() >= end) throw timedOut(file)
    } catch (error) {
      unlocked(file, error)
      return () => {}
    }
    if (1 === tries && !withFileErrors(file, () => hasLocks(file))) {
      unlocked(file)
      return () => lock_remove(lockFile)
    }
    await (0, node_timers_promises.setTimeout)(5 + 20 * Math.random())
  }
}
function timedOut(file) {
  return new UserError(
    `${file}: Timed out after ${WAIT_MS / 1000} s waiting for another icr-login step. Check for a step that hangs, or rerun the job.`,
  )
}
function lockFileOf(file) {
  return `${file}.icr-login.lock`
}
function makeFolders(folder) {
  if ((0, node_fs.existsSync)(folder)) return
  let parent = node_path.dirname(folder)
  if (parent !== folder) makeFolders(parent)
  try {
    ;(0, node_fs.mkdirSync)(folder, {
      mode: 0o700,
    })
  } catch (error) {
    if ('EEXIST' !== error.code) throw error
  }
}
function hasLocks(file) {
  let unknown = `${lockFileOf(file)}.${(0, process.getBuiltinModule('node:crypto').randomUUID)()}`
  let release = tryLock(unknown)
  release?.()
  lock_remove(unknown)
  return void 0 !== release
}
let ABOUT_TO_BE_REMOVED = {
  windows: ['EPERM', 'EBUSY', 'ERR_SQLITE_ERROR'],
  others: [],
}
function tryLock(lockFile) {
  let { database, handle } = patiently(ABOUT_TO_BE_REMOVED, () => lock_open(lockFile))
  let close = () => {
    database.close()
    ;(0, node_fs.closeSync)(handle)
  }
  try {
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    if (isStill(lockFile, handle))
      return () => {
        let removed = lock_remove(lockFile)
        close()
        if (!removed) lock_remove(lockFile)
      }
    close()
    return
  } catch (error) {
    close()
    if (lock_isRefusal(error)) return
    throw error
  }
}
function lock_open(lockFile) {
  let handle = (0, node_fs.openSync)(lockFile, 'a', 0o600)
  try {
    return {
      database: new (sqlite().DatabaseSync)(lockFile, {
        timeout: 0,
      }),
      handle,
    }
  } catch (error) {
    ;(0, node_fs.closeSync)(handle)
    throw error
  }
}
function sqlite() {
  let { emitWarning } = process
  process.emitWarning = (warning, ...more) => {
    if ('ExperimentalWarning' !== more[0]) Reflect.apply(emitWarning, process, [warning, ...more])
  }
  try {
    return process.getBuiltinModule('node:sqlite')
  } finally {
    process.emitWarning = emitWarning
  }
}
function isStill(lockFile, handle) {
  return (
    statOf(lockFile)?.ino ===
    (0, node_fs.fstatSync)(handle, {
      bigint: true,
    }).ino
  )
}
function lock_idOf(file) {
  let there = statOf(file)
  return there && `${there.dev}:${there.ino}`
}
function statOf(file) {
  return (0, node_fs.statSync)(file, {
    bigint: true,
    throwIfNoEntry: false,
  })
}
function lock_remove(lockFile) {
  try {
    ;(0, node_fs.unlinkSync)(lockFile)
    return true
  } catch {
    return false
  }
}
function lock_isRefusal(error) {
  let { errcode = 0 } = error
  return [3, 5, 10].includes(0xff & errcode)
}
// CONCATENATED MODULE: ./build/src/stores/undo.js
let SILENT = {
  say() {},
  warn() {},
}
async function undoStores(record, helperEnv, step) {
  let helperOf = helper_helpers(helperEnv)
  let attempts = [
    ...record.files.map(change => () => undoFile(change, step)),
    ...record.helpers.map(change => () => undoHelper(change, helperOf(change.name), step)),
  ]
  for (let attempt of attempts)
    try {
      await attempt()
    } catch (error) {
      step.warn(`Failed to log out. ${error.message}`)
    }
}
async function undoFile(change, step) {
  let undone = undoLocked(change, step)
  await (change.entries.length > 0 ? undone : undone.catch(() => {}))
  if (void 0 !== change.madeFolder) removeEmptyFolders(node_path.dirname(change.file), change.madeFolder)
}
async function undoLocked(change, step) {
  let moved = {
    ...change,
    file: realPath(change.file),
  }
  if (!(0, node_fs.existsSync)(node_path.dirname(moved.file))) return undoEntries(moved, step)
  await withLock(moved.file, async () => {
    remove(temporaryFile(change.file, step.id))
    undoEntries(moved, step)
  })
}
function undoEntries(change, step) {
  let file
  try {
    file = readCredentialFile(change.file)
  } catch (error) {
    if (!removedFromBroken(change, step)) throw error
    return step.warn(
      `${change.file} is no longer a valid credential file. This step's credentials were removed from it, but previous logins were not restored.`,
    )
  }
  let ours = change.entries.filter(({ domain, written }) =>
    isWritten(entryOf(file.config, domain)?.auth, written, step),
  )
  for (let { domain } of change.entries.filter(entry => !ours.includes(entry)))
    step.say(nothingIn(change.file, domain))
  if (0 === ours.length) return
  let text = ours.reduce(
    (text, { domain, before }) => withEntry(text, domain, unlessExpired(before)),
    file.text,
  )
  if (change.created && holdsNothing(text)) withFileErrors(change.file, () => remove(change.file))
  else if (!shortenCredentialFile(file, text, step.id)) return undoEntries(change, step)
  for (let { domain, before, isLost } of ours) {
    if (isLost)
      step.warn(
        `The login for ${domain} that was in ${change.file} before this step could not be restored, because its record in RUNNER_TEMP was deleted. Log in again if you need it.`,
      )
    step.say(
      null === unlessExpired(before)
        ? `Logged out of ${domain} (${change.file})`
        : `Restored the previous login in ${change.file} (${domain})`,
    )
  }
}
function removedFromBroken({ file: name, entries }, step) {
  let file = readUnparsed(name)
  let text = file.text.replace(/("auth"\s*:\s*")([^"]*)/gi, (field, start, auth) =>
    entries.some(({ written }) => isWritten(auth, written, step)) ? start : field,
  )
  return text !== file.text && shortenCredentialFile(file, text, step.id)
}
function isWritten(auth, written, step) {
  return (
    auth === step.auth ||
    fingerprint({
      auth,
    }) === written
  )
}
function nothingIn(place, domain) {
  return `Nothing to log out of: ${place} does not contain this step's credentials for ${domain}`
}
function holdsNothing(text) {
  let { auths, ...others } = parseSettings(text) ?? {}
  return 0 === Object.keys(auths ?? {}).length && 0 === Object.keys(others).length
}
function removeEmptyFolders(folder, topmost) {
  try {
    removeEmptyFolder(folder)
  } catch {
    return
  }
  if (folder !== topmost) removeEmptyFolders(node_path.dirname(folder), topmost)
}
async function undoHelper(change, keeper, { say }) {
  let { name, domain } = change
  if (!(await holdsWritten(keeper, change))) return say(nothingIn(`docker-credential-${name}`, domain))
  await erase(keeper, domain)
  say(`Logged out of ${domain} (docker-credential-${name})`)
}
// CONCATENATED MODULE: ./build/src/stores/store.js
function loadForStoring() {
  fingerprint('')
  sqlite()
}
async function storeLogins(destinations, record, { domains, credentials, work, env, say, warn }) {
  let entry = entryFor(credentials)
  let byRealPath = Map.groupBy(destinations, ({ real }) => real)
  let files = [...byRealPath.keys()]
  let changes = {
    files: files.map(untouched),
    helpers: [],
  }
  writeUndoRecord(work, {
    ...record,
    ...changes,
  })
  let begun = false
  let unlocked = (file, error) => {
    if (void 0 !== error) throw error
    let another = wayAround(file, destinations)
    if ('' === another) return
    warn(
      `${file}: its file system does not support locks, so another job that logs in at the same time can overwrite this login. If jobs share this file, ${another}.`,
    )
  }
  try {
    await withLocks(
      files,
      async names => {
        let plans = names.map(same => {
          let file = changes.files.find(({ file }) => same.includes(file))
          let sharing = same.flatMap(name => byRealPath.get(name) ?? [])
          return plan(file, sharing, domains, credentials)
        })
        let helperOf = helper_helpers(env)
        let wanted = store_unique(plans.flatMap(({ helpers }) => helpers))
        let helpers = await notYetStored(wanted, helperOf, work)
        let files = plans.map(({ file }) => file)
        writeUndoRecord(work, {
          ...record,
          files,
          helpers,
        })
        changes = {
          files,
          helpers: [],
        }
        begun = true
        for (let change of files) writeEntries(change, entry, work.id)
        for (let change of helpers) {
          let secret = {
            Username: credentials.username,
            Secret: credentials.password,
          }
          changes.helpers.push(change)
          await store(helperOf(change.name), change.domain, secret)
        }
      },
      unlocked,
    )
  } catch (error) {
    if (begun) {
      await undoStores(changes, env, {
        ...SILENT,
        id: work.id,
        auth: basicAuth(credentials),
      })
      if (error instanceof Refusal) changes.helpers.pop()
      writeUndoRecord(work, {
        ...record,
        ...changes,
      })
    }
    throw error instanceof FileError ? error.or(wayAround(error.file, destinations)) : error
  }
  let places = [
    ...changes.files.filter(({ entries }) => entries.length > 0).map(({ file }) => file),
    ...changes.helpers.map(({ name }) => `docker-credential-${name}`),
  ]
  for (let place of new Set(places)) say(`Credentials saved to ${place}`)
  return changes.files
}
async function restoreOverwritten(changes, { credentials, work }) {
  let entry = entryFor(credentials)
  let contested = []
  for (let change of changes) {
    let restore = () => withLock(change.file, async () => writeEntries(change, entry, work.id))
    let looks = 0
    while ((await restore()) && ++looks < MOST_LOOKS)
      await (0, node_timers_promises.setTimeout)(PAUSE_BETWEEN_LOOKS_MS)
    if (looks === MOST_LOOKS) contested.push(change.file)
  }
  return contested
}
let MOST_LOOKS = 10
let PAUSE_BETWEEN_LOOKS_MS = 500
function entryFor(credentials) {
  return {
    auth: basicAuth(credentials),
  }
}
function untouched(file) {
  return {
    file,
    created: false,
    exclusive: false,
    madeFolder: topmostMissingFolder(file),
    entries: [],
  }
}
function topmostMissingFolder(file) {
  let folder = node_path.dirname(file)
  if (folder === file || (0, node_fs.existsSync)(folder)) return
  return topmostMissingFolder(folder) ?? folder
}
function plan(file, destinations, domains, credentials) {
  let { config, text, stats } = readCredentialFile(file.file)
  let exclusive = destinations.some(destination => destination.exclusive)
  if (exclusive && !destinations.every(destination => destination.exclusive))
    throw new UserError(
      `credentials-file: ${file.file} is used by a client of this step and may contain other logins. Use another file.`,
    )
  if (exclusive && !holdsOnlyIcrLogins(config))
    throw new UserError(
      `credentials-file: ${file.file} exists and contains more than IBM Cloud Container Registry credentials, so it was not changed. Use another file.`,
    )
  let targets = destinations.flatMap(({ family }) =>
    domains.map(domain => ({
      domain,
      family,
      name: family.helperFor(config, domain, file.file),
    })),
  )
  let inFile = new Set(targets.filter(({ name }) => void 0 === name).map(({ domain }) => domain))
  let readers = new Set(targets.filter(({ name }) => void 0 === name).map(({ family }) => family))
  for (let family of exclusive ? [] : readers) {
    let { hosts, settings } = malformed(config, family)
    let others = hosts.filter(host => !inFile.has(host))
    if (others.length > 0)
      throw new FileError(
        file.file,
        `${file.file}: the entry for ${others.join(', ')} is malformed ("auth" must be the Base64 of user:password), so clients may ignore every login in this file`,
        'fix or delete that entry',
      )
    if (settings.length > 0)
      throw new FileError(
        file.file,
        `${file.file}: the value of ${settings.join(', ')} has the wrong type, so docker ignores every login in this file`,
        'fix or delete that setting',
      )
  }
  let written = fingerprint(entryFor(credentials))
  return {
    file: {
      ...file,
      created: exclusive || void 0 === stats,
      exclusive,
      entries: [...inFile].map(domain => ({
        domain,
        before: exclusive ? null : unlessExpired(entryTextOf(text, domain)),
        written,
      })),
    },
    helpers: targets.flatMap(({ domain, name }) =>
      void 0 === name
        ? []
        : [
            {
              name,
              domain,
              written: fingerprint([credentials.username, credentials.password]),
            },
          ],
    ),
  }
}
function writeEntries(change, entry, id) {
  let { file: name, exclusive, entries } = change
  let file = readCredentialFile(name)
  let text = entries.reduce(
    (text, { domain, written }) =>
      exclusive || fingerprint(entryOf(file.config, domain)) !== written
        ? withEntry(text, domain, JSON.stringify(entry))
        : text,
    exclusive ? '' : file.text,
  )
  if (text === file.text) return false
  return replaceCredentialFile(file, text, id) || writeEntries(change, entry, id)
}
function holdsOnlyIcrLogins({ auths, ...others }) {
  return 0 === Object.keys(others).length && Object.keys(auths ?? {}).every(isIcrDomain)
}
async function notYetStored(changes, helperOf, work) {
  let earlier = earlierHelperChanges(work)
  let free = []
  for (let [name, ofHelper] of Map.groupBy(changes, ({ name }) => name)) {
    let listed = await helper_hosts(helperOf(name)).catch(error => {
      if (error instanceof Refusal) return error
      throw error
    })
    for (let change of ofHelper)
      if ((await stateOf(helperOf(name), listed, change, earlier)) === 'free') free.push(change)
  }
  return free
}
function store_unique(changes) {
  return [...new Map(changes.map(change => [`${change.name} ${change.domain}`, change])).values()]
}
// CONCATENATED MODULE: ./build/src/main.js
let BUDGET_SECONDS = 150
async function main(work) {
  maskProxyPasswords(process.env)
  let inputs = readInputs(core_warning)
  let { domains, identity, clients, checks } = inputs
  requirePrograms(clients)
  let machine = thisMachine()
  let env = environmentWithoutKey(process.env, identity)
  let deadline = new Deadline(BUDGET_SECONDS)
  let log = {
    say: say,
    warn: core_warning,
    notice: notice,
    mask: maskToken,
  }
  let begun = {
    identity,
    domains,
    deadline,
    env,
    work,
    ...log,
  }
  let { credentials, expiresAt } = await obtainCredentials(begun)
  let step = {
    ...begun,
    credentials,
  }
  makeFolder(work)
  let logins = domains.flatMap(domain =>
    clients.map(client => ({
      client,
      domain,
    })),
  )
  aProgramRuns.then(() => {
    loadForStoring()
    if (checks.length > 0) loadHttp()
  })
  let problems = await logIn(logins, step)
  removeScratch(work)
  if (problems.length > 0) throw await explainLogins(problems, step)
  let { destinations, variables, credentialsFile, ...told } = await destinationsFor(inputs, machine, step)
  for (let warning of told.warnings) core_warning(warning)
  for (let note of told.notes) say(note)
  let record = {
    keep: !inputs.logout,
    username: credentials.username,
    variables,
    withheld: withheldNames(process.env, env),
  }
  let changes = await storeLogins(destinations, record, step)
  for (let { name, written } of variables) {
    exportVariable(name, written)
    say(`Set ${name} to ${written}`)
  }
  for (let warning of precedenceWarnings(destinations, domains, process.env)) core_warning(warning)
  setOutput('registry', domains[0])
  setOutput('registries', JSON.stringify(domains))
  if (void 0 !== credentialsFile) setOutput('credentials-file', credentialsFile)
  if (void 0 !== expiresAt) setOutput('expires-at', isoOf(expiresAt))
  let checkProblems = await runChecks(checks, step)
  if (checkProblems.length > 0) throw explainChecks(checkProblems, step)
  for (let file of await restoreOverwritten(changes, step))
    core_warning(
      `${file}: another program keeps overwriting it, so later steps may not find this login there.${advice('end that program', wayAround(file, destinations))}`,
    )
}
// CONCATENATED MODULE: ./build/src/post.js
async function post(work) {
  let record = readUndoRecord(work)
  if (record?.keep) {
    await warnOnError(() => removeScratch(work))
    say('Credentials kept, because logout is false')
    return
  }
  if (void 0 !== record) await undo(record, work)
  let stored = [...(record?.helpers ?? []), ...(record?.files ?? []).flatMap(({ entries }) => entries)]
  if (0 === stored.length) say('Nothing to log out of: this step stored no credentials')
  await warnOnError(() => {
    if (removeWorkFolder(work))
      say(
        'The step ended during a login. An empty file in RUNNER_TEMP prevents clients that are still running from writing credentials there.',
      )
  })
}
async function undo(record, work) {
  for (let variable of record.variables) await warnOnError(() => restore(variable))
  await warnOnError(() => {
    let apiKey = getInput('api-key')
    let helperEnv = environmentWithoutKey(
      process.env,
      {
        apiKey,
      },
      record.withheld,
    )
    let auth = basicAuth({
      username: record.username,
      password: apiKey,
    })
    return undoStores(record, helperEnv, {
      id: work.id,
      auth,
      say: say,
      warn: core_warning,
    })
  })
}
function restore({ name, before, written }) {
  if (process.env[name] === written) exportVariable(name, before)
}
async function warnOnError(body) {
  try {
    await body()
  } catch (error) {
    core_warning(`Cleanup incomplete: ${error.message}`)
  }
}
// CONCATENATED MODULE: ./build/src/report/summary.js
function summaryOf(message) {
  let lines = message.split('\n').map(line => {
    if (/^ {4}/.test(line)) return `\n\`\`\`sh\n${line.trim()}\n\`\`\`\n`
    return line.startsWith('See https://') ? `\n${line}` : escaped(line)
  })
  return `### Login to IBM Cloud Container Registry failed\n\n${lines.join('\n')}\n`
}
function escaped(line) {
  return line.replace(/[\\`*_{}[\]<>#|!&~$@]/g, '\\$&')
}
// CONCATENATED MODULE: ./build/src/signals.js
let EXIT_CODES = {
  SIGINT: 130,
  SIGTERM: 143,
}
function endOnSignals(work) {
  for (let [signal, exitCode] of Object.entries(EXIT_CODES))
    process.once(signal, () => {
      killAll()
      blockScratch(work)
      process.exit(exitCode)
    })
}
// CONCATENATED MODULE: ./build/src/steps.js
let steps_STATE = 'work-folder'
async function mainStep() {
  process.once('beforeExit', () => fail(new Error('the step stopped halfway')))
  try {
    let work = newWorkFolder(process.env)
    saveFolder(work)
    endOnSignals(work)
    await main(work)
  } catch (error) {
    fail(error)
  }
  end()
}
async function postStep() {
  let folder = getState(steps_STATE)
  if ('' !== folder) await post(workFolderAt(folder))
  end()
}
function saveFolder({ path: path1 }) {
  let file = process.env.GITHUB_STATE
  if ((0, node_fs.existsSync)(file ?? '') && !/[\r\n]/.test(path1))
    (0, node_fs.appendFileSync)(`${file}`, `${steps_STATE}=${path1}${node_os.EOL}`)
  else saveState(steps_STATE, path1)
}
function end() {
  process.stdout.write('', () => process.exit())
}
function fail(thrown) {
  let error = errorOfMachine(thrown) ?? thrown
  if (error instanceof UserError) {
    setFailed(error.message)
    if ('' !== error.details) {
      startGroup('Client and registry output')
      quote(error.details)
      endGroup()
    }
    summarize(error.message)
  } else {
    setFailed(`Unexpected error (this is a bug in icr-login): ${error}. Please report it.`)
    if (error instanceof Error) debug(error.stack ?? '')
  }
}
function errorOfMachine(error) {
  let said = refusalOfSystem(error)
  if (void 0 === said) return
  let shortage = shortageIn(said)
  return new UserError(
    `${shortage ? `This machine ran out of ${shortage}.` : 'RUNNER_TEMP, or a file that the runner made there, is missing or not writable.'} ${said}`,
  )
}
function summarize(message) {
  let file = process.env.GITHUB_STEP_SUMMARY
  if (!file) return
  try {
    ;(0, node_fs.appendFileSync)(file, summaryOf(withoutSecrets(message)))
  } catch (error) {
    debug(`The job summary could not be written: ${error.message}`)
  }
}
// CONCATENATED MODULE: ./build/src/index.js
module.exports = { mainStep, postStep }
