import { randomBytes, randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Cloud } from './cloud.ts'
import { answer, type Handler } from './host.ts'

/** Plays IBM Cloud IAM: tokens for API keys, and the profiles that a service ID may assume. */
export function createIam(cloud: Cloud): Handler {
  /** Access token → service ID. */
  const tokens = new Map<string, string>()

  const routes: Record<string, (form: URLSearchParams, response: ServerResponse) => void> = {
    'POST /identity/token'(form, response) {
      if (form.get('grant_type') !== 'urn:ibm:params:oauth:grant-type:apikey')
        return refuse(response, 'BXNIM0120E', 'Property missing or not supported: grant_type')
      const serviceId = cloud.keys.get(form.get('apikey') ?? '')
      if (!serviceId) return refuse(response, 'BXNIM0415E', 'Provided API key could not be found.')
      const now = Math.floor(Date.now() / 1000)
      const token = jwt({ iam_id: `iam-${serviceId}`, id: `iam-${serviceId}`, iat: now, exp: now + 3600 })
      tokens.set(token, serviceId)
      answer(response, 200, {
        access_token: token,
        refresh_token: 'not_supported',
        token_type: 'Bearer',
        expires_in: 3600,
        expiration: now + 3600,
        scope: 'ibm openid',
      })
    },
    'POST /identity/profiles'(form, response) {
      const serviceId = tokens.get(form.get('access_token') ?? '')
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
    if (form.has('apikey') || form.has('access_token')) seen.credentials = 'body'
    const route = routes[`${seen.method} ${seen.path}`]
    if (route) route(form, response)
    else answer(response, 404, 'Not found')
  }
}

function refuse(response: ServerResponse, errorCode: string, errorMessage: string): void {
  answer(response, 400, { errorCode, errorMessage, context: { requestId: randomUUID() } })
}

/** A token of the right shape; nobody checks the signature. */
function jwt(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return [part({ alg: 'RS256' }), part(claims), randomBytes(64).toString('base64url')].join('.')
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}
