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
  /** Start a docker daemon too, and set DOCKER_HOST in `env`. Needs root or sudo. */
  daemon?: boolean
}

/** IBM Cloud on loopback: IAM, the registry of each region, and the way there. */
export interface Testbed {
  /** A folder for the test's own files, removed by `stop`. */
  readonly folder: string
  /** What a job needs in its environment: proxy, authority, and the docker daemon if there is one. */
  readonly env: Record<string, string>
  /** Who vouches for IBM's hosts. */
  readonly authority: Authority
  /** Who exists and who may do what. */
  readonly cloud: Cloud
  /** Every request seen, in order of arrival. */
  readonly requests: SeenRequest[]
  readonly proxy: ConnectProxy
  /** Where the server of all of IBM's hosts is on loopback. */
  readonly port: number
  /** Pause before every answer, in milliseconds; 0 unless set. */
  delayMs: number
  /** New valid credentials; without a policy they may push to the namespace `team`. */
  credentials(policy?: Record<string, Permission>): Credentials
  /** Asks `fn` for each request how it goes wrong; without `fn` all goes well again. */
  fault(fn?: (request: SeenRequest) => Fault | undefined): void
  /** A job that finds this test bed. */
  newJob(options?: JobOptions): Job
  /** For the end of each test: removes its jobs, its faults and delays, and what was noted of its requests. */
  tidy(): void
  /** Ends every process and removes every file. */
  stop(): Promise<void>
}

/** Starts a test bed. It also ends when this process dies, however it dies. */
export async function startTestbed({ daemon = false }: TestbedOptions = {}): Promise<Testbed> {
  const folder = await mkdtemp(join(tmpdir(), 'icr-testbed-'))
  const stops = [keep(folder).stop]
  const stop = async () => {
    // The folder last.
    for (const end of stops.splice(0).reverse()) await end()
  }
  try {
    // Jobs may run as somebody else.
    await chmod(folder, 0o755)
    const authority = await createAuthority(folder)
    const cloud = new Cloud()
    const requests: SeenRequest[] = []
    const behaviour: Behaviour = { delayMs: 0 }

    // Each region is a registry of its own; the private domain is another way to the same.
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
      // Not the machine's own daemon, which would do the login itself, past the proxy.
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
