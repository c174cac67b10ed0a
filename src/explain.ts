import { causeOf } from './causes.ts'
import type { Deadline } from './deadline.ts'
import { EXPLANATIONS, type Topic } from './explanations.ts'
import { Failure } from './failure.ts'
import { httpsProxy } from './http.ts'
import { type Diagnosis, diagnose } from './ibm/iam.ts'
import { proveLogin } from './ibm/registry.ts'
import type { Problem } from './login.ts'
import type { Credentials } from './secrets.ts'

interface ExplainContext {
  credentials: Credentials
  env: NodeJS.ProcessEnv
  deadline: Deadline
}

/** How long the registry may take to repeat its refusal to us, in milliseconds. */
const ASK_AGAIN_MS = 10_000

/**
 * Makes one error of all the logins that failed, grouped by what is wrong, with what to do. After refused
 * credentials, and only then, IAM is asked what it knows of them.
 */
export async function explain(problems: Problem[], context: ExplainContext): Promise<Failure> {
  const { credentials, env, deadline } = context
  const known = await inTheRegistrysWords(problems, context)
  const refused = known.find(({ cause }) => cause === 'refused')
  const diagnosis = refused && (await diagnose(credentials, refused.domain.startsWith('private.'), deadline))
  const groups = Map.groupBy(known, problem => topicOf(problem, diagnosis))
  const paragraphs = [...groups].map(([topic, group]) => {
    const domains = unique(group.map(({ domain }) => domain))
    const clients = unique(group.map(({ client }) => client).filter(client => client !== 'none'))
    const heading = `Login to ${domains.join(', ')} failed${clients.length === 0 ? '' : ` (${clients.join(', ')})`}.`
    const subject = {
      domains,
      profileId: credentials.profileId,
      diagnosis,
      proxy: proxyOf(env),
      words: oneLine(group[0]?.words),
    }
    return `${heading} ${EXPLANATIONS[topic](subject)}\n${readOn(topic, env)}`
  })
  return new Failure(paragraphs.join('\n\n'), known.map(clientsWords).join('\n\n'))
}

function topicOf({ cause }: Problem, diagnosis: Diagnosis | undefined): Topic {
  return cause === 'refused' ? (diagnosis?.kind ?? 'refused') : cause
}

/**
 * podman, buildah and skopeo hide what the registry says with a refusal, and with it an account that is open to
 * the private network only, or a quota. One request of our own brings it to light, for all of them.
 */
async function inTheRegistrysWords(
  problems: Problem[],
  { credentials, deadline }: ExplainContext,
): Promise<Problem[]> {
  const isHidden = ({ client, cause }: Problem) =>
    client !== 'docker' && client !== 'none' && (cause === 'refused' || cause === 'denied')
  const first = problems.find(isHidden)
  if (first === undefined) return problems
  const words = await proveLogin(first.domain, credentials, () => deadline.within(ASK_AGAIN_MS)).then(
    () => '',
    (error: Error) => error.message,
  )
  const { cause, passing } = causeOf(words)
  if (passing || cause === 'unknown') return problems
  return problems.map(problem =>
    isHidden(problem) ? { ...problem, cause, words: `${problem.words}\n${words}` } : problem,
  )
}

/** Where docs/troubleshooting.md is, of the release that runs; the runner tells. */
export function readOn(topic: string, env: NodeJS.ProcessEnv): string {
  const { GITHUB_SERVER_URL, GITHUB_ACTION_REPOSITORY, GITHUB_ACTION_REF } = env
  const page = `docs/troubleshooting.md#${topic}`
  if (!GITHUB_ACTION_REPOSITORY) return `See ${page}`
  return `See ${GITHUB_SERVER_URL ?? 'https://github.com'}/${GITHUB_ACTION_REPOSITORY}/blob/${GITHUB_ACTION_REF || 'HEAD'}/${page}`
}

/** The proxy for HTTPS, without the user name and password that may be in it. */
export function proxyOf(env: NodeJS.ProcessEnv): string | undefined {
  const proxy = httpsProxy(env)
  return proxy && (URL.canParse(proxy) ? new URL(proxy).host : 'in HTTPS_PROXY')
}

function clientsWords({ client, domain, words }: Problem): string {
  const lines = words.split('\n').filter(line => !/level=(?:info|debug)/.test(line))
  return `${domain}${client === 'none' ? '' : ` (${client})`}: ${lines.join('\n')}`
}

/** The last line that is not a client's log noise, in short. */
export function oneLine(words = ''): string {
  const line =
    words
      .split('\n')
      .filter(line => !/level=(?:info|debug)/.test(line))
      .at(-1) ?? ''
  return line.slice(0, 300)
}

function unique<T>(items: T[]): T[] {
  return [...new Set(items)]
}
