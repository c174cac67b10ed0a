/** Why an attempt failed, and whether it is worth retrying. Refused credentials are not: they stay wrong. */
const IS_TRANSIENT = {
  'foreign-url': false,
  'no-challenge': false,
  'private-only': false,
  quota: false,
  'old-client': false,
  'wrote-elsewhere': false,
  'wrote-to-helper': false,
  'no-user-namespace': false,
  // It may still be starting, as next to a runner in a cluster.
  daemon: true,
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

/** Details of a failed attempt. */
interface FaultDetails {
  /** The HTTP status of the response, if there was one. */
  status?: number
  /** How long the server asks to wait before the next attempt, in milliseconds. */
  retryAfterMs?: number
  /** The line of the output that shows the cause; by default, the last line. */
  line?: string | undefined
}

/**
 * A failed attempt. Its cause is set where the failure happens, so that later code does not parse the
 * message, which is the output of the client, the registry, or the network.
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

  /** Whether the attempt is worth retrying. */
  get isTransient(): boolean {
    return IS_TRANSIENT[this.cause]
  }
}
