import { type Cause, Fault } from '../fault.ts'
import type { Answer } from './http.ts'

/** What the registry's own messages mean; its statuses do not tell these apart from a refusal. */
const MESSAGES: { cause: Cause; message: RegExp }[] = [
  { cause: 'private-only', message: /private-only access|access this account over the private network/i },
  { cause: 'quota', message: /(?<!disk )quota/i },
]

const STATUSES = new Map<number, Cause>([
  [400, 'refused'],
  [401, 'refused'],
  [403, 'denied'],
  [429, 'throttled'],
  [500, 'unavailable'],
  [502, 'unavailable'],
  [503, 'unavailable'],
  [504, 'unavailable'],
])

/** @returns undefined for a message that says no more than the status that it came with */
export function causeOfMessage(message: string): Cause | undefined {
  return MESSAGES.find(row => row.message.test(message))?.cause
}

/** An answer that is not the one hoped for, as a fault in the registry's own words. */
export function faultOfAnswer(answer: Answer): Fault {
  const { status, headers } = answer
  const message = messageOf(answer)
  const wait = [headers['retry-after']].flat()[0]
  const cause = causeOfMessage(message) ?? STATUSES.get(status) ?? 'unknown'
  return new Fault(
    cause,
    `HTTP ${status}: ${message}${wait === undefined ? '' : ` (retry-after: ${wait})`}`,
    {
      status,
      retryAfterMs: millisecondsOf(wait),
    },
  )
}

/** The wait that a Retry-After header asks for, which is seconds or a date (RFC 9110, section 10.2.3). */
function millisecondsOf(wait: string | undefined): number {
  const seconds = Number(wait ?? 0)
  const milliseconds = Number.isNaN(seconds) ? Date.parse(`${wait}`) - Date.now() : seconds * 1000
  return Math.max(0, milliseconds || 0)
}

/** The registry's own words: `{"errors":[{"message":…}]}`, or what else it sent, in short. */
function messageOf({ body }: Answer): string {
  const { errors, message, errorMessage } = parseJson(body)
  const text = Array.isArray(errors)
    ? errors.map(error => `${error?.message ?? error?.code ?? ''}`).join('; ')
    : (message ?? errorMessage ?? body)
  return `${text}`.trim().slice(0, 300) || 'no message'
}

/** The JSON object that a body holds; empty where it holds none. */
export function parseJson(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text))
  } catch {
    return {}
  }
}
