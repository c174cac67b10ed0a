import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const openssl = (...args: string[]) => promisify(execFile)('openssl', args)

/**
 * Registry domains besides `icr.io`. `zz` represents a region that is newer than any release of the action.
 */
const regions = ['au', 'br', 'ca', 'ca2', 'de', 'es', 'in', 'in2', 'jp', 'jp2', 'uk', 'us', 'zz']

// A wildcard matches only one label, so the private domains of regions need lines of their own.
const names = [
  'icr.io',
  '*.icr.io',
  ...regions.map(region => `*.${region}.icr.io`),
  'iam.cloud.ibm.com',
  'private.iam.cloud.ibm.com',
  'api.metadata.cloud.ibm.com',
]

export interface Authority {
  /** PEM file of the authority, for SSL_CERT_FILE and NODE_EXTRA_CA_CERTS. */
  readonly file: string
  /** PEM key and certificate of the server that stands in for all of IBM's hosts. */
  readonly key: Buffer
  readonly cert: Buffer
}

/**
 * Creates a throw-away certificate authority in `folder`, and a certificate for all registry domains and IAM.
 */
export async function createAuthority(folder: string): Promise<Authority> {
  const file = (name: string) => join(folder, name)
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  await openssl(
    ...['req', '-x509', ...newKey, '-days', '2', '-subj', '/CN=Throw-away test authority'],
    ...['-addext', 'keyUsage=critical,keyCertSign', '-keyout', file('ca.key'), '-out', file('ca.pem')],
  )
  await openssl(
    ...['req', ...newKey, '-subj', '/CN=Stand-in for icr.io', '-keyout', file('server.key')],
    ...['-out', file('server.csr')],
  )
  await writeFile(
    file('server.ext'),
    `subjectAltName=${names.map(name => `DNS:${name}`)}\nextendedKeyUsage=serverAuth\n`,
  )
  await openssl(
    ...['x509', '-req', '-in', file('server.csr'), '-extfile', file('server.ext'), '-days', '2'],
    ...['-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-CAcreateserial', '-out', file('server.pem')],
  )
  const [key, cert] = await Promise.all([readFile(file('server.key')), readFile(file('server.pem'))])
  return { file: file('ca.pem'), key, cert }
}
