import type { Agent, RequestOptions } from 'node:https'
import { type Cause, Fault } from '../fault.ts'
import { shortageFault } from '../shortage.ts'
import { isUsable, proxyFor } from './proxy.ts'

/** A server's response. */
export interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: string
}

/**
 * Maximum size of a response body, in bytes. The rest is discarded: all relevant responses are much shorter.
 */
const MOST_BYTES = 1024 * 1024

/**
 * How long each address of a host but the last may take to connect, in milliseconds. Node's default of 250 is
 * less than a round trip around the world. This is enough even if a packet is lost and sent again, a second later.
 */
const CONNECTING = { autoSelectFamilyAttemptTimeout: 2000 }

/**
 * One agent per proxy, and one for direct requests. They keep connections open for the step's next requests,
 * but do not keep the process alive.
 */
const agents = new Map<string | undefined, Agent>()

/**
 * Sends one HTTPS request, through the proxy set in the environment (`HTTPS_PROXY`, `NO_PROXY`; same rules as
 * the clients). Trusts the same certificate authorities as Node (`NODE_EXTRA_CA_CERTS`). Does not follow
 * redirects.
 *
 * @param timeoutMs for the whole request, in milliseconds
 * @param direct bypass any proxy; `http:` is then allowed, too
 * @throws Fault for network, proxy, and TLS errors
 */
export async function request(
  url: URL | string,
  options: {
    method?: string
    headers?: Record<string, string>
    body?: string
    timeoutMs: number
    direct?: boolean
  },
): Promise<Answer> {
  const { method = 'GET', body, timeoutMs, direct = false } = options
  // Without this header, a server may compress the response.
  const headers = { 'accept-encoding': 'identity', ...options.headers }
  const isPlain = direct && `${url}`.startsWith('http:')
  const http = loadHttp(isPlain)
  const proxy = direct ? undefined : proxyFor(new URL(url).hostname, process.env)
  if (proxy !== undefined && !isUsable(proxy)) throw new Fault('proxy-url', proxy.variable)
  const signal = AbortSignal.timeout(timeoutMs)
  try {
    // Node ignores a scheme in capitals, which the clients accept.
    const agent = direct ? new http.Agent(CONNECTING) : agentFor(proxy && new URL(proxy.url).href)
    return await send(http, url, { agent, method, headers, signal }, body)
  } catch (error) {
    throw signal.aborted ? new Fault('no-answer', 'connection timed out') : networkFault(error, proxy?.url)
  }
}

/**
 * Node's https module, or http, whose API is the same for all that is used here. Loaded on demand: most steps
 * make no requests of their own, and loading it takes a third of the step's startup time.
 */
export function loadHttp(isPlain = false): typeof import('node:https') {
  return process.getBuiltinModule(isPlain ? 'node:http' : 'node:https') as typeof import('node:https')
}

function agentFor(proxy: string | undefined): Agent {
  const kept = agents.get(proxy)
  if (kept !== undefined) return kept
  const agent = new (loadHttp().Agent)({ ...CONNECTING, keepAlive: true, proxyEnv: { HTTPS_PROXY: proxy } })
  agents.set(proxy, agent)
  return agent
}

function send(
  http: typeof import('node:https'),
  url: URL | string,
  options: RequestOptions,
  body: string | undefined,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = http.request(url, options, response => {
      sent.off('close', noResponse)
      const chunks: Buffer[] = []
      let bytes = 0
      response.on('data', (chunk: Buffer) => {
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
      // The server may close a kept-alive connection just as it is reused. The request may already have been
      // processed, but here even a POST may be repeated: another token, or another empty upload, does no harm.
      if (sent.reusedSocket && networkFault(error).cause === 'network')
        resolve(send(http, url, options, body))
      else reject(error)
    })
    // Node reports no error for a response that it drops, such as 101.
    const noResponse = () => reject(new Error('Parse Error: no HTTP response'))
    sent.on('close', noResponse)
    // Node does not abort a request while a proxy opens its tunnel, which may take forever.
    options.signal?.addEventListener('abort', reject)
    sent.end(body)
  })
}

/** Node's `error.code` → cause. */
const CODES = new Map<string, Cause>([
  ['ECONNRESET', 'network'],
  ['ECONNABORTED', 'network'],
  ['EPIPE', 'network'],
  ['EHOSTUNREACH', 'network'],
  ['ENETUNREACH', 'network'],
  ['ETIMEDOUT', 'no-answer'],
])

/** Node's `error.syscall` → cause, for all other codes: there are many, and each system has its own. */
const SYSCALLS = new Map<string, Cause>([
  ['getaddrinfo', 'no-such-host'],
  ['connect', 'network'],
])

/** Messages of OpenSSL and of Node's HTTP parser → cause, as for the clients. */
const WRONG_VERSION = /:wrong version number:/
const MESSAGES: [RegExp, Cause][] = [
  [/SSL alert number/, 'network'],
  [WRONG_VERSION, 'no-challenge'],
  [/^Parse Error/, 'no-challenge'],
]

/** Codes of OpenSSL's certificate verification and of Node's host name check. */
const CERTIFICATE = /CERT|UNABLE_TO_|CRL|INVALID_CA/

/**
 * Turns a request error of Node into a fault. If several addresses were tried, the first known code counts.
 *
 * @param proxy the URL of the proxy, if one was set: then it is the only host that Node resolves and connects to
 */
export function networkFault(error: unknown, proxy?: string): Fault {
  const {
    code = '',
    syscall = '',
    message,
    errors,
    statusCode,
  } = error as NodeJS.ErrnoException & {
    errors?: Error[]
    statusCode?: number
  }
  // Node's error if the proxy does not open a tunnel.
  if (code === 'ERR_PROXY_TUNNEL') return new Fault(statusCode === 407 ? 'proxy-login' : 'proxy', message)
  const shortage = shortageFault(message || code)
  if (shortage !== undefined) return shortage
  // An error about several addresses has the code of the first, but does not say what failed.
  const faults = errors?.map(error => networkFault(error, proxy))
  // Often, the URL of a proxy without TLS starts with https://, as the name of the variable suggests.
  const isProxys = proxy && (SYSCALLS.has(syscall) || (WRONG_VERSION.test(message) && /^https/i.test(proxy)))
  const cause =
    faults?.find(({ cause }) => cause !== 'unknown')?.cause ??
    (isProxys ? 'proxy' : CODES.get(code)) ??
    SYSCALLS.get(syscall) ??
    MESSAGES.find(([pattern]) => pattern.test(message))?.[1] ??
    (CERTIFICATE.test(code) ? 'certificate' : 'unknown')
  // OpenSSL's messages end with a line break, and the last line of an output is the one that is shown.
  return new Fault(cause, message?.trim() || faults?.map(({ output }) => output).join('; ') || code)
}
