import { spawn } from 'node:child_process'
import dns from 'node:dns'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, jest } from '@jest/globals'
import { request } from '../../src/ibm/http.ts'
import { testUnless } from '../testbed/needs.ts'

/**
 * A server that accepts no connections until it gets a line. Until then, its queue is full, so the kernel
 * drops further requests to connect, and repeats them after a second.
 */
const SLOW = `
  const server = require('node:http').createServer((_request, response) => response.end('reached'))
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    require('node:fs').writeSync(1, String(server.address().port))
    require('node:fs').readSync(0, Buffer.alloc(1))
  })`

const sockets: Socket[] = []
afterEach(() => {
  for (const socket of sockets) socket.destroy()
  jest.restoreAllMocks()
})

const noQueue = process.platform === 'linux' ? undefined : 'needs the queue of a Linux socket'

testUnless(noQueue)(
  'an address that takes a second to connect is not given up for one that is dead',
  async () => {
    const server = spawn(process.execPath, ['--eval', SLOW], { stdio: ['pipe', 'pipe', 'inherit'] })
    try {
      const port = Number(await once(server.stdout, 'data'))
      for (let filling = 0; filling < 4; filling++) {
        const socket = connect(port, '127.0.0.1')
        socket.on('error', () => {})
        sockets.push(socket)
      }
      await once(sockets[0] as Socket, 'connect')
      const addresses = [
        { address: '127.0.0.1', family: 4 },
        { address: '::1', family: 6 },
      ]
      const answer = jest.spyOn(dns, 'lookup') as unknown as jest.Mock<(...args: unknown[]) => void>
      answer.mockImplementation((_host, _options, callback) =>
        (callback as CallableFunction)(null, addresses),
      )
      const reached = request(`http://slow.test:${port}`, { timeoutMs: 20_000, direct: true })
      await sleep(100) // The first request to connect has been dropped.
      server.stdin.write('\n')
      expect(await reached).toMatchObject({ status: 200, body: 'reached' })
    } finally {
      server.kill('SIGKILL')
    }
  },
  30_000,
)
