import type { Cause } from '../../src/fault.ts'

/** The output of a client whose login failed. */
interface Output {
  /**
   * The client and its version if it was run for this table. Otherwise where the output is from: a source
   * file that contains it, or a report. Host, account, and addresses are replaced.
   */
  source: string
  output: string
}

/** Outputs of clients by cause, and whether another attempt makes sense. */
export const OUTPUTS: { cause: Cause; again: boolean; outputs: Output[] }[] = [
  {
    cause: 'old-client',
    again: false,
    outputs: [
      { source: 'docker 20.10.24', output: `unknown flag: --password-stdin\nSee 'docker login --help'.` },
      {
        source: 'podman 4.3.1, for another option',
        output: `Error: unknown flag: --authfile\nSee 'podman login --help'`,
      },
      {
        source: 'skopeo 1.9.3, for another option',
        output: 'time="2026-11-25T09:25:19Z" level=fatal msg="unknown flag: --authfile"',
      },
      {
        source: 'docker 28.2.2, with DOCKER_API_VERSION=1.1, daemon 20.10.24',
        output:
          'Error response from daemon: client version 1.1 is too old. Minimum supported API version is 1.12, please upgrade your client to a newer version',
      },
      {
        source: 'docker 28.2.2, with DOCKER_API_VERSION=1.99, daemon 20.10.24',
        output:
          'Error response from daemon: client version 1.99 is too new. Maximum supported API version is 1.41',
      },
    ],
  },
  {
    cause: 'no-user-namespace',
    again: false,
    outputs: [
      {
        source: 'podman 4.3.1, in a chroot',
        output: 'cannot clone: Operation not permitted\nError: cannot re-exec process',
      },
      {
        source: 'buildah 1.28.2, in a chroot',
        output:
          'Error during unshare(CLONE_NEWUSER): Operation not permitted\ntime="2026-11-25T09:21:40Z" level=error msg="parsing PID \\"\\": strconv.Atoi: parsing \\"\\": invalid syntax"\ntime="2026-11-25T09:21:40Z" level=error msg="(Unable to determine exit status)"',
      },
      {
        source: 'podman 4.3.1, without new privileges',
        output:
          'time="2026-11-25T09:21:41Z" level=error msg="running `/usr/bin/newuidmap 5928 0 65534 1 1 100000 65536`: newuidmap: write to uid_map failed: Operation not permitted\\n"\nError: cannot set up namespace using "/usr/bin/newuidmap": exit status 1',
      },
      {
        source: 'podman 5, pkg/rootless/rootless_linux.go: no uidmap package',
        output:
          'Error: command required for rootless mode with multiple IDs: exec: "newuidmap": executable file not found in $PATH',
      },
      {
        source: 'podman 4.9, on a terminal; pkg/util of containers/storage logs it so',
        output: 'ERRO[0000] running `/usr/bin/newuidmap 7 0 1000 1`: newuidmap: write to uid_map failed',
      },
    ],
  },
  {
    cause: 'daemon',
    again: true,
    outputs: [
      {
        source: 'docker 28.2.2, DOCKER_TLS_VERIFY without certificates',
        output:
          'Failed to initialize: unable to resolve docker endpoint: open /home/x/.docker/ca.pem: no such file or directory',
      },
      {
        source: 'docker 20.10.24, DOCKER_CONTEXT without a context',
        output: 'unable to resolve docker endpoint: context "nosuch" does not exist',
      },
      {
        source: 'docker 28.2.2, with a ca.pem that is none',
        output: 'Failed to initialize: failed to retrieve context tls info: ca.pem seems invalid',
      },
      {
        source: 'docker 28.2.2, with a key.pem that is none',
        output: 'Failed to initialize: no valid private key found',
      },
      {
        source: 'docker 20.10.24, DOCKER_HOST=tcp://nohost.invalid:2375',
        output:
          'error during connect: Post "http://nohost.invalid:2375/v1.24/auth": dial tcp: lookup nohost.invalid on 10.0.0.53:53: no such host',
      },
      {
        source: 'docker 20.10.24, another CA',
        output:
          'error during connect: Post "https://127.0.0.1:44131/v1.24/auth": x509: certificate signed by unknown authority (possibly because of "x509: ECDSA verification failure" while trying to verify candidate authority certificate "x")',
      },
      {
        source: 'docker 20.10.24, DOCKER_HOST=ssh://nobody@127.0.0.1',
        output:
          'error during connect: Post "http://docker.example.com/v1.24/auth": command [ssh -l nobody -- 127.0.0.1 docker system dial-stdio] has exited with exit status 255, please make sure the URL is valid, and Docker 18.09 or later is installed on the remote host: stderr=ssh: connect to host 127.0.0.1 port 22: Connection refused',
      },
      {
        source: 'docker on Windows, https://github.com/microsoft/vscode-docker/issues/2850',
        output:
          'error during connect: In the default daemon configuration on Windows, the docker client must be run with elevated privileges to connect.: Post http://%2F%2F.%2Fpipe%2Fdocker_engine/v1.24/auth: open //./pipe/docker_engine: The system cannot find the file specified.',
      },
      {
        source: 'docker 20.10.24, a socket of somebody else',
        output:
          'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: Post "http://%2Fvar%2Frun%2Fdocker.sock/v1.24/auth": dial unix /var/run/docker.sock: connect: permission denied',
      },
      {
        source: 'docker on a GitHub runner with Windows, https://github.com/BasisVR/Basis/pull/669',
        output:
          'failed to connect to the docker API at npipe:////./pipe/docker_engine; check if the path is correct and if the daemon is running: open //./pipe/docker_engine: The system cannot find the file specified.',
      },
      {
        source: 'docker 29, client/request.go of github.com/moby/moby/client v0.1.0',
        output: 'permission denied while trying to connect to the docker API at unix:///var/run/docker.sock',
      },
      {
        source: 'docker 28.2.2, a daemon that answers 502',
        output:
          'request returned 502 Bad Gateway for API route and version http://127.0.0.1:43361/v1.50/auth, check if the server supports the requested API version',
      },
      {
        source: 'docker 20.10.24, a daemon that answers 502',
        output:
          'request returned Bad Gateway for API route and version http://127.0.0.1:43361/v1.24/auth, check if the server supports the requested API version',
      },
    ],
  },
  {
    cause: 'proxy-login',
    again: false,
    outputs: [
      { source: 'docker 28.2.2', output: 'Get "https://us.icr.io/v2/": Proxy Authentication Required' },
      {
        source: 'podman 5.4.2',
        output:
          'Error: authenticating creds for "us.icr.io": pinging container registry us.icr.io: Get "https://us.icr.io/v2/": Proxy Authentication Required',
      },
      {
        source: 'docker 20.10.24, 407 by what opens TLS',
        output: `Get "https://us.icr.io/v2/": error parsing HTTP 407 response body: invalid character 'P' looking for beginning of value: "Proxy"`,
      },
      {
        source: 'buildah 1.39.3, 407 by what opens TLS',
        output:
          'Error: authenticating creds for "us.icr.io": Requesting bearer token: invalid status code from registry 407 (Proxy Authentication Required)',
      },
    ],
  },
  {
    cause: 'proxy',
    again: true,
    outputs: [
      {
        source: 'docker 28.2.2, a proxy that answers 502',
        output: 'Get "https://us.icr.io/v2/": Bad Gateway',
      },
      {
        source: 'docker 28.2.2, the same by a daemon',
        output: 'Error response from daemon: Get "https://us.icr.io/v2/": Bad Gateway',
      },
      {
        source: 'podman 4.3.1, a proxy that answers 403',
        output:
          'Error: authenticating creds for "us.icr.io": pinging container registry us.icr.io: Get "https://us.icr.io/v2/": Forbidden',
      },
      {
        source: 'skopeo 1.18.0, a proxy that answers 503',
        output:
          'time="2026-11-25T09:15:43Z" level=fatal msg="authenticating creds for \\"us.icr.io\\": pinging container registry us.icr.io: Get \\"https://us.icr.io/v2/\\": Service Unavailable"',
      },
      {
        source: 'docker 20.10.24, a proxy that answers 401',
        output: 'Get "https://us.icr.io/v2/": Unauthorized',
      },
      {
        source: 'docker 26.1.5, a proxy that answers 429',
        output:
          'time="2026-11-25T09:14:34Z" level=info msg="Error logging in to endpoint, trying next endpoint" error="Get \\"https://us.icr.io/v2/\\": Too Many Requests"\nGet "https://us.icr.io/v2/": Too Many Requests',
      },
      {
        source: 'buildah 1.28.2, a proxy with words of its own',
        output:
          'Error: authenticating creds for "us.icr.io": pinging container registry us.icr.io: Get "https://us.icr.io/v2/": Blocked by policy',
      },
      {
        source: 'docker on Windows, https://github.com/docker/for-win/issues/8909',
        output:
          'Error response from daemon: Get https://us.icr.io/v2/: Get https://us.icr.io/oauth/token?account=Profile-1&client_id=docker&offline_token=true&service=registry: AuthenticationRequired',
      },
      {
        source: 'docker 28.2.2, no proxy there',
        output:
          'Get "https://us.icr.io/v2/": proxyconnect tcp: dial tcp 127.0.0.1:1: connect: connection refused',
      },
      {
        source: 'podman 5.4.2, a proxy whose name does not resolve',
        output:
          'Error: authenticating creds for "us.icr.io": pinging container registry us.icr.io: Get "https://us.icr.io/v2/": proxyconnect tcp: dial tcp: lookup proxy.invalid on 10.0.0.53:53: no such host',
      },
    ],
  },
  {
    cause: 'throttled',
    again: true,
    outputs: [
      {
        source: 'docker 28.2.2',
        output:
          'time="2026-11-25T09:14:34Z" level=info msg="Error logging in to endpoint, trying next endpoint" error="Get \\"https://us.icr.io/v2/\\": toomanyrequests: slow down"\nGet "https://us.icr.io/v2/": toomanyrequests: slow down',
      },
      {
        source: 'docker 20.10.24, plain text',
        output: `Get "https://us.icr.io/v2/": error parsing HTTP 429 response body: invalid character 's' looking for beginning of value: "slow down"`,
      },
      {
        source: 'docker 28.2.2, at /v2/',
        output: 'login attempt to https://us.icr.io/v2/ failed with status: 429 Too Many Requests',
      },
      {
        source: 'podman 4.3.1',
        output: 'Error: authenticating creds for "us.icr.io": too many requests to registry',
      },
      {
        source: 'podman 5.4.2, at /v2/',
        output:
          'Error: authenticating creds for "us.icr.io": pinging container registry us.icr.io: toomanyrequests: slow down',
      },
    ],
  },
  {
    cause: 'refused',
    again: false,
    outputs: [
      {
        source: 'docker 28.2.2, 401',
        output:
          'time="2026-11-25T09:14:34Z" level=info msg="Error logging in to endpoint, trying next endpoint" error="Get \\"https://us.icr.io/v2/\\": unauthorized: The login credentials are not valid, or your IBM Cloud account is not active."\nGet "https://us.icr.io/v2/": unauthorized: The login credentials are not valid, or your IBM Cloud account is not active.',
      },
      {
        source: 'docker 20.10.24, 401',
        output:
          'Get "https://us.icr.io/v2/": unauthorized: The login credentials are not valid, or your IBM Cloud account is not active.',
      },
      {
        source: 'docker 20.10.24, 401 in plain text',
        output: 'Get "https://us.icr.io/v2/": unauthorized: authentication required',
      },
      { source: 'docker 26.1.5, 401 without a text', output: 'Get "https://us.icr.io/v2/": unauthorized:' },
      {
        source: 'docker 28.2.2 by a daemon, 400',
        output:
          'Error response from daemon: Get "https://us.icr.io/v2/": unauthorized: The login credentials are not valid.',
      },
      {
        source: 'docker 20.10.24, 400 in plain text',
        output: `Get "https://us.icr.io/v2/": error parsing HTTP 400 response body: invalid character 'B' looking for beginning of value: "Bad Request"`,
      },
      {
        source: 'docker 28.2.2 by a daemon, 400 without a text',
        output:
          'Error response from daemon: Get "https://us.icr.io/v2/": error parsing HTTP 400 response body: unexpected end of JSON input: ""',
      },
      {
        source: 'docker 28.2.2, 401 at /v2/',
        output: 'login attempt to https://us.icr.io/v2/ failed with status: 401 Unauthorized',
      },
      { source: 'podman 4.3.1, 401', output: 'Error: logging into "us.icr.io": invalid username/password' },
      {
        source: 'podman 5.4.2, 400',
        output:
          'Error: authenticating creds for "us.icr.io": Requesting bearer token: invalid status code from registry 400 (Bad Request)',
      },
      {
        source: 'podman 5.6, docker/errors.go of github.com/containers/image v5.36.2, 400',
        output:
          'Error: authenticating creds for "us.icr.io": Requesting bearer token: received unexpected HTTP status: 400 Bad Request',
      },
      {
        source: 'podman 5.4.2, 400 at /v2/',
        output:
          'Error: authenticating creds for "us.icr.io": pinging container registry us.icr.io: StatusCode: 400, "bad"',
      },
      {
        source: 'skopeo 1.9.3, 401',
        output:
          'time="2026-11-25T09:15:43Z" level=fatal msg="logging into \\"us.icr.io\\": invalid username/password"',
      },
      {
        source: 'buildah 1.28.2, with warnings before',
        output:
          'time="2026-11-25T09:21:41Z" level=warning msg="running newgidmap: exit status 1: newgidmap: write to gid_map failed: Operation not permitted\\n"\ntime="2026-11-25T09:21:41Z" level=warning msg="/usr/bin/newgidmap should be setgid or have filecaps setgid"\ntime="2026-11-25T09:21:41Z" level=warning msg="Falling back to single mapping"\ntime="2026-11-25T09:21:41Z" level=warning msg="Error running newuidmap: exit status 1: newuidmap: write to uid_map failed: Operation not permitted\\n"\ntime="2026-11-25T09:21:41Z" level=warning msg="Falling back to single mapping"\nError: logging into "us.icr.io": invalid username/password',
      },
    ],
  },
  {
    cause: 'denied',
    again: false,
    outputs: [
      {
        source: 'docker 28.2.2',
        output:
          'time="2026-11-25T09:14:34Z" level=info msg="Error logging in to endpoint, trying next endpoint" error="Get \\"https://us.icr.io/v2/\\": denied: You are not authorized to access the specified resource"\nGet "https://us.icr.io/v2/": denied: You are not authorized to access the specified resource',
      },
      { source: 'docker 28.2.2, without a text', output: 'Get "https://us.icr.io/v2/": denied:' },
      {
        source: 'docker 20.10.24, plain text',
        output: `Get "https://us.icr.io/v2/": error parsing HTTP 403 response body: invalid character 'F' looking for beginning of value: "Forbidden"`,
      },
      {
        source: 'buildah 1.28.2',
        output:
          'Error: authenticating creds for "us.icr.io": Requesting bearer token: invalid status code from registry 403 (Forbidden)',
      },
      {
        source: 'podman 5.4.2, at /v2/',
        output:
          'Error: authenticating creds for "us.icr.io": pinging container registry us.icr.io: denied: You are not authorized',
      },
      {
        source: 'podman 5.6, docker/errors.go of github.com/containers/image v5.36.2, at /v2/',
        output:
          'Error: authenticating creds for "us.icr.io": pinging container registry us.icr.io: requested access to the resource is denied',
      },
    ],
  },
  {
    cause: 'unavailable',
    again: true,
    outputs: [
      {
        source: 'docker 28.2.2',
        output: 'Get "https://us.icr.io/v2/": received unexpected HTTP status: 500 Internal Server Error',
      },
      {
        source: 'docker 20.10.24',
        output: 'Get "https://us.icr.io/v2/": received unexpected HTTP status: 502 Bad Gateway',
      },
      {
        source: 'docker 28.2.2, at /v2/',
        output: 'login attempt to https://us.icr.io/v2/ failed with status: 503 Service Unavailable',
      },
      {
        source: 'docker 28.2.2, a status of a content delivery network',
        output: 'Get "https://us.icr.io/v2/": received unexpected HTTP status: 522 unknown',
      },
      {
        source: 'podman 4.3.1',
        output:
          'Error: authenticating creds for "us.icr.io": Requesting bearer token: invalid status code from registry 504 (Gateway Timeout)',
      },
      {
        source: 'skopeo 1.18.0, at /v2/',
        output:
          'time="2026-11-25T09:15:43Z" level=fatal msg="authenticating creds for \\"us.icr.io\\": pinging container registry us.icr.io: received unexpected HTTP status: 502 Bad Gateway"',
      },
    ],
  },
  {
    cause: 'no-challenge',
    again: false,
    outputs: [
      {
        source: 'docker 20.10.24, 404 at /v2/',
        output: 'login attempt to https://us.icr.io/v2/ failed with status: 404 Not Found',
      },
      {
        source: 'podman 5.4.2, 404 at /v2/',
        output:
          'Error: authenticating creds for "us.icr.io": pinging container registry us.icr.io: StatusCode: 404, "nothing"',
      },
      {
        source: 'docker 28.2.2, HTTP on port 443',
        output: 'Get "https://us.icr.io/v2/": http: server gave HTTP response to HTTPS client',
      },
      {
        source: 'podman 4.3.1, a page on port 443',
        output:
          'Error: authenticating creds for "us.icr.io": pinging container registry us.icr.io: Get "https://us.icr.io/v2/": tls: first record does not look like a TLS handshake',
      },
      {
        source: 'skopeo 1.18.0, what is no proxy',
        output:
          'time="2026-11-25T09:15:43Z" level=fatal msg="authenticating creds for \\"us.icr.io\\": pinging container registry us.icr.io: Get \\"https://us.icr.io/v2/\\": malformed HTTP response \\"hello\\""',
      },
      {
        source: 'docker 28.2.2, a page in the place of a token',
        output: `time="2026-11-25T09:14:34Z" level=info msg="Error logging in to endpoint, trying next endpoint" error="Get \\"https://us.icr.io/v2/\\": unable to decode token response: invalid character '<' looking for beginning of value"\nGet "https://us.icr.io/v2/": unable to decode token response: invalid character '<' looking for beginning of value`,
      },
      {
        source: 'docker 20.10.24, nothing in the place of a token',
        output: 'Get "https://us.icr.io/v2/": unable to decode token response: EOF',
      },
      {
        source: 'docker 28.2.2, a number in the place of a token',
        output:
          'Get "https://us.icr.io/v2/": unable to decode token response: json: cannot unmarshal number into Go struct field getTokenResponse.token of type string',
      },
      {
        source: 'podman 5.4.2, a page in the place of a token',
        output: `Error: authenticating creds for "us.icr.io": decoding bearer token (last URL "https://us.icr.io/oauth/token?account=Profile-1&service=registry", body start "<html>login</html>"): invalid character '<' looking for beginning of value`,
      },
      {
        source: 'skopeo 1.9.3, a page in the place of a token',
        output: `time="2026-11-25T09:15:43Z" level=fatal msg="authenticating creds for \\"us.icr.io\\": invalid character '<' looking for beginning of value"`,
      },
      {
        source: 'buildah 1.28.2, nothing in the place of a token',
        output: 'Error: authenticating creds for "us.icr.io": unexpected end of JSON input',
      },
      {
        source: 'docker 28.2.2, a token that is not there',
        output: 'Get "https://us.icr.io/v2/": authorization server did not include a token in the response',
      },
      {
        source: 'docker 28.2.2, a status line that is none',
        output:
          'Get "https://us.icr.io/v2/": net/http: HTTP/1.x transport connection broken: malformed HTTP status code "there"',
      },
      {
        source: 'skopeo 1.9.3, a header that is none',
        output:
          'time="2026-11-25T09:15:43Z" level=fatal msg="authenticating creds for \\"us.icr.io\\": pinging container registry us.icr.io: Get \\"https://us.icr.io/v2/\\": net/http: HTTP/1.x transport connection broken: malformed MIME header: missing colon: \\"bad header line\\""',
      },
      {
        source: 'docker 28.2.2, a chunk that is none',
        output: 'Get "https://us.icr.io/v2/": invalid byte in chunk length',
      },
    ],
  },
  {
    cause: 'no-such-host',
    again: true,
    outputs: [
      {
        source: 'docker 28.2.2',
        output: 'Get "https://us.icr.io/v2/": dial tcp: lookup us.icr.io on 10.0.0.53:53: no such host',
      },
      {
        source: 'podman 4.3.1, without a network',
        output:
          'Error: authenticating creds for "us.icr.io": pinging container registry us.icr.io: Get "https://us.icr.io/v2/": dial tcp: lookup us.icr.io on 10.0.0.53:53: dial udp 10.0.0.53:53: connect: network is unreachable',
      },
      {
        source: 'docker 20.10.24, without a server',
        output:
          'Get "https://us.icr.io/v2/": dial tcp: lookup us.icr.io on 127.0.0.1:53: read udp 127.0.0.1:55048->127.0.0.1:53: read: connection refused',
      },
      {
        source: 'docker on Windows, https://github.com/docker/for-win/issues/26',
        output:
          'Error response from daemon: Get https://us.icr.io/v2/: dial tcp: lookup us.icr.io on 192.168.65.3:53: read udp 192.168.65.2:45051->192.168.65.3:53: i/o timeout',
      },
      {
        source: 'docker on Windows, net/lookup_windows.go of Go 1.24',
        output:
          'Get "https://us.icr.io/v2/": dial tcp: lookup us.icr.io: getaddrinfow: This is usually a temporary error during hostname resolution and means that the local server did not receive a response from an authoritative server.',
      },
    ],
  },
  {
    cause: 'certificate',
    again: false,
    outputs: [
      {
        source: 'docker 28.2.2',
        output:
          'Get "https://us.icr.io/v2/": tls: failed to verify certificate: x509: certificate signed by unknown authority',
      },
      {
        source: 'docker 20.10.24, another host',
        output: 'Get "https://us.icr.io/v2/": x509: certificate is valid for other.example, not us.icr.io',
      },
      {
        source: 'podman 4.3.1, an old kind of certificate',
        output:
          'Error: authenticating creds for "us.icr.io": pinging container registry us.icr.io: Get "https://us.icr.io/v2/": x509: certificate relies on legacy Common Name field, use SANs instead',
      },
      {
        source: 'docker on macOS, crypto/x509/root_darwin.go of Go 1.24',
        output:
          'Get "https://us.icr.io/v2/": tls: failed to verify certificate: x509: “us.icr.io” certificate is not trusted',
      },
    ],
  },
  {
    cause: 'no-answer',
    again: true,
    outputs: [
      {
        source: 'docker 28.2.2',
        output:
          'time="2026-11-25T09:14:34Z" level=info msg="Error logging in to endpoint, trying next endpoint" error="Get \\"https://us.icr.io/v2/\\": Get \\"https://us.icr.io/oauth/token?account=Profile-1&client_id=docker&offline_token=true&service=registry\\": context deadline exceeded (Client.Timeout exceeded while awaiting headers) (Client.Timeout exceeded while awaiting headers)"\nGet "https://us.icr.io/v2/": Get "https://us.icr.io/oauth/token?account=Profile-1&client_id=docker&offline_token=true&service=registry": context deadline exceeded (Client.Timeout exceeded while awaiting headers) (Client.Timeout exceeded while awaiting headers)',
      },
      {
        source: 'docker 20.10.24',
        output:
          'Get "https://us.icr.io/v2/": Get "https://us.icr.io/oauth/token?account=Profile-1&client_id=docker&offline_token=true&service=registry": net/http: request canceled (Client.Timeout exceeded while awaiting headers)',
      },
      {
        source: 'podman 5.4.2',
        output:
          'Error: authenticating creds for "us.icr.io": pinging container registry us.icr.io: Get "https://us.icr.io/v2/": net/http: TLS handshake timeout',
      },
      {
        source: 'podman, poll.ErrDeadlineExceeded of Go',
        output:
          'Error: authenticating creds for "us.icr.io": pinging container registry us.icr.io: Get "https://us.icr.io/v2/": dial tcp 10.0.0.2:443: i/o timeout',
      },
      {
        source: 'podman, ETIMEDOUT of Linux',
        output:
          'Error: authenticating creds for "us.icr.io": pinging container registry us.icr.io: Get "https://us.icr.io/v2/": dial tcp 10.0.0.2:443: connect: connection timed out',
      },
      {
        source: 'docker, https://github.com/docker/hub-feedback/issues/2385',
        output: 'Error response from daemon: Get "https://us.icr.io/v2/": context deadline exceeded',
      },
      {
        source: 'docker, WSAETIMEDOUT of Windows',
        output:
          'Get "https://us.icr.io/v2/": dial tcp 10.0.0.2:443: connectex: A connection attempt failed because the connected party did not properly respond after a period of time, or established connection failed because connected host has failed to respond.',
      },
    ],
  },
  {
    cause: 'network',
    again: true,
    outputs: [
      {
        source: 'docker 28.2.2',
        output:
          'time="2026-11-25T09:14:34Z" level=info msg="Error logging in to endpoint, trying next endpoint" error="Get \\"https://us.icr.io/v2/\\": Get \\"https://us.icr.io/oauth/token?account=Profile-1&client_id=docker&offline_token=true&service=registry\\": read tcp 127.0.0.1:38144->127.0.0.1:41599: read: connection reset by peer"\nGet "https://us.icr.io/v2/": Get "https://us.icr.io/oauth/token?account=Profile-1&client_id=docker&offline_token=true&service=registry": read tcp 127.0.0.1:38144->127.0.0.1:41599: read: connection reset by peer',
      },
      {
        source: 'podman 4.3.1',
        output:
          'Error: authenticating creds for "us.icr.io": pinging container registry us.icr.io: Get "https://us.icr.io/v2/": dial tcp 10.0.0.2:443: connect: connection refused',
      },
      {
        source: 'docker 28.2.2, no route',
        output: 'Get "https://us.icr.io/v2/": dial tcp 10.0.0.2:443: connect: no route to host',
      },
      {
        source: 'docker 20.10.24, no network',
        output: 'Get "https://us.icr.io/v2/": dial tcp 10.0.0.2:443: connect: network is unreachable',
      },
      {
        source: 'podman 4.3.1, a route that prohibits',
        output:
          'Error: authenticating creds for "us.icr.io": pinging container registry us.icr.io: Get "https://us.icr.io/v2/": dial tcp 10.0.0.2:443: connect: permission denied',
      },
      {
        source: 'docker 20.10.24, a route into nothing',
        output: 'Get "https://us.icr.io/v2/": dial tcp 10.0.0.2:443: connect: invalid argument',
      },
      { source: 'docker 28.2.2, closed', output: 'Get "https://us.icr.io/v2/": EOF' },
      {
        source: 'docker 28.2.2, closed in the middle of a token',
        output: 'Get "https://us.icr.io/v2/": unable to decode token response: unexpected EOF',
      },
      {
        source: 'docker 28.2.2, reset in the middle of a token',
        output:
          'Get "https://us.icr.io/v2/": unable to decode token response: read tcp 10.0.0.1:5000->10.0.0.2:443: read: connection reset by peer',
      },
      {
        source: 'skopeo 1.9.3, closed by a proxy',
        output:
          'time="2026-11-25T09:15:43Z" level=fatal msg="authenticating creds for \\"us.icr.io\\": pinging container registry us.icr.io: Get \\"https://us.icr.io/v2/\\": unexpected EOF"',
      },
      {
        source: 'buildah 1.28.2, a firewall that knows TLS',
        output:
          'Error: authenticating creds for "us.icr.io": pinging container registry us.icr.io: Get "https://us.icr.io/v2/": remote error: tls: handshake failure',
      },
      {
        source: 'docker 28.2.2, a server that does not serve this name',
        output: 'Get "https://us.icr.io/v2/": remote error: tls: unrecognized name',
      },
      {
        source: 'docker, EPIPE of Linux',
        output: 'Get "https://us.icr.io/v2/": write tcp 10.0.0.1:5000->10.0.0.2:443: write: broken pipe',
      },
      {
        source: 'docker, WSAECONNREFUSED of Windows',
        output:
          'Get "https://us.icr.io/v2/": dial tcp 10.0.0.2:443: connectex: No connection could be made because the target machine actively refused it.',
      },
      {
        source: 'docker on Windows, https://github.com/docker/for-win/issues/3324',
        output:
          'Error response from daemon: Get https://us.icr.io/v2/: read tcp 10.1.58.204:56209->10.0.0.2:443: wsarecv: An existing connection was forcibly closed by the remote host.',
      },
      {
        source: 'docker on Windows in Spanish, https://github.com/docker/getting-started/issues/275',
        output:
          'Get "https://us.icr.io/v2/": read tcp 192.168.1.3:57197->10.0.0.2:443: wsarecv: Se ha anulado una conexión establecida por el software en su equipo host.',
      },
    ],
  },
  {
    cause: 'private-only',
    again: false,
    outputs: [
      {
        source: 'docker 28.2.2, with words of IBM’s documentation',
        output:
          'time="2026-11-25T09:14:34Z" level=info msg="Error logging in to endpoint, trying next endpoint" error="Get \\"https://us.icr.io/v2/\\": unauthorized: Private-only access is enabled on this account, but this request was over the public network. You must access this account over the private network"\nGet "https://us.icr.io/v2/": unauthorized: Private-only access is enabled on this account, but this request was over the public network. You must access this account over the private network',
      },
      {
        source: 'docker 20.10.24, with words of IBM’s documentation',
        output: 'Get "https://us.icr.io/v2/": denied: You must access this account over the private network',
      },
    ],
  },
  {
    cause: 'quota',
    again: false,
    outputs: [
      {
        source: 'docker 28.2.2, with words of IBM’s documentation',
        output: 'Get "https://us.icr.io/v2/": denied: Your account has exceeded its image storage quota',
      },
    ],
  },
  {
    cause: 'shortage',
    again: false,
    outputs: [
      {
        source: 'docker 29, cli/command/registry/login.go: no quota of the account',
        output: 'error saving credentials: write /home/x/.docker/config.json8214: disk quota exceeded',
      },
      {
        source: 'skopeo 1.9.3, --authfile in a full file system',
        output:
          'time="2026-11-25T09:30:13Z" level=fatal msg="1 error occurred:\\n\\t* writing to file \\"/tmp/auth.json\\": write /tmp/.tmp-auth.json282637736: no space left on device\\n\\n"',
      },
    ],
  },
  {
    cause: 'unknown',
    again: false,
    outputs: [
      {
        source: 'docker 28.2.2, 400 in plain text',
        output:
          'time="2026-11-25T09:14:34Z" level=info msg="Error logging in to endpoint, trying next endpoint" error="Get \\"https://us.icr.io/v2/\\": unknown: Bad Request"\nGet "https://us.icr.io/v2/": unknown: Bad Request',
      },
      {
        source: 'docker 28.2.2, 404 in plain text',
        output:
          'time="2026-11-25T09:14:34Z" level=info msg="Error logging in to endpoint, trying next endpoint" error="Get \\"https://us.icr.io/v2/\\": unknown: Not Found"\nGet "https://us.icr.io/v2/": unknown: Not Found',
      },
      {
        source: 'docker 20.10.24, a code of the registry’s own',
        output: 'Get "https://us.icr.io/v2/": unknown: Bad request.',
      },
      { source: 'docker 28.2.2, what is no daemon', output: 'Error response from daemon: nothing here' },
      {
        source: 'docker 28.2.2, cli/command/registry/login.go',
        output: 'Error saving credentials: open /home/x/.docker/config.json8214: permission denied',
      },
      {
        source: 'podman 5.6, docker/docker_client.go of github.com/containers/image v5.36.2',
        output:
          'Error: authenticating creds for "us.icr.io": pinging container registry us.icr.io: registry us.icr.io is blocked in /etc/containers/registries.conf or /etc/containers/registries.conf.d',
      },
      { source: 'podman 5.4.2, without /sys', output: 'Error: no such file or directory' },
      { source: 'a shell', output: 'Segmentation fault (core dumped)' },
    ],
  },
]
