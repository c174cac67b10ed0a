/** A proxy, and the variable that names it. */
export interface Proxy {
  variable: string
  url: string
}

/**
 * The proxy for HTTPS requests to a host. Follows Go's rules, as the clients do
 * (https://pkg.go.dev/golang.org/x/net/http/httpproxy), except those for IP addresses, `localhost`, and other
 * ports: all requests here are to domain names on port 443.
 */
export function proxyFor(host: string, env: NodeJS.ProcessEnv): Proxy | undefined {
  const variable = env.HTTPS_PROXY ? 'HTTPS_PROXY' : 'https_proxy'
  const url = env[variable]
  const exceptions = (env.NO_PROXY || env.no_proxy || '').toLowerCase().split(',')
  if (!url || exceptions.some(exception => matches(exception.trim(), host))) return undefined
  return { variable, url: url.includes('://') ? url : `http://${url}` }
}

function matches(exception: string, host: string): boolean {
  if (exception === '*') return true
  const name = exception.match(/^(?:\*(?=\.))?([^:]+)(?::(?:443)?)?$/)?.[1]
  if (name === undefined) return false
  return name.startsWith('.') ? host.endsWith(name) : host === name || host.endsWith(`.${name}`)
}

/** Whether Node can use a proxy. It does not support SOCKS, and must be able to parse the credentials. */
export function isUsable({ url }: Proxy): boolean {
  try {
    const { protocol, username, password } = new URL(url)
    decodeURIComponent(username + password)
    // An @ after the end of the host means that a password is not URL-encoded, so it was cut off. The clients
    // ignore a proxy with a space or a line break.
    return ['http:', 'https:'].includes(protocol) && !/[/?#].*@|\s/s.test(url.slice(url.indexOf('://') + 3))
  } catch {
    return false
  }
}
