/** Where the variables route a request to `us.icr.io`: through the expected proxy, another one, or none. */
export type Way = 'proxy' | 'other' | 'direct'

/** Placeholders: PROXY and OTHER for proxy URLs, ADDRESS for the address of us.icr.io. */
export type Variables = Record<string, string>

const noProxy = (way: Way, ...values: string[]): [Variables, Way][] =>
  values.map(value => [{ HTTPS_PROXY: 'PROXY', NO_PROXY: value }, way])

/**
 * Go's rules, which the clients follow: https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config. The unit
 * tests check the action against this table, and the end-to-end tests also the clients.
 */
export const PROXY_RULES: [Variables, Way][] = [
  // The proxy.
  [{ HTTPS_PROXY: 'PROXY' }, 'proxy'],
  [{ https_proxy: 'PROXY' }, 'proxy'],
  [{ HTTPS_PROXY: 'PROXY', https_proxy: 'OTHER' }, 'proxy'],
  [{ HTTPS_PROXY: '', https_proxy: 'PROXY' }, 'proxy'],
  [{ HTTP_PROXY: 'OTHER', http_proxy: 'OTHER', ALL_PROXY: 'OTHER' }, 'direct'],
  [{ HTTPS_PROXY: 'PROXY', REQUEST_METHOD: 'GET' }, 'proxy'],
  // A domain and its subdomains; with a leading dot, only the subdomains.
  ...noProxy('direct', 'us.icr.io', 'icr.io', 'io', '.icr.io', '*.icr.io', 'US.icr.IO'),
  ...noProxy('proxy', '.us.icr.io', '*.us.icr.io', 'cr.io', '*icr.io', 'us.*', 'de.icr.io', 'us.icr.io.'),
  // With a port.
  ...noProxy('direct', 'us.icr.io:443', '.icr.io:443', 'us.icr.io:'),
  ...noProxy('proxy', 'us.icr.io:8443', 'icr.io:80', ':443', 'us.icr.io:443:443'),
  // A URL is not a host.
  ...noProxy('proxy', 'https://us.icr.io', 'us.icr.io/', '//us.icr.io'),
  // Everything.
  ...noProxy('direct', '*', 'localhost, *'),
  // Addresses are compared with the host in the request, not with what it resolves to.
  ...noProxy('proxy', '127.0.0.0/8', 'ADDRESS', '0.0.0.0/0', '::/0', '[::1]:443'),
  // Separated by commas.
  ...noProxy('direct', 'localhost,us.icr.io', ' localhost , , us.icr.io , '),
  ...noProxy('proxy', '', ',', 'localhost us.icr.io', 'us.icr.io;localhost'),
  [{ HTTPS_PROXY: 'PROXY', no_proxy: 'us.icr.io' }, 'direct'],
  [{ HTTPS_PROXY: 'PROXY', NO_PROXY: '', no_proxy: 'us.icr.io' }, 'direct'],
  [{ HTTPS_PROXY: 'PROXY', NO_PROXY: 'localhost', no_proxy: 'us.icr.io' }, 'proxy'],
]
