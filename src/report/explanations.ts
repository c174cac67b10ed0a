import type { Cause } from '../fault.ts'
import type { Diagnosis } from '../ibm/diagnosis.ts'
import { privateDomain, regionOf } from '../ibm/regions.ts'

/** The facts that an explanation may use. */
export interface Subject {
  /** Registry domains, at least one. */
  domains: string[]
  /** The clients that failed; empty if this action logged in by itself. */
  clients: string[]
  profileId: string
  /** What IAM knows, if it was asked and responded. */
  diagnosis: Diagnosis | undefined
  /** The proxy set in the environment for these domains, without its credentials. */
  proxy: string | undefined
  /** One line of output from the client, the registry, or the network. */
  output: string
}

/** Causes, except that refused credentials are divided by what IAM knows about them. */
export type Topic = Cause | Diagnosis['kind'] | 'token-refused' | 'iam-unreachable'

/** Maximum number of profiles named in an error. Logs of public repositories are public. */
const MOST_PROFILES = 3

/**
 * Topic → what is wrong and how to fix it. Each topic is the heading of a section in docs/troubleshooting.md.
 * Separate from the code that logs in; a test covers each text.
 */
export const EXPLANATIONS: Record<Topic, (subject: Subject) => string> = {
  'unknown-key': ({ diagnosis }) =>
    `IBM Cloud IAM does not know the API key (${outputOf(diagnosis)}): it was deleted, or api-key contains something else. IBM also deletes keys that it finds in public. ` +
    'Run "ibmcloud iam service-api-keys SERVICE_ID". If the key is not listed, create one with "ibmcloud iam service-api-key-create" and store its value as the secret.',

  'address-not-allowed': ({ diagnosis }) =>
    `The IP address of this runner is not on the allow-list of the account or the service ID (${outputOf(diagnosis)}). The API key itself is not the problem. ` +
    'Use a runner with a fixed IP address and add it to the allow-list (in the console: Manage > Access (IAM) > Settings, or the service ID). The addresses of GitHub-hosted runners change.',

  'iam-refused': ({ diagnosis }) =>
    `IBM Cloud IAM also rejected the API key: ${outputOf(diagnosis)}. Look up this code in IBM's documentation, or contact IBM Cloud support, before you create another key.`,

  'token-not-issued': ({ profileId, diagnosis }) =>
    `IBM Cloud did not issue an access token for the trusted profile ${profileId}: ${outputOf(diagnosis)}. Look up this code in IBM's documentation, or contact IBM Cloud support.`,

  'users-key': ({ diagnosis }) =>
    `The API key belongs to a user${whose(diagnosis)}. A trusted profile requires the API key of a service ID: create one with "ibmcloud iam service-api-key-create", and let the trusted profile trust that service ID.`,

  untrusted: ({ profileId, diagnosis }) => {
    const trusting = diagnosis?.kind === 'untrusted' ? diagnosis.trusting : []
    const serviceId = idOf(diagnosis)?.replace(/^iam-/, '') ?? 'SERVICE_ID'
    const named = trusting.slice(0, MOST_PROFILES).join(', ')
    const more = trusting.length > MOST_PROFILES ? ` and ${trusting.length - MOST_PROFILES} more` : ''
    const instead =
      trusting.length === 0
        ? 'No trusted profile trusts it.'
        : `Trusted profiles that trust it: ${named}${more}. To use one of them, set profile-id.`
    return (
      `The API key is valid, but the trusted profile ${profileId} does not trust its service ID${whose(diagnosis)}, or does not exist. ${instead} To add the trust:` +
      command(
        `ibmcloud iam trusted-profile-identity-create ${profileId} --id ${serviceId} --id-type SERVICEID`,
      )
    )
  },

  trusted: ({ profileId, diagnosis }) =>
    `The API key is valid and the trusted profile ${profileId} trusts its service ID${whose(diagnosis)}, but the registry still refused the login. ` +
    'Possible causes: an IP address allow-list of the account or the service ID, which blocks GitHub-hosted runners; a context-based restriction on the registry; an inactive account.',

  'good-key': ({ profileId, diagnosis }) =>
    `The API key is valid${whose(diagnosis)}, but the registry refused it with the trusted profile ${profileId}, and IAM could not tell whether the profile trusts the service ID of the key. Check the ID of the profile and its trust relationship:` +
    command(`ibmcloud iam trusted-profile-identities ${profileId}`),

  refused: ({ profileId }) =>
    `The registry refused the credentials, and IAM could not tell why. Either the API key is deleted, disabled, expired or mistyped, or the trusted profile ${profileId} does not trust its service ID. ` +
    'Check "ibmcloud iam service-api-keys SERVICE_ID" and the trust relationship of the profile.',

  'not-eligible': ({ profileId, diagnosis }) =>
    `IAM does not let this identity assume the trusted profile ${profileId} (${outputOf(diagnosis)}). Either the profile does not trust it, or the profile is in another account, which IAM's token exchange may not support. In that case, use auth-method: api-key.`,

  'iam-unreachable': ({ output, proxy }) =>
    `IBM Cloud IAM did not respond as expected (${output}).${viaProxy(proxy)} Allow this runner to connect to iam.cloud.ibm.com on port 443 (private.iam.cloud.ibm.com for private registry domains), or rerun the job later.`,

  'token-refused': ({ profileId }) =>
    `The registry refused an access token that IAM had just issued for the trusted profile ${profileId}. Possible causes: an IP address allow-list, a context-based restriction, an inactive account, or a registry that does not accept tokens of trusted profiles. In the last case, use auth-method: api-key.`,

  'projected-token-refused': ({ profileId, diagnosis }) =>
    `IAM rejected the token of this pod's service account for the trusted profile ${profileId} (${outputOf(diagnosis)}). The token must be projected with audience: iam and a lifetime of at most one hour, and the profile must trust the service account of the cluster in this namespace:` +
    command(`ibmcloud iam trusted-profile-links ${profileId}`),

  'no-compute-resource': ({ diagnosis }) =>
    `This runner has no identity of an IBM Cloud compute resource. Looked for: ${outputOf(diagnosis)}. On a VPC server, enable the metadata service; a job in a container with its own network needs a metadata hop limit above 1. In a cluster, project a service account token into the pod of the runner. Anywhere else, use auth-method: access-token or api-key.`,

  'metadata-off': ({ diagnosis }) =>
    `The metadata service of this VPC server is disabled (${outputOf(diagnosis)}). To enable it:` +
    command('ibmcloud is instance-update INSTANCE --metadata-service true'),

  'profile-not-linked': ({ profileId, diagnosis }) =>
    `The trusted profile ${profileId} is not linked to this VPC server (${outputOf(diagnosis)}). To link it:` +
    command(
      `ibmcloud iam trusted-profile-link-create ${profileId} --name LINK --cr-type VSI --link-crn INSTANCE_CRN`,
    ),

  'private-only': ({ domains }) =>
    `The account allows access only over the private network of IBM Cloud. Set region to ${domains.map(privateDomain).join(', ')}, on a self-hosted runner inside IBM Cloud. Private domains cannot be reached from anywhere else.`,

  denied: ({ profileId }) =>
    `Permission denied (403) for the trusted profile ${profileId}. Either a context-based restriction or an IP address allow-list of the account blocks this runner, or a firewall or a proxy does, or the profile has no policy for Container Registry.`,

  quota: ({ domains }) =>
    'The account has exceeded its quota in this region (on the free plan, 500 MB of storage and 5 GB of pull traffic a month). To see the quota:' +
    command(`ibmcloud cr region-set ${regionOf(domains[0] ?? '') ?? 'REGION'} && ibmcloud cr quota`) +
    '\nDelete images, or ask someone with the Manager role to raise the limit ("ibmcloud cr quota-set", "ibmcloud cr plan-upgrade"). Pulls through a private domain do not count.',

  throttled: () =>
    'Rate limit exceeded (429), even after several attempts. Run fewer jobs at the same time, or rerun the job later.',

  unavailable: () =>
    'Registry server error (5xx). The API key and the trusted profile are probably fine. See https://cloud.ibm.com/status, and rerun the job later.',

  'no-such-host': ({ proxy }) =>
    `The host name could not be resolved${proxy === undefined ? '' : `, although a proxy is set (${proxy})`}. Check the DNS of this runner. Private domains can be resolved only inside IBM Cloud. Check the spelling of a domain that is given in full.`,

  certificate: ({ output }) =>
    `The TLS certificate of the server is not trusted on this machine (${output}). If it has expired or is not yet valid, check the clock of this machine. If a proxy of your company inspects TLS connections, install its CA certificate: in the trust store of the system or of the docker daemon for the clients, and with NODE_EXTRA_CA_CERTS for the requests of this action.`,

  killed: ({ output }) =>
    `The client did not finish (${output}). This happens when a machine runs out of memory. Free memory, or use a larger runner.`,

  shortage: ({ output }) =>
    `This machine ran out of ${output}. Free resources, raise the limit, run fewer jobs at the same time, or use a larger runner.`,

  'no-answer': ({ proxy }) =>
    `Connection timed out.${viaProxy(proxy)} A firewall that drops packets causes this: allow port 443 of the registry domain${proxy === undefined ? '' : ', from the proxy too'}.`,

  network: ({ proxy }) =>
    `The connection was refused or reset.${viaProxy(proxy)} Possible causes: a firewall, a proxy, an IP address allow-list or a context-based restriction. Allow-lists block GitHub-hosted runners, whose addresses change.`,

  proxy: ({ proxy, domains, output }) =>
    `The proxy ${proxy ?? 'of this machine'} did not connect to the registry (${output}). Allow port 443 of ${domains.join(', ')} in the proxy, or add the domain to NO_PROXY. If the proxy itself uses no TLS, its URL must start with http://.`,

  'proxy-login': ({ proxy }) =>
    `The proxy ${proxy ?? 'of this machine'} requires a user name and a password. Add or correct them in HTTPS_PROXY, or allow the registry domains without a login.`,

  'proxy-url': ({ output }) =>
    `The requests of this action cannot use the proxy that ${output} names (value not shown). It must be an http:// or https:// URL without spaces or line breaks. Special characters in the user name and the password must be percent-encoded: # as %23, % as %25, / as %2F, @ as %40.`,

  'old-client': ({ output }) =>
    `The client is too old, or incompatible with its docker daemon (${output}). Update whichever is older, and do not set DOCKER_API_VERSION.`,

  'wrote-elsewhere': subject =>
    'The client reported success, but did not write its login to the file that it was given. It is probably a wrapper that resets the environment, as sudo does. ' +
    `The API key may now be stored where the client keeps its logins by default. ${logout(subject)}` +
    '\nThen make the client itself available in PATH, or use client: none with credentials-file, which needs no client.',

  'wrote-to-helper': subject =>
    'The client reported success, but did not write its login to the file that --authfile names. This happens when credential-helpers in registries.conf names a helper, which then stores the login. ' +
    `The API key may now be stored there. ${logout(subject)}` +
    '\nThen remove the helper from credential-helpers for this runner, or use client: none with credentials-file, which needs no client.',

  'no-user-namespace': () =>
    'Without root, or as root without CAP_SYS_ADMIN, the client needs a user namespace, which this machine does not allow. Use skopeo or docker, which need none, or client: none with credentials-file. Or allow it: for a container: job by options: --privileged, or --cap-add SYS_ADMIN --security-opt seccomp=unconfined.',

  daemon: ({ output }) =>
    `docker could not connect to its daemon (${output}). Start the daemon, or point DOCKER_HOST or the docker context to one that this user may use.`,

  'foreign-url': ({ output }) =>
    `${output}, which is not part of IBM Cloud Container Registry, so the credentials were not sent there. Something between this runner and the registry changes its responses.`,

  'no-challenge': ({ domains, output }) =>
    `The server at ${domains.join(', ')} is not a registry (${output}). A proxy, a mirror or a captive portal may respond in its place, or the domain does not belong to Container Registry.`,

  unknown: ({ output }) => `Unrecognized error: ${output.replace(/[.\s]+$/, '')}.`,
}

/** IAM's message, if it refused the API key; without its period, because it becomes a part of a sentence. */
function outputOf(diagnosis: Diagnosis | undefined): string {
  return diagnosis !== undefined && 'output' in diagnosis ? diagnosis.output.replace(/\.$/, '') : ''
}

/** The IAM ID that the API key belongs to, if IAM's response contained it. */
function idOf(diagnosis: Diagnosis | undefined): string | undefined {
  return diagnosis !== undefined && 'iamId' in diagnosis ? diagnosis.iamId : undefined
}

function whose(diagnosis: Diagnosis | undefined): string {
  const id = idOf(diagnosis)
  return id === undefined ? '' : ` (${id})`
}

/** A command in an explanation, on a line of its own, so that it can be copied as a whole. */
export function command(text: string): string {
  return `\n    ${text}`
}

/** How to remove a login that a client stored in the wrong place. */
function logout({ clients, domains }: Subject): string {
  const commands = clients.flatMap(client => domains.map(domain => command(`${client} logout ${domain}`)))
  return `To remove it, run as the same user:${commands.join('')}`
}

function viaProxy(proxy: string | undefined): string {
  return proxy === undefined ? '' : ` The connection goes through the proxy ${proxy}.`
}
