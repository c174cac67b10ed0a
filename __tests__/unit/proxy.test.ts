import { describe, expect, test } from '@jest/globals'
import { isUsable, proxyFor } from '../../src/ibm/proxy.ts'
import { PROXY_RULES } from '../testbed/proxy-rules.ts'

test.each(PROXY_RULES)('%j: %s', (variables, way) => {
  const url = proxyFor('us.icr.io', variables)?.url
  expect(url).toBe({ proxy: 'http://PROXY', other: 'http://OTHER', direct: undefined }[way])
})

test.each(['a:us.icr.io', 'us.icr.io:80', 'us.icr.io:443:443', '**.icr.io', 'x*', ' '])(
  '%j in NO_PROXY is not an exception',
  NO_PROXY => {
    expect(proxyFor('us.icr.io', { NO_PROXY, HTTPS_PROXY: 'http://proxy.example' })).toEqual({
      variable: 'HTTPS_PROXY',
      url: 'http://proxy.example',
    })
  },
)

describe('a proxy that requests can use', () => {
  test.each<[usable: boolean, url: string]>([
    [true, 'proxy.example'],
    [true, 'proxy.example:3128'],
    [true, 'http://proxy.example:3128/'],
    [true, 'HTTP://proxy.example'],
    [true, 'https://user:pa%23ss@proxy.example'],
    [true, 'user:secret@proxy.example:3128'],
    [false, 'socks5://proxy.example:1080'],
    [false, 'socks5h://proxy.example'],
    [false, 'ftp://proxy.example'],
    [false, 'http://'],
    [false, 'http://[::1'],
    [false, 'proxy.example:99999'],
    [false, 'http://user:pa%ss@proxy.example'],
    [false, 'http://user:pa#ss@proxy.example'],
    [false, 'http://user:12/ss@proxy.example'],
    [false, 'http://proxy.example\n'],
    [false, 'proxy.example '],
    [false, 'http://user:pa ss@proxy.example'],
  ])('%s: %s', (usable, https_proxy) => {
    const proxy = proxyFor('us.icr.io', { https_proxy })
    expect(proxy?.variable).toBe('https_proxy')
    expect(proxy && isUsable(proxy)).toBe(usable)
  })
})
