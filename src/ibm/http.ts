import type { Agent, RequestOptions } from 'node:https'
import { type Cause, Fault } from '../fault.ts'
import { shortageFault } from '../shortage.ts'
import { isUsable, proxyFor } from './proxy.ts'

/** What a server answered. */
export interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: string
}

/** Answers that matter here are short; more than this of one is not read. In bytes. */
const MOST_BYTES = 1024 * 1024

/** Keep connections open for the step's next requests, by proxy or past it. They do not keep the process from ending. */
const agents = new Map<string | undefined, Agent>()

/**
 * One HTTPS request, through the proxy that the environment names (`HTTPS_PROXY`, `NO_PROXY`, as for the clients) and
 * trusting the authorities that Node does (`NODE_EXTRA_CA_CERTS`). Redirections are not followed.
 *
 * @param timeoutMs for all of it, in milliseconds
 * @param direct whether no proxy may see it; then `http:` will do too
 * @throws Fault with what the network, the proxy or TLS did
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
  const { method = 'GET', headers = {}, body, timeoutMs, direct = false } = options
  const isPlain = direct && `${url}`.startsWith('http:')
  const http = loadHttp(isPlain)
  const proxy = direct ? undefined : proxyFor(new URL(url).hostname, process.env)
  if (proxy !== undefined && !isUsable(proxy)) throw new Fault('proxy-url', proxy.variable)
  const signal = AbortSignal.timeout(timeoutMs)
  try {
    const agent = direct ? new http.Agent() : agentFor(proxy?.url)
    return await send(http, url, { agent, method, headers, signal }, body)
  } catch (error) {
    throw signal.aborted ? new Fault('no-answer', 'connection timed out') : networkFault(error)
  }
}

/**
 * Node's https, or http, which differs in nothing that is used here. Loaded late: most steps make no request of their
 * own, and it takes a third of the step's start.
 */
export function loadHttp(isPlain = false): typeof import('node:https') {
  return process.getBuiltinModule(isPlain ? 'node:http' : 'node:https') as typeof import('node:https')
}

function agentFor(proxy: string | undefined): Agent {
  const kept = agents.get(proxy)
  if (kept !== undefined) return kept
  const agent = new (loadHttp().Agent)({ keepAlive: true, proxyEnv: { HTTPS_PROXY: proxy } })
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
      // The server may close a kept connection just as it is used again. What may have been done by then is repeated
      // here only if that changes nothing (RFC 9110, section 9.2.2); a POST is for the next attempt.
      const isRepeatable = options.method !== 'POST' && networkFault(error).cause === 'network'
      if (sent.reusedSocket && isRepeatable) resolve(send(http, url, options, body))
      else reject(error)
    })
    sent.end(body)
  })
}

/** Node's `error.code` → cause. */
const CODES = new Map<string, Cause>([
  ['ENOTFOUND', 'no-such-host'],
  ['EAI_AGAIN', 'no-such-host'],
  ['ECONNREFUSED', 'network'],
  ['ECONNRESET', 'network'],
  ['ECONNABORTED', 'network'],
  ['EPIPE', 'network'],
  ['EHOSTUNREACH', 'network'],
  ['ENETUNREACH', 'network'],
  ['ETIMEDOUT', 'no-answer'],
])

/** Codes of OpenSSL's verification and of Node's own check of the host name. */
const CERTIFICATE = /CERT|UNABLE_TO_|CRL|INVALID_CA/

/** What Node threw at a request, as a fault. Where several addresses were tried, the first that tells counts. */
export function networkFault(error: unknown): Fault {
  const {
    code = '',
    message,
    errors,
    statusCode,
  } = error as NodeJS.ErrnoException & {
    errors?: Error[]
    statusCode?: number
  }
  // Node's error for a proxy that does not connect.
  if (code === 'ERR_PROXY_TUNNEL') return new Fault(statusCode === 407 ? 'proxy-login' : 'proxy', message)
  const shortage = shortageFault(message || code)
  if (shortage !== undefined) return shortage
  const cause = CODES.get(code) ?? (CERTIFICATE.test(code) ? 'certificate' : undefined)
  const output = message || errors?.map(({ message }) => message).join('; ') || code
  if (cause !== undefined) return new Fault(cause, output)
  const known = errors?.map(networkFault).find(({ cause }) => cause !== 'unknown')
  return new Fault(known?.cause ?? 'unknown', output)
}
