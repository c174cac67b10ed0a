/** Why something failed, as far as the words of a client, the registry or the network tell. */
export type Cause = (typeof CAUSES)[number]['cause'] | 'unknown'

/** A status number with the words that clients and this action put before one. */
const status = (numbers: string) => new RegExp(`(?:status|registry|HTTP)\\D{0,40}\\b(?:${numbers})\\b`, 'i')
const anyOf = (...patterns: RegExp[]) => new RegExp(patterns.map(({ source }) => source).join('|'), 'im')

/**
 * What is said, and what it means; the first row that fits counts. The wording changes between versions, so
 * rows go by status numbers and stable words (docker 20 to 28, podman 4 and 5, buildah 1.28 to 1.39, skopeo 1.9
 * to 1.18, Node 24). `passing` faults are worth another try; a refusal is never tried again.
 */
const CAUSES = [
  { cause: 'foreign-url', passing: false, words: /for the next request/ },
  { cause: 'no-challenge', passing: false, words: /No challenge to log in/ },
  { cause: 'private-only', passing: false, words: /private-only access/i },
  { cause: 'quota', passing: false, words: /exceeded your|has exceeded|quota/i },
  {
    cause: 'old-client',
    passing: false,
    words: /unknown (?:shorthand )?flag|flag provided but not defined/i,
  },
  // Rootless podman and buildah, where the kernel gives them no user namespace.
  {
    cause: 'no-user-namespace',
    passing: false,
    words: /CLONE_NEWUSER|cannot (?:clone|re-exec)|newuidmap|newgidmap/i,
  },
  { cause: 'daemon', passing: false, words: /docker daemon|docker\.sock|error during connect/i },
  { cause: 'proxy-login', passing: false, words: /Proxy Authentication Required|\b407\b/i },
  {
    cause: 'proxy',
    passing: true,
    // Go says no more of a proxy's refusal than the words of its status.
    words:
      /": (?:Bad Gateway|Forbidden|Service Unavailable|Gateway Timeout|Internal Server Error)\W*$|proxyconnect|establish tunnel/im,
  },
  { cause: 'throttled', passing: true, words: anyOf(/toomanyrequests|too many requests/, status('429')) },
  {
    cause: 'refused',
    passing: false,
    words: anyOf(/unauthorized|invalid username\/password/, status('400|401')),
  },
  { cause: 'denied', passing: false, words: anyOf(/\bdenied: /, status('403')) },
  { cause: 'unavailable', passing: true, words: status('500|502|503|504') },
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
    words: /connection re(?:set|fused)|ECONNRE|EOF|broken pipe|hang up|unreachable|aborted/i,
  },
] as const

/**
 * @param words what was printed or answered
 * @returns the cause, and whether another try makes sense
 */
export function causeOf(words: string): { cause: Cause; passing: boolean } {
  return CAUSES.find(row => row.words.test(words)) ?? { cause: 'unknown', passing: false }
}
