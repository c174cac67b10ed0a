import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Cloud } from './cloud.ts'
import { answer, type Handler } from './host.ts'

/**
 * Stands in for IBM Cloud IAM: issues tokens for API keys, for profiles that a service ID assumes, and for
 * compute resources, and lists the profiles that a service ID may assume.
 *
 * Source: https://cloud.ibm.com/apidocs/iam-identity-token-api
 */
export function createIam(cloud: Cloud): Handler {
  const GRANT = 'urn:ibm:params:oauth:grant-type:'
  const issue = (response: ServerResponse, id: string) =>
    answer(response, 200, {
      ...cloud.token(id),
      refresh_token: 'not_supported',
      token_type: 'Bearer',
      scope: 'ibm openid',
    })

  /** Grant type → how to get a token. */
  const grants: Record<string, (form: URLSearchParams, response: ServerResponse) => void> = {
    apikey(form, response) {
      const serviceId = cloud.keys.get(form.get('apikey') ?? '')
      if (!serviceId) return refuse(response, 'BXNIM0415E', 'Provided API key could not be found.')
      issue(response, serviceId)
    },
    assume(form, response) {
      const serviceId = cloud.tokens.get(form.get('access_token') ?? '')
      const profileId = form.get('profile_id') ?? ''
      if (!serviceId || !cloud.profiles.get(profileId)?.trusted.has(serviceId))
        return refuse(response, 'BXNIM0398E', 'Selected trusted profile not eligible.')
      issue(response, profileId)
    },
    'cr-token'(form, response) {
      const profileId = form.get('profile_id') ?? ''
      if (!cloud.computeResources.get(form.get('cr_token') ?? '')?.has(profileId))
        return refuse(response, 'BXNIM0398E', 'Selected trusted profile not eligible.')
      issue(response, profileId)
    },
  }

  const routes: Record<string, (form: URLSearchParams, response: ServerResponse) => void> = {
    'POST /identity/token'(form, response) {
      const grant = grants[(form.get('grant_type') ?? '').replace(GRANT, '')]
      if (grant) grant(form, response)
      else refuse(response, 'BXNIM0120E', 'Property missing or not supported: grant_type')
    },
    'POST /identity/profiles'(form, response) {
      const serviceId = cloud.tokens.get(form.get('access_token') ?? '')
      if (!serviceId) return refuse(response, 'BXNIM0408E', 'Provided token is invalid.')
      const trusting = [...cloud.profiles].filter(([, profile]) => profile.trusted.has(serviceId))
      const profiles = trusting.map(([id]) => ({
        id,
        name: `name-of-${id}`,
        account_id: cloud.accountId,
        crn: `crn:v1:bluemix:public:iam-identity::a/${cloud.accountId}::profile:${id}`,
        iam_id: `iam-${id}`,
      }))
      answer(response, 200, { count: profiles.length, profiles })
    },
  }

  return async (request, response, seen) => {
    const form = new URLSearchParams(await text(request))
    if (form.has('apikey') || form.has('access_token') || form.has('cr_token')) seen.credentials = 'body'
    const route = routes[`${seen.method} ${seen.path}`]
    if (route) route(form, response)
    else answer(response, 404, 'Not found')
  }
}

function refuse(response: ServerResponse, errorCode: string, errorMessage: string): void {
  answer(response, 400, { errorCode, errorMessage, context: { requestId: randomUUID() } })
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}
