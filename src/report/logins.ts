import { withoutNoise } from '../clients/output.ts'
import { CLIENTS } from '../clients/table.ts'
import { type Cause, Fault } from '../fault.ts'
import { type Diagnosis, diagnose } from '../ibm/diagnosis.ts'
import { isPrivate } from '../ibm/regions.ts'
import { proveLogin } from '../ibm/registry.ts'
import type { Problem } from '../login.ts'
import type { Step, StepWithCredentials } from '../step.ts'
import { UserError } from '../user-error.ts'
import { EXPLANATIONS, type Topic } from './explanations.ts'
import { lineOf, proxyOf, readOn } from './parts.ts'

/** How long the registry may take to repeat its refusal, in milliseconds. */
const ASK_AGAIN_MS = 10_000

/**
 * Creates one error for all failed logins, grouped by cause, with how to fix each. IAM is asked about the
 * credentials only if they were refused.
 */
export async function explainLogins(problems: Problem[], step: StepWithCredentials): Promise<UserError> {
  const known = await withRegistrysMessage(problems, step)
  const refused = known.find(({ fault }) => fault.cause === 'refused')
  // For a token, IAM was asked already, when the token was issued.
  const isAsked = step.identity.authMethod === 'api-key' && refused
  const diagnosis = isAsked
    ? await diagnose(step.identity, isPrivate(refused.domain), step.deadline)
    : undefined
  return errorOf(known, diagnosis, step)
}

/** @param diagnosis what IAM knows, if it was asked and responded */
export function errorOf(
  known: Problem[],
  diagnosis: Diagnosis | undefined,
  { identity, env }: Pick<Step, 'identity' | 'env'>,
): UserError {
  const ofRefused = diagnosis?.kind ?? (identity.authMethod === 'api-key' ? 'refused' : 'token-refused')
  const groups = Map.groupBy(
    known,
    ({ fault: { cause } }): Topic => (cause === 'refused' ? ofRefused : cause),
  )
  const paragraphs = [...groups].map(([topic, group]) => {
    const domains = unique(group.map(({ domain }) => domain))
    const clients = unique(
      group.map(({ client }) => CLIENTS[client].program).filter(program => program !== undefined),
    )
    const heading = `Login to ${domains.join(', ')} failed${clients.length === 0 ? '' : ` (${clients.join(', ')})`}.`
    const subject = {
      domains,
      clients,
      profileId: identity.profileId,
      diagnosis,
      proxy: proxyOf(env, `${domains[0]}`),
      output: lineOf(group[0]?.fault),
    }
    return `${heading} ${EXPLANATIONS[topic](subject)}\n${readOn(topic, env)}`
  })
  return new UserError(paragraphs.join('\n\n'), known.map(outputOf).join('\n\n'))
}

/** Causes worth using from our own request. Network errors are not: the client may use another route. */
const TELLING = new Set<Cause>([
  'refused',
  'denied',
  'private-only',
  'quota',
  'foreign-url',
  'no-challenge',
  'proxy-login',
])

/**
 * podman, buildah, and skopeo hide the registry's message if it refuses a login, such as private-only access
 * or an exceeded quota. docker hides the HTTP status of a refusal in plain text, so its cause is unknown. One
 * request of our own gets the message, for all of them.
 */
async function withRegistrysMessage(
  problems: Problem[],
  { credentials, deadline }: StepWithCredentials,
): Promise<Problem[]> {
  const first = problems.find(isHidden)
  if (first === undefined) return problems
  const answer = await proveLogin(first.domain, credentials, () => deadline.within(ASK_AGAIN_MS)).then(
    () => undefined,
    (error: unknown) => error,
  )
  return answer instanceof Fault ? revealed(problems, answer) : problems
}

/** @param answer the registry's response to a request of our own */
export function revealed(problems: Problem[], answer: Fault): Problem[] {
  if (!TELLING.has(answer.cause)) return problems
  return problems.map(problem =>
    isHidden(problem)
      ? { ...problem, fault: new Fault(answer.cause, `${problem.fault.output}\n${answer.output}`) }
      : problem,
  )
}

/** Whether a client has hidden the registry's message. */
function isHidden({ client, fault: { cause } }: Problem): boolean {
  const { program, hidesMessages } = CLIENTS[client]
  if (cause === 'unknown') return program !== undefined
  return hidesMessages && (cause === 'refused' || cause === 'denied')
}

function outputOf({ client, domain, fault }: Problem): string {
  const { program } = CLIENTS[client]
  return `${domain}${program === undefined ? '' : ` (${program})`}: ${withoutNoise(fault.output).join('\n')}`
}

function unique<T>(items: T[]): T[] {
  return [...new Set(items)]
}
