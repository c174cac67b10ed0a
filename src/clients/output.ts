import { type Cause, Fault } from '../fault.ts'
import { causeOfMessage } from '../ibm/answer.ts'

/** A status number with the words that clients put before one. */
const status = (numbers: string) => new RegExp(`(?:status|registry|HTTP)\\D{0,40}\\b(?:${numbers})\\b`, 'i')
const anyOf = (...patterns: RegExp[]) => new RegExp(patterns.map(({ source }) => source).join('|'), 'im')

/**
 * What clients print, and its cause; the first row that fits counts. The wording changes between versions, so rows go
 * by status numbers and stable words (docker 20 to 28, podman 4 and 5, buildah 1.28 to 1.39, skopeo 1.9 to 1.18).
 */
const CAUSES: { cause: Cause; output: RegExp }[] = [
  {
    cause: 'old-client',
    output:
      /unknown (?:shorthand )?flag|flag provided but not defined|client version \S+ is too (?:old|new)/i,
  },
  // Rootless podman and buildah, where the kernel gives them no user namespace.
  { cause: 'no-user-namespace', output: /CLONE_NEWUSER|cannot (?:clone|re-exec)|newuidmap|newgidmap/i },
  {
    cause: 'daemon',
    output:
      /docker daemon|docker\.sock|error during connect|docker API at|docker endpoint|\b(?:ca|cert|key)\.pem\b/i,
  },
  { cause: 'proxy-login', output: /Proxy Authentication Required|\b407\b/i },
  {
    cause: 'proxy',
    // Go says no more of a proxy's refusal than the words of its status.
    output:
      /": (?:Bad Gateway|Forbidden|Service Unavailable|Gateway Timeout|Internal Server Error)\W*$|proxyconnect/im,
  },
  { cause: 'throttled', output: anyOf(/toomanyrequests|too many requests/, status('429')) },
  { cause: 'refused', output: anyOf(/unauthorized|invalid username\/password/, status('400|401')) },
  { cause: 'denied', output: anyOf(/\bdenied: /, status('403')) },
  { cause: 'unavailable', output: status('500|502|503|504') },
  { cause: 'no-such-host', output: /no such host|server misbehaving|name resolution/i },
  { cause: 'certificate', output: /x509|certificate/i },
  {
    cause: 'no-answer',
    output: /no answer|i\/o timeout|timed? ?out|deadline exceeded|did not properly respond/i,
  },
  {
    cause: 'network',
    output:
      /connection re(?:set|fused)|EOF|broken pipe|hang up|unreachable|no route to host|aborted|actively refused|forcibly closed/i,
  },
]

/**
 * @param output what a client printed, which may hold the registry's own message
 * @returns the fault that it tells of
 */
export function faultOfOutput(output: string): Fault {
  const cause =
    causeOfMessage(output) ?? CAUSES.find(row => row.output.test(output))?.cause ?? ('unknown' as const)
  const seconds = Number(output.match(/retry.after\D{0,3}(\d+)/i)?.[1] ?? 0)
  return new Fault(cause, output, { retryAfterMs: seconds * 1000 })
}

/** The lines that matter to a person: without the log noise of clients. */
export function withoutNoise(output: string): string[] {
  return output.split('\n').filter(line => !/level=(?:info|debug)/.test(line))
}
