import { type Cause, Fault } from '../fault.ts'
import { causeOfMessage } from '../ibm/answer.ts'
import { shortageFault } from '../shortage.ts'

/** A status number with the words that clients put before one. */
const status = (number: number) => new RegExp(`(?:status|HTTP)\\D{0,40}\\b${number}\\b`, 'i')

/**
 * What clients print, and its cause; the first row that fits counts, so its place matters. The wording changes between
 * versions and systems, so rows go by status numbers and by the parts that Go's libraries put in, which Windows leaves
 * in English where it translates the rest. What was printed, by which version, is in __tests__/unit/outputs.ts.
 */
export const CAUSES: { cause: Cause; words: RegExp[] }[] = [
  {
    cause: 'old-client',
    words: [/unknown flag: --/, /client version \S+ is too old/, /client version \S+ is too new/],
  },
  // Rootless podman and buildah, where the kernel gives them no user namespace. A mere warning is not among them.
  {
    cause: 'no-user-namespace',
    words: [
      /unshare\(CLONE_NEWUSER\)/,
      /cannot re-exec process/,
      /required for rootless mode/,
      /(?:^ERRO|level=error).*\bnew[ug]idmap: /m,
    ],
  },
  {
    cause: 'daemon',
    words: [
      /docker daemon/i,
      /docker API at/,
      /docker endpoint/,
      /error during connect/,
      /supports the requested API version/,
      /\bca\.pem\b/,
      /no valid private key/,
    ],
  },
  { cause: 'proxy-login', words: [/Proxy Authentication Required/, status(407)] },
  {
    cause: 'proxy',
    // Of a proxy's refusal Go says the words of the status line, and nothing else. Its own words are in small letters.
    words: [/\bGet \S+: (?!EOF\b)[A-Z][^":\n]*"?$/m, /proxyconnect/],
  },
  { cause: 'throttled', words: [/toomanyrequests/, /too many requests/i, status(429)] },
  { cause: 'refused', words: [/\bunauthorized:/, /invalid username\/password/, status(400), status(401)] },
  { cause: 'denied', words: [/: denied:/, /access to the resource is denied/, status(403)] },
  { cause: 'unavailable', words: [500, 502, 503, 504].map(status) },
  {
    cause: 'no-challenge',
    words: [
      status(404),
      /HTTP response to HTTPS client/,
      /look like a TLS handshake/,
      /malformed HTTP response/,
      // A token that is none: of docker, of podman 5 and the like, of podman 4 and the like.
      /decode token response/,
      /decoding bearer token/,
      /creds for \S+ invalid character/,
      /creds for \S+ unexpected end of JSON/,
    ],
  },
  { cause: 'no-such-host', words: [/\blookup /] },
  { cause: 'certificate', words: [/x509:/] },
  {
    cause: 'no-answer',
    words: [/timeout/i, /timed out/, /deadline exceeded/, /did not properly respond/],
  },
  {
    cause: 'network',
    words: [/\bdial tcp /, /\bread tcp /, /\bwrite tcp /, /\bEOF\b/, /remote error: tls:/],
  },
]

/**
 * @param output what a client printed, which may hold the registry's own message
 * @returns the fault that it tells of
 */
export function faultOfOutput(output: string): Fault {
  const shortage = shortageFault(output)
  if (shortage !== undefined) return shortage
  const { cause = 'unknown', words = [] } =
    CAUSES.find(({ words }) => words.some(word => word.test(output))) ?? {}
  const seconds = Number(output.match(/retry.after\D{0,3}(\d+)/i)?.[1] ?? 0)
  return new Fault(causeOfMessage(output) ?? cause, output, {
    retryAfterMs: seconds * 1000,
    line: withoutNoise(output).find(line => words.some(word => word.test(line))),
  })
}

/** The lines that matter to a person: without the log noise of clients. */
export function withoutNoise(output: string): string[] {
  return output.split('\n').filter(line => !/level=(?:info|debug)/.test(line))
}
