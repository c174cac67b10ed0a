import { chmod, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Authority, createAuthority } from './authority.ts'
import { Cloud, type Credentials, type Permission } from './cloud.ts'
import { startDaemon } from './daemon.ts'
import { type Behaviour, type Fault, type SeenRequest, startHosts } from './host.ts'
import { createIam } from './iam.ts'
import { createIcr } from './icr.ts'
import { keep } from './keep.ts'
import { type ConnectProxy, startProxy } from './proxy.ts'
import { startRegistry } from './registry.ts'
import { Job, type JobOptions } from './runner.ts'

export type { Credentials, Fault, Permission, SeenRequest }

export interface TestbedOptions {
  /** Also start a docker daemon, and set DOCKER_HOST in `env`. Requires root or sudo. */
  daemon?: boolean
}

/** IBM Cloud on loopback: IAM, the registry of each region, and the proxy to reach them. */
export interface Testbed {
  /** A folder for the test's own files, deleted by `stop`. */
  readonly folder: string
  /** The environment variables that a job needs: proxy, authority, and the docker daemon if there is one. */
  readonly env: Record<string, string>
  /** The authority that signs the certificate of IBM's hosts. */
  readonly authority: Authority
  /** Accounts and permissions. */
  readonly cloud: Cloud
  /** All requests, in order of arrival. */
  readonly requests: SeenRequest[]
  readonly proxy: ConnectProxy
  /** The loopback port of the server that stands in for all of IBM's hosts. */
  readonly port: number
  /** Delay before each response, in milliseconds; 0 by default. */
  delayMs: number
  /** Creates valid credentials. Without a policy, they may push to the namespace `team`. */
  credentials(policy?: Record<string, Permission>): Credentials
  /** Sets a function that returns how each request fails. Without `fn`, no request fails. */
  fault(fn?: (request: SeenRequest) => Fault | undefined): void
  /** Creates a job that uses this test bed. */
  newJob(options?: JobOptions): Job
  /** For the end of each test: removes its jobs, faults, delays, and recorded requests. */
  tidy(): void
  /** Ends all processes and deletes all files. */
  stop(): Promise<void>
}

/** Starts a test bed. It also ends when this process dies, for whatever reason. */
export async function startTestbed({ daemon = false }: TestbedOptions = {}): Promise<Testbed> {
  const folder = await mkdtemp(join(tmpdir(), 'icr-testbed-'))
  const stops = [keep(folder).stop]
  const stop = async () => {
    // In reverse order, so that the folder is last.
    for (const end of stops.splice(0).reverse()) await end()
  }
  try {
    // Jobs may run as another user.
    await chmod(folder, 0o755)
    const authority = await createAuthority(folder)
    const cloud = new Cloud()
    const requests: SeenRequest[] = []
    const behaviour: Behaviour = { delayMs: 0 }

    // Each region is a separate registry. Its private domain leads to the same registry.
    const backends = new Map<string, Promise<string>>()
    const backend = (host: string): Promise<string> => {
      const domain = host.replace(/^private\./, '')
      const socket =
        backends.get(domain) ??
        startRegistry(join(folder, `registry-${domain}`)).then(registry => {
          stops.push(registry.stop)
          return registry.socket
        })
      backends.set(domain, socket)
      return socket
    }

    const iam = createIam(cloud)
    const icr = createIcr(cloud, backend)
    const hosts = await startHosts(authority, requests, behaviour, (request, response, seen) =>
      (seen.host.endsWith('iam.cloud.ibm.com') ? iam : icr)(request, response, seen),
    )
    stops.push(hosts.stop)
    const proxy = await startProxy(hosts.port)
    stops.push(proxy.stop)

    const env: Record<string, string> = {
      HTTPS_PROXY: proxy.url,
      SSL_CERT_FILE: authority.file,
      NODE_EXTRA_CA_CERTS: authority.file,
      // Not the machine's own daemon, which would log in by itself, bypassing the proxy.
      DOCKER_HOST: `unix://${join(folder, 'no-daemon.sock')}`,
    }
    if (daemon) {
      const { url, stop: stopDaemon } = await startDaemon(join(folder, 'docker'), env)
      stops.push(stopDaemon)
      env.DOCKER_HOST = url
    }
    const jobs: Job[] = []
    return {
      folder,
      env,
      authority,
      cloud,
      requests,
      proxy,
      port: hosts.port,
      get delayMs() {
        return behaviour.delayMs
      },
      set delayMs(milliseconds) {
        behaviour.delayMs = milliseconds
      },
      credentials: policy => cloud.credentials(policy),
      fault(fn) {
        behaviour.fault = fn
      },
      newJob(options = {}) {
        const job = new Job({ ...options, env: { ...env, ...options.env } })
        jobs.push(job)
        return job
      },
      tidy() {
        for (const job of jobs.splice(0)) job.remove()
        behaviour.fault = undefined
        behaviour.delayMs = 0
        requests.length = 0
        proxy.connections.clear()
      },
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}
