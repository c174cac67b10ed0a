import { createServer as createHttp, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createHttps } from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Authority } from './authority.ts'
import type { Cloud } from './cloud.ts'
import { answer } from './host.ts'

/**
 * How the metadata service of a VPC server behaves: works over http or https; is disabled; is another
 * cloud's; does not respond; fails once; waits for IAM for 2.5 seconds, after closing the connection once;
 * refuses for an unknown reason.
 */
export type Metadata = 'http' | 'https' | 'off' | 'azure' | 'hangs' | 'fails once' | 'slow' | 'refuses'

/** The service's address and name on a VPC server. */
export const METADATA_ADDRESS = '169.254.169.254'
export const METADATA_HOST = 'api.metadata.cloud.ibm.com'

/**
 * Stands in for the metadata service at its own address, which must belong to this machine: in a network
 * namespace.
 *
 * Source: https://cloud.ibm.com/apidocs/vpc-metadata
 *
 * @param profileId the profile that is linked to the instance
 * @param requests gets one line per request
 */
export async function startMetadata(
  behaviour: Metadata,
  cloud: Cloud,
  profileId: string,
  { key, cert }: Authority,
  requests: string[],
): Promise<void> {
  /** Instance identity tokens. */
  const tokens = new Set<string>()
  let failures = behaviour === 'fails once' ? 1 : 0
  let closes = behaviour === 'slow' ? 1 : 0
  const refuse = (response: ServerResponse, status: number, code: string, message: string) =>
    answer(response, status, {
      errors: [{ code, message, more_info: 'https://cloud.ibm.com/docs/vpc' }],
      status_code: status,
      trace: 'bf8dda3e-76b1-4eaf-9d58-a8a6e0b2b1f0',
    })
  const times = (seconds: number) => ({
    created_at: new Date().toISOString(),
    expires_at: new Date(Date.now() + seconds * 1000).toISOString(),
    expires_in: seconds,
  })

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    requests.push(`${request.method} ${request.url}`)
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    if (behaviour === 'hangs') return
    if (behaviour === 'azure')
      return answer(response, 400, { error: 'Bad request. Required metadata header not specified' })
    if (behaviour === 'off') return refuse(response, 403, 'unauthorized', 'metadata service is not enabled')
    const body = JSON.parse(Buffer.concat(chunks).toString() || '{}')
    const url = new URL(request.url ?? '/', 'http://unused')
    if (url.searchParams.get('version') !== '2025-08-26') return answer(response, 404, 'Not found')
    if (`${request.method} ${url.pathname}` === 'PUT /identity/v1/token') {
      if (request.headers['metadata-flavor'] !== 'ibm')
        return refuse(response, 400, 'missing_header', 'Metadata-Flavor')
      const { access_token: token } = cloud.token('instance')
      tokens.add(token)
      return answer(response, 200, { access_token: token, ...times(body.expires_in) })
    }
    if (`${request.method} ${url.pathname}` !== 'POST /identity/v1/iam_tokens')
      return answer(response, 404, 'Not found')
    if (behaviour === 'refuses') return refuse(response, 400, 'new_code', 'No\n    command')
    if (closes-- > 0) return request.socket.destroy()
    if (behaviour === 'slow') await sleep(2_500)
    if (failures-- > 0) return refuse(response, 500, 'internal_error', 'try again')
    if (!tokens.has(request.headers.authorization?.replace('Bearer ', '') ?? ''))
      return refuse(response, 401, 'unauthenticated', 'The token is not valid')
    if (body.trusted_profile?.id !== profileId)
      return refuse(response, 400, 'profile_not_linked', 'The trusted profile is not linked to the instance')
    const { access_token, expires_in } = cloud.token(profileId)
    answer(response, 200, { access_token, ...times(expires_in) })
  }

  const isHttps = behaviour === 'https'
  const server = isHttps ? createHttps({ key, cert }, handle) : createHttp(handle)
  await new Promise<void>(resolve => server.listen(isHttps ? 443 : 80, METADATA_ADDRESS, resolve))
  server.unref()
}
