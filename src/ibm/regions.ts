import { closestMatch } from 'leven'
import { quoteInput, quoteItem } from '../quote-input.ts'
import { UserError } from '../user-error.ts'

/** A registry of IBM Cloud Container Registry, with IBM's name for its region. */
interface Region {
  id: string
  /** IBM's former name for the region, which its tools still accept. */
  formerly?: string
  domain: string
}

/**
 * To add a region, add a line. Until then its full domain works, see {@link resolveRegion}.
 *
 * Source: https://cloud.ibm.com/docs/Registry?topic=Registry-registry_overview#registry_regions
 */
export const REGIONS: readonly Region[] = [
  { id: 'global', domain: 'icr.io' },
  { id: 'au-syd', formerly: 'ap-south', domain: 'au.icr.io' },
  { id: 'br-sao', domain: 'br.icr.io' },
  { id: 'ca-mon', domain: 'ca2.icr.io' },
  { id: 'ca-tor', domain: 'ca.icr.io' },
  { id: 'eu-de', formerly: 'eu-central', domain: 'de.icr.io' },
  { id: 'eu-es', domain: 'es.icr.io' },
  { id: 'eu-gb', formerly: 'uk-south', domain: 'uk.icr.io' },
  { id: 'in-che', domain: 'in.icr.io' },
  { id: 'in-mum', domain: 'in2.icr.io' },
  { id: 'jp-osa', domain: 'jp2.icr.io' },
  { id: 'jp-tok', formerly: 'ap-north', domain: 'jp.icr.io' },
  { id: 'us-south', domain: 'us.icr.io' },
]

/** Names that people try but that do not exist or are other products, with what to use instead. */
const NOT_A_REGION = new Map(
  Object.entries({
    'us-east': 'has no registry. Use us-south or global',
    'us-east.icr.io': 'does not exist: us-east has no registry. Use us-south or global',
    eu: 'is ambiguous. Use eu-de (de.icr.io), eu-es (es.icr.io) or eu-gb (uk.icr.io)',
    'eu.icr.io': 'does not exist. Use eu-de (de.icr.io), eu-es (es.icr.io) or eu-gb (uk.icr.io)',
    private: 'is not a region. Use a private registry domain, such as private.us.icr.io',
    'cp.icr.io':
      "is IBM's entitled software registry, another product with other credentials (user name cp). This action logs in to IBM Cloud Container Registry",
    'stg.icr.io':
      "is IBM's staging registry, another product. This action logs in to IBM Cloud Container Registry",
  }),
)

const DOMAIN_OF = new Map(
  REGIONS.flatMap(({ id, formerly, domain }) => [
    [id, domain] as const,
    ...(formerly === undefined ? [] : [[formerly, domain] as const]),
  ]),
)
const KNOWN_DOMAINS = REGIONS.map(region => region.domain)

/** Maximum edit distance, in characters, at which a domain is taken for a misspelling of a known one. */
const NEAR = 1
const PRIVATE = 'private.'
const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
const ICR_DOMAIN = new RegExp(`^(?:${LABEL}\\.){0,8}icr\\.io$`)

/** Whether a host is `icr.io` or a subdomain: the only registry hosts that the API key may be sent to. */
export function isIcrDomain(host: string): boolean {
  return ICR_DOMAIN.test(host)
}

/** Whether a registry domain can be reached only from inside IBM Cloud. */
export function isPrivate(domain: string): boolean {
  return domain.startsWith(PRIVATE)
}

/** The private domain of the same registry. */
export function privateDomain(domain: string): string {
  return PRIVATE + publicDomain(domain)
}

function publicDomain(domain: string): string {
  return isPrivate(domain) ? domain.slice(PRIVATE.length) : domain
}

/**
 * The region of a registry domain, private or not; undefined for a domain that is newer than this release.
 */
export function regionOf(domain: string): string | undefined {
  return REGIONS.find(region => region.domain === publicDomain(domain))?.id
}

/**
 * Maps a region, as the user wrote it, to its registry domain.
 *
 * @param text a region's ID, its former name, or a full registry domain
 * @returns the domain, with a warning if it is unknown to this release
 * @throws UserError that says what is accepted
 */
export function resolveRegion(text: string): { domain: string; warning?: string } {
  const name = text.trim().toLowerCase()
  const instead = NOT_A_REGION.get(name) ?? NOT_A_REGION.get(publicDomain(name))
  if (instead !== undefined) throw new UserError(`region: ${quoteInput(text)} ${instead}.`)

  const domain = DOMAIN_OF.get(name)
  if (domain !== undefined) return { domain }
  if (isIcrDomain(name)) {
    if (regionOf(name) !== undefined) return { domain: name }
    rejectRegionAsHost(name)
    const [prefix, rest] = /^private[.-]/.test(name) ? [PRIVATE, name.slice(PRIVATE.length)] : ['', name]
    const near = nearest(rest, KNOWN_DOMAINS, NEAR)
    const hint = near === undefined ? '' : ` Did you mean ${prefix}${near}?`
    return {
      domain: name,
      warning: `region: ${name} is unknown to this release.${hint} Using it anyway.`,
    }
  }
  const names = [...DOMAIN_OF.keys()]
  const hint = name.length > 40 ? undefined : (rewritten(name) ?? nearest(name, names, 3))
  throw new UserError(
    `region: ${quoteItem(text)} is not a region of IBM Cloud Container Registry.${hint === undefined ? '' : ` Did you mean ${hint}?`} ` +
      `Accepted: ${REGIONS.map(region => region.id).join(', ')}; or a full registry domain, without https://, port or path, such as us.icr.io or private.us.icr.io.`,
  )
}

/** What was meant by a domain with more around it, such as a URL, or by a region written as a domain or part of one. */
function rewritten(name: string): string | undefined {
  const domain = name.replace(/^https?:\/\//, '').replace(/\.?(?:[:/].*)?$/, '')
  if (regionOf(domain) !== undefined) return domain
  const region = DOMAIN_OF.get(name.match(/^private[ ._-](.+)$/)?.[1] ?? '')
  return region === undefined ? regionOf(`${name}.icr.io`) : PRIVATE + region
}

/** @throws UserError for a region's name used as a domain, such as us-south.icr.io: a common mistake */
function rejectRegionAsHost(name: string): void {
  const labels = name.split('.')
  const region = labels.find(label => DOMAIN_OF.has(label))
  if (region === undefined) return
  const isPrivate = labels.includes('private')
  const domain = `${isPrivate ? PRIVATE : ''}${DOMAIN_OF.get(region)}`
  throw new UserError(
    `region: ${quoteInput(name)} does not exist. Use ${isPrivate ? domain : `${region} or ${domain}`}.`,
  )
}

function nearest(name: string, known: string[], maxDistance: number): string | undefined {
  return closestMatch(name, known, { maxDistance })
}
