import type { Cause } from '../fault.ts'
import type { Diagnosis } from '../ibm/diagnosis.ts'
import { regionOf } from '../ibm/regions.ts'

/** What an explanation may speak of. */
export interface Subject {
  /** Registry domains, at least one. */
  domains: string[]
  /** The clients that failed; none where the login was this action's own. */
  clients: string[]
  profileId: string
  /** What IAM knows, where it was asked and could tell. */
  diagnosis: Diagnosis | undefined
  /** The proxy that the environment names for these domains, without its credentials. */
  proxy: string | undefined
  /** What the client, the registry or the network said, in one line. */
  output: string
}

/** Refused credentials have an explanation for each thing that IAM may know of them. */
export type Topic = Cause | Diagnosis['kind'] | 'token-refused' | 'iam-unreachable'

/** Logs of public repositories are public: no more profiles than these are named. */
const MOST_PROFILES = 3

/**
 * A failure → what is wrong and what to do. Each topic is a section of docs/troubleshooting.md by the same
 * name. Told apart from the code that logs in; every text is pinned by a test.
 */
export const EXPLANATIONS: Record<Topic, (subject: Subject) => string> = {
  'unknown-key': ({ diagnosis }) =>
    `The API key is not known to IBM Cloud IAM (${outputOf(diagnosis)}): it was deleted, or api-key holds something else. IBM also deletes keys that it finds in public. ` +
    'Look at "ibmcloud iam service-api-keys SERVICE_ID"; if the key is not there, create one with "ibmcloud iam service-api-key-create" and store its value as the secret.',

  'address-not-allowed': ({ diagnosis }) =>
    `The IP address of this runner is not on an allow-list of the account or of the service ID (${outputOf(diagnosis)}). The API key itself is not the problem. ` +
    'Addresses of GitHub-hosted runners change: use a runner with a fixed address and add that to the allow-list (in the console: Manage > Access (IAM) > Settings, or the service ID).',

  'iam-refused': ({ diagnosis }) =>
    `IBM Cloud IAM did not accept the API key either, and said why: ${outputOf(diagnosis)}. Look this code up in IBM's documentation, or ask IBM Cloud support with it, before you create another key.`,

  'users-key': ({ diagnosis }) =>
    `The API key belongs to a user${whose(diagnosis)}. A trusted profile is used with the API key of a service ID: create one with "ibmcloud iam service-api-key-create", and make the profile trust the service ID.`,

  untrusted: ({ profileId, diagnosis }) => {
    const trusting = diagnosis?.kind === 'untrusted' ? diagnosis.trusting : []
    const serviceId = idOf(diagnosis)?.replace(/^iam-/, '') ?? 'SERVICE_ID'
    const named = trusting.slice(0, MOST_PROFILES).join(', ')
    const more = trusting.length > MOST_PROFILES ? ` and ${trusting.length - MOST_PROFILES} more` : ''
    const instead =
      trusting.length === 0
        ? 'No profile trusts it.'
        : `Profiles that do trust it: ${named}${more}. If one of them is meant, put it into profile-id.`
    return (
      `The API key is good, but the trusted profile ${profileId} does not trust its service ID${whose(diagnosis)}, or does not exist. ${instead} To add the trust:` +
      command(
        `ibmcloud iam trusted-profile-identity-create ${profileId} --id ${serviceId} --id-type SERVICEID`,
      )
    )
  },

  trusted: ({ profileId, diagnosis }) =>
    `The API key is good and the trusted profile ${profileId} trusts its service ID${whose(diagnosis)}, and still the registry refused them. What is left: ` +
    'an IP address allow-list of the account or the service ID, which shuts out GitHub-hosted runners; a context-based restriction on the registry; an account that is not active.',

  'good-key': ({ profileId, diagnosis }) =>
    `The API key is good${whose(diagnosis)}, but the registry refused it with the trusted profile ${profileId}, and IAM could not be asked whether the profile trusts the key's service ID. Check the profile's ID and its trust relationship:` +
    command(`ibmcloud iam trusted-profile-identities ${profileId}`),

  refused: ({ profileId }) =>
    `The registry refused the credentials, and IAM could not be asked why. Either the API key is deleted, disabled, expired or mistyped, or the trusted profile ${profileId} does not trust the key's service ID. ` +
    'Look at "ibmcloud iam service-api-keys SERVICE_ID" and at the profile\'s trust relationship.',

  'not-eligible': ({ profileId, diagnosis }) =>
    `IAM does not let this identity use the trusted profile ${profileId} (${outputOf(diagnosis)}). Either the profile does not trust it, or the profile is in another account than the identity, which IAM's exchange may not allow: then use auth-method: api-key.`,

  'iam-unreachable': ({ output, proxy }) =>
    `IBM Cloud IAM did not answer as it should (${output}).${viaProxy(proxy)} Allow this runner to reach iam.cloud.ibm.com on port 443 (private.iam.cloud.ibm.com for private registry domains), or run the job again later.`,

  'token-refused': ({ profileId }) =>
    `The registry refused an access token that IAM had just issued for the trusted profile ${profileId}. An IP address allow-list, a context-based restriction, or an account that is not active does that; or the registry takes no token of such a profile: then use auth-method: api-key.`,

  'projected-token-refused': ({ profileId, diagnosis }) =>
    `IAM did not take the token of this pod's service account for the trusted profile ${profileId} (${outputOf(diagnosis)}). The token must be projected with audience: iam and at most an hour of life, and the profile must trust the cluster's service account in this namespace:` +
    command(`ibmcloud iam trusted-profile-links ${profileId}`),

  'no-compute-resource': ({ diagnosis }) =>
    `This runner has no identity of an IBM Cloud compute resource. Looked for: ${outputOf(diagnosis)}. On a VPC server enable the metadata service; a job in a container with a network of its own reaches it only where its hop limit is above 1. In a cluster project a service account token into the runner's pod. Anywhere else use auth-method: access-token or api-key.`,

  'metadata-off': ({ diagnosis }) =>
    `The metadata service of this VPC server is not enabled (${outputOf(diagnosis)}). To enable it:` +
    command('ibmcloud is instance-update INSTANCE --metadata-service true'),

  'profile-not-linked': ({ profileId, diagnosis }) =>
    `The trusted profile ${profileId} is not linked to this VPC server (${outputOf(diagnosis)}). To link it:` +
    command(
      `ibmcloud iam trusted-profile-link-create ${profileId} --name LINK --cr-type VSI --link-crn INSTANCE_CRN`,
    ),

  'private-only': ({ domains }) =>
    `The account allows access over IBM Cloud's private network only. Use ${domains.map(domain => `private.${domain.replace(/^private\./, '')}`).join(', ')} as region, on a self-hosted runner inside IBM Cloud: private domains cannot be reached from elsewhere.`,

  denied: ({ profileId }) =>
    `The registry denied access (403) to the trusted profile ${profileId}. A context-based restriction or an IP address allow-list of the account may shut this runner out, or the profile has no policy for Container Registry.`,

  quota: ({ domains }) =>
    'The account has used up its quota of this registry (the free plan has 500 MB of storage and 5 GB of pull traffic a month in each region). To see it:' +
    command(`ibmcloud cr region-set ${regionOf(domains[0] ?? '') ?? 'REGION'} && ibmcloud cr quota`) +
    '\nDelete images, or have somebody with the role Manager raise the limit ("ibmcloud cr quota-set", "ibmcloud cr plan-upgrade"). Pulls through a private domain do not count.',

  throttled: () =>
    'The registry still asked to slow down (429) after several tries. Run fewer jobs at the same time, or try again later.',

  unavailable: () =>
    'The registry answered with errors of its own (5xx). Nothing is wrong with the key or the profile as far as can be seen. See https://cloud.ibm.com/status and run the job again later.',

  'no-such-host': ({ proxy }) =>
    `The name does not resolve${proxy === undefined ? '' : `, though the environment names a proxy (${proxy})`}. Check the DNS of this runner; for a private. domain the runner must be inside IBM Cloud; for a domain given in full check its spelling.`,

  certificate: () =>
    "The registry's TLS certificate is not trusted on this machine. If a proxy of your company opens TLS connections, install its authority: in the system's store for the clients, or in the docker daemon's, and by NODE_EXTRA_CA_CERTS for this action's own requests.",

  killed: ({ output }) =>
    `The client did not come to an end of its own (${output}). A machine that runs out of memory does that: free some, or use a larger runner.`,

  shortage: ({ output }) =>
    `This machine ran out of ${output}. Free some or raise the limit, run fewer jobs at the same time, or use a larger runner.`,

  'no-answer': ({ proxy }) =>
    `The connection was accepted, or never came about, and no answer came in time.${viaProxy(proxy)} A firewall that drops packets looks like this: port 443 of the registry domain must be open${proxy === undefined ? '' : ', from the proxy too'}.`,

  network: ({ proxy }) =>
    `The connection was refused or cut off.${viaProxy(proxy)} A firewall, a proxy, an IP address allow-list or a context-based restriction does that; allow-lists shut out GitHub-hosted runners, whose addresses change.`,

  proxy: ({ proxy, domains }) =>
    `The proxy ${proxy ?? 'of this machine'} did not connect to the registry. It may not allow or not resolve ${domains.join(', ')}. Allow it there on port 443, or name it in NO_PROXY.`,

  'proxy-login': ({ proxy }) =>
    `The proxy ${proxy ?? 'of this machine'} wants a user name and a password. Put them into HTTPS_PROXY, or allow the registry domains without.`,

  'proxy-url': ({ output }) =>
    `The requests of this action cannot use the proxy that ${output} names (value not shown). It must be an http:// or https:// URL. Special characters in the user name and the password must be percent-encoded: # as %23, % as %25, / as %2F, @ as %40.`,

  'old-client': ({ output }) =>
    `The client on this machine is too old, or does not fit its docker daemon (${output}). Update it, or the daemon where that is the older one; and do not set DOCKER_API_VERSION.`,

  'wrote-elsewhere': subject =>
    'The client reported success, but its login is not in the file that it was told to write. Most likely it is a wrapper that resets the environment, as sudo does. ' +
    `The API key may now be stored where the client keeps its logins by default. ${logout(subject)}` +
    '\nThen let the step find the client itself on the PATH, or use client: none with credentials-file, which needs no client.',

  'wrote-to-helper': subject =>
    'The client reported success, but its login is not in the file that --authfile names. podman, buildah and skopeo do that where credential-helpers in registries.conf names a helper: the login goes to that, whatever file they are told. ' +
    `The API key may now be stored there. ${logout(subject)}` +
    '\nThen take the helper out of credential-helpers for this runner, or use client: none with credentials-file, which needs no client.',

  'no-user-namespace': () =>
    'Without root, or as root without CAP_SYS_ADMIN, the client needs a user namespace, which this machine does not allow. Use skopeo or docker, which need none, or client: none with credentials-file. Or allow it: for a container: job by options: --privileged, or --cap-add SYS_ADMIN --security-opt seccomp=unconfined.',

  daemon: ({ output }) =>
    `docker could not reach its daemon (${output}). Start it, or let DOCKER_HOST or docker's context lead to one that this user may use.`,

  'foreign-url': ({ output }) =>
    `${output}, which is not part of IBM Cloud Container Registry: the key was not sent there. Something between this runner and the registry changes its answers.`,

  'no-challenge': ({ domains, output }) =>
    `What answers at ${domains.join(', ')} is no registry (${output}). A proxy, a mirror or a captive portal may stand in its place, or the domain given in full is not one of Container Registry's.`,

  unknown: ({ output }) =>
    `The reason is one that this action does not know: ${output.replace(/[.\s]+$/, '')}.`,
}

/** What IAM said, where it refused the key. */
function outputOf(diagnosis: Diagnosis | undefined): string {
  return diagnosis !== undefined && 'output' in diagnosis ? diagnosis.output : ''
}

/** The IAM ID that the key belongs to, where IAM told. */
function idOf(diagnosis: Diagnosis | undefined): string | undefined {
  return diagnosis !== undefined && 'iamId' in diagnosis ? diagnosis.iamId : undefined
}

function whose(diagnosis: Diagnosis | undefined): string {
  const id = idOf(diagnosis)
  return id === undefined ? '' : ` (${id})`
}

/** A command in an explanation: on a line of its own, so that it can be copied whole. */
export function command(text: string): string {
  return `\n    ${text}`
}

/** How to remove a login that a client has put where it should not be. */
function logout({ clients, domains }: Subject): string {
  const commands = clients.flatMap(client => domains.map(domain => command(`${client} logout ${domain}`)))
  return `To remove it from there, run as the same user:${commands.join('')}`
}

function viaProxy(proxy: string | undefined): string {
  return proxy === undefined ? '' : ` The way leads through the proxy ${proxy}.`
}
