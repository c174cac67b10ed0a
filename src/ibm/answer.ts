import { type Cause, Fault } from '../fault.ts'
import { parseJson } from '../json.ts'
import type { Answer } from './http.ts'

/** Registry messages whose cause the HTTP status alone does not tell. */
const MESSAGES: [RegExp, Cause][] = [
  [/private-only access|access this account over the private network/i, 'private-only'],
  [/(?<!disk )quota/i, 'quota'],
]

const STATUSES = new Map<number, Cause>([
  [400, 'refused'],
  [401, 'refused'],
  [403, 'denied'],
  // From a proxy that inspects TLS connections: it responds in place of the registry.
  [407, 'proxy-login'],
  [408, 'no-answer'],
  [429, 'throttled'],
])

/** @returns undefined if the message adds nothing to the HTTP status */
export function causeOfMessage(message: string): Cause | undefined {
  return MESSAGES.find(([pattern]) => pattern.test(message))?.[1]
}

/** Turns an error response into a fault, in the registry's own words. */
export function faultOfAnswer(answer: Answer): Fault {
  const { status, headers } = answer
  const message = messageOf(answer)
  const wait = [headers['retry-after']].flat()[0]
  const cause = causeOfMessage(message) ?? STATUSES.get(status) ?? (status >= 500 ? 'unavailable' : 'unknown')
  return new Fault(
    cause,
    `HTTP ${status}: ${message}${wait === undefined ? '' : ` (retry-after: ${wait})`}`,
    {
      status,
      retryAfterMs: millisecondsOf(wait),
    },
  )
}

/** Parses a Retry-After header, in seconds or as a date (RFC 9110, section 10.2.3). @returns milliseconds */
function millisecondsOf(wait: string | undefined): number {
  const seconds = Number(wait ?? 0)
  const milliseconds = Number.isNaN(seconds) ? Date.parse(`${wait}`) - Date.now() : seconds * 1000
  return Math.max(0, milliseconds || 0)
}

/** The registry's own message: `{"errors":[{"message":…}]}`, or whatever else it sent, shortened. */
function messageOf({ body }: Answer): string {
  const { errors, message, errorMessage } = parseJson(body)
  const text = Array.isArray(errors)
    ? errors.map(error => `${error?.message ?? error?.code ?? ''}`).join('; ')
    : (message ?? errorMessage ?? body)
  return oneLine(`${text}`) || 'no message'
}

/**
 * Shortens text from a server or a program and puts it on one line: a web page has many, and a line of an error may be a
 * command.
 */
export function oneLine(text: string): string {
  return text
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, 300)
}
