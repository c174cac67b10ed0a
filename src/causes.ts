/** Why a login failed, as far as what the client says tells. */
export type Cause = (typeof CAUSES)[number]['cause'] | 'no-answer' | 'unknown'

/**
 * What clients say, and what it means; the first row that fits counts. The wording changes between versions,
 * so rows go by status numbers and stable words (docker 20 to 28, podman 4 and 5, buildah 1.28 to 1.39,
 * skopeo 1.9 to 1.18). `passing` faults are worth another try; a refusal is never tried again.
 */
const CAUSES = [
  { cause: 'private-only', passing: false, words: /private-only access/i },
  { cause: 'quota', passing: false, words: /exceeded your|has exceeded|quota/i },
  {
    cause: 'old-client',
    passing: false,
    words: /unknown (?:shorthand )?flag|flag provided but not defined/i,
  },
  { cause: 'daemon', passing: false, words: /docker daemon|docker\.sock|error during connect/i },
  {
    cause: 'proxy',
    passing: false,
    words: /Proxy Authentication Required|proxyconnect.*(?:refused|no such host)/i,
  },
  {
    cause: 'proxy',
    passing: true,
    words: /": (?:Bad Gateway|Forbidden|Service Unavailable|Gateway Timeout)\W*$|proxyconnect/im,
  },
  {
    cause: 'throttled',
    passing: true,
    words: /toomanyrequests|too many requests|(?:status|registry|HTTP)\D{0,40}\b429\b/i,
  },
  {
    cause: 'refused',
    passing: false,
    words: /unauthorized|invalid username\/password|(?:status|registry|HTTP)\D{0,40}\b40[01]\b/i,
  },
  { cause: 'denied', passing: false, words: /(?:status|registry|HTTP)\D{0,40}\b403\b|\bdenied: /i },
  { cause: 'unavailable', passing: true, words: /(?:status|registry|HTTP)\D{0,40}\b50[0234]\b/i },
  { cause: 'no-such-host', passing: true, words: /no such host|server misbehaving|name resolution/i },
  { cause: 'certificate', passing: false, words: /x509|certificate/i },
  {
    cause: 'network',
    passing: true,
    words:
      /connection re(?:set|fused)|EOF|broken pipe|i\/o timeout|time[d-]? ?out|unreachable|deadline exceeded|Client\.Timeout/i,
  },
] as const

/**
 * @param words what the client printed
 * @returns the cause, and whether another try makes sense
 */
export function causeOf(words: string): { cause: Cause; passing: boolean } {
  return CAUSES.find(row => row.words.test(words)) ?? { cause: 'unknown', passing: false }
}
