import type { Fault } from '../fault.ts'
import type { Diagnosis } from '../ibm/diagnosis.ts'
import { iamHost } from '../ibm/iam.ts'
import { isPrivate } from '../ibm/regions.ts'
import type { Step } from '../step.ts'
import { UserError } from '../user-error.ts'
import { EXPLANATIONS, type Topic } from './explanations.ts'
import { lineOf, proxyOf, readOn } from './parts.ts'

/**
 * Faults with explanations of their own. For all others, it is enough to say that IAM could not be reached.
 */
const OWN_TEXTS = new Set<Topic>(['proxy-url', 'proxy-login', 'certificate', 'shortage'])

/**
 * Creates the error for a failure to get an access token.
 *
 * @param fault why IAM did not respond, if it did not
 * @param refused IAM's refusal, if it did respond
 */
export function explainExchange(
  fault: Fault | undefined,
  refused: Diagnosis | undefined,
  { identity: { profileId }, domains, env }: Step,
): UserError {
  const topic = refused?.kind ?? (fault && OWN_TEXTS.has(fault.cause) ? fault.cause : 'iam-unreachable')
  const subject = {
    domains,
    clients: [],
    profileId,
    diagnosis: refused,
    proxy: proxyOf(env, iamHost(domains.some(isPrivate))),
    output: lineOf(fault),
  }
  const heading = `Could not get an access token for the trusted profile ${profileId}.`
  return new UserError(
    `${heading} ${EXPLANATIONS[topic](subject)}\n${readOn(topic, env)}`,
    fault?.output ?? '',
  )
}
