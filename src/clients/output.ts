import { type Cause, Fault } from '../fault.ts'
import { causeOfMessage } from '../ibm/answer.ts'
import { shortageFault } from '../shortage.ts'

/** Matches an HTTP status code after the words that clients print before it. */
const status = (number: number | string) => new RegExp(`(?:status|HTTP)\\D{0,40}\\b${number}\\b`, 'i')

/**
 * Client output and its cause. The first matching row counts, so the order matters. The wording differs
 * between versions and systems, so rows match status codes and the parts that come from Go's libraries;
 * Windows translates the rest of its messages. Samples of the output, with the client versions, are in
 * __tests__/unit/outputs.ts.
 */
export const CAUSES: [cause: Cause, words: RegExp[]][] = [
  ['old-client', [/unknown flag: --/, /client version \S+ is too old/, /client version \S+ is too new/]],
  // Rootless podman and buildah, if the kernel denies them a user namespace. Warnings about it do not match.
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
  ['proxy-login', [/Proxy Authentication Required/, status(407)]],
  [
    'proxy',
    // For a proxy's refusal, Go prints only the reason phrase of the status line. Go's own messages are in
    // lowercase.
    [/\bGet \S+: (?!EOF\b)[A-Z][^":\n]*"?$/m, /proxyconnect/],
  ],
  ['throttled', [/toomanyrequests/, /too many requests/i, status(429)]],
  ['refused', [/\bunauthorized:/, /invalid username\/password/, status(400), status(401)]],
  ['denied', [/: denied:/, /access to the resource is denied/, status(403)]],
  ['unavailable', [status('5\\d\\d')]],
  [
    'no-challenge',
    [
      status(404),
      /HTTP response to HTTPS client/,
      /look like a TLS handshake/,
      /malformed (?:HTTP|MIME) /,
      /invalid byte in chunk length/,
      // An invalid token: docker, podman 5 and its siblings, podman 4 and its siblings.
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

/**
 * Turns client output into a fault.
 *
 * @param output what a client printed, which may include the registry's own message
 */
export function faultOfOutput(output: string): Fault {
  const shortage = shortageFault(output)
  if (shortage !== undefined) return shortage
  const [cause, words] = CAUSES.find(([, words]) => words.some(word => word.test(output))) ?? ['unknown', []]
  const seconds = Number(output.match(/retry.after\D{0,3}(\d+)/i)?.[1] ?? 0)
  return new Fault(causeOfMessage(output) ?? cause, output, {
    retryAfterMs: seconds * 1000,
    line: withoutNoise(output).find(line => words.some(word => word.test(line))),
  })
}

/** The lines of client output that matter to a user, without info and debug messages. */
export function withoutNoise(output: string): string[] {
  return output.split('\n').filter(line => !/level=(?:info|debug)/.test(line))
}
