/** What a server answered. */
export interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: string
}

/** Answers that matter here are short; more than this of one is not read. In bytes. */
const MOST_BYTES = 1024 * 1024

/** The proxy that the environment names for HTTPS. Without a scheme it is an HTTP proxy, as for the clients. */
export function httpsProxy(env: NodeJS.ProcessEnv): string | undefined {
  const proxy = env.https_proxy || env.HTTPS_PROXY
  if (!proxy) return undefined
  return proxy.includes('://') ? proxy : `http://${proxy}`
}

/**
 * One HTTPS request, through the proxy that the environment names (`HTTPS_PROXY`, `NO_PROXY`, as Node 24 does
 * it) and trusting the authorities that Node does (`NODE_EXTRA_CA_CERTS`). Redirections are not followed.
 *
 * @param timeoutMs for all of it, in milliseconds
 * @throws Error whose message says what the network, the proxy or TLS did
 */
export async function request(
  url: URL | string,
  options: { method?: string; headers?: Record<string, string>; body?: string; timeoutMs: number },
): Promise<Answer> {
  // Loaded late: most steps make no request of their own, and it takes a third of the step's start.
  const https = process.getBuiltinModule('node:https')
  const { method = 'GET', headers = {}, body, timeoutMs } = options
  return new Promise((resolve, reject) => {
    const proxy = httpsProxy(process.env)
    const agent = new https.Agent({ proxyEnv: { ...process.env, https_proxy: proxy, HTTPS_PROXY: proxy } })
    const signal = AbortSignal.timeout(timeoutMs)
    const sent = https.request(url, { agent, method, headers, signal }, response => {
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
    sent.on('error', error => reject(signal.aborted ? new Error('timed out: no answer') : error))
    sent.end(body)
  })
}
