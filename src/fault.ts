/** Why an attempt fails, and whether another one makes sense. A refusal is final: a wrong key does not become right. */
const IS_TRANSIENT = {
  'foreign-url': false,
  'no-challenge': false,
  'private-only': false,
  quota: false,
  'old-client': false,
  'wrote-elsewhere': false,
  'wrote-to-helper': false,
  'no-user-namespace': false,
  daemon: false,
  'proxy-login': false,
  'proxy-url': false,
  proxy: true,
  throttled: true,
  refused: false,
  denied: false,
  unavailable: true,
  'no-such-host': true,
  certificate: false,
  'no-answer': true,
  network: true,
  killed: true,
  shortage: false,
  unknown: false,
} satisfies Record<string, boolean>

export type Cause = keyof typeof IS_TRANSIENT

/** What else is known of a failed attempt. */
interface FaultDetails {
  /** The HTTP status of the answer, where there was one. */
  status?: number
  /** How long the other side asks to wait before the next attempt, in milliseconds. */
  retryAfterMs?: number
  /** What tells the cause in one line; if not given, the last line of the output. */
  line?: string | undefined
}

/**
 * A failed attempt. Its cause is set where it happens, as data, and nothing later reads it out of the message, which
 * is the output of the client, the registry or the network.
 */
export class Fault extends Error {
  override readonly cause: Cause
  readonly status: number | undefined
  readonly retryAfterMs: number
  readonly line: string | undefined

  constructor(cause: Cause, output: string, { status, retryAfterMs = 0, line }: FaultDetails = {}) {
    super(output)
    this.cause = cause
    this.status = status
    this.retryAfterMs = retryAfterMs
    this.line = line
  }

  get output(): string {
    return this.message
  }

  /** Whether another attempt makes sense. */
  get isTransient(): boolean {
    return IS_TRANSIENT[this.cause]
  }
}
