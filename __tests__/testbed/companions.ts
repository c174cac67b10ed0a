import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { until } from './helpers.ts'
import { keep } from './keep.ts'
import { untilListening } from './registry.ts'
import type { Job } from './runner.ts'
import { inNextDebian } from './shims.ts'

/** Adds a program of the next Debian release to a job's PATH. It sees the machine's /tmp. */
export function addProgram(job: Job, name: string, program = name): void {
  writeFileSync(join(job.folder, 'bin', name), `#!/bin/sh\n${inNextDebian(program)}\n`, { mode: 0o755 })
}

/** A session with an unlocked keyring. */
export interface Keyring {
  /** The variables that point to it. */
  readonly env: { DBUS_SESSION_BUS_ADDRESS: string }
  stop(): Promise<void>
}

/**
 * Starts gnome-keyring on its own bus, both from the next Debian release. All their files are in `folder`.
 */
export async function startKeyring(folder: string): Promise<Keyring> {
  mkdirSync(folder, { recursive: true })
  const socket = join(folder, 'bus')
  const env = {
    PATH: '/usr/sbin:/usr/bin',
    HOME: folder,
    XDG_RUNTIME_DIR: folder,
    DBUS_SESSION_BUS_ADDRESS: `unix:path=${socket}`,
  }
  const start = (program: string, input: string, ...args: string[]) =>
    keep(join(folder, program), {
      command: ['/bin/bash', '-c', `cd /; ${inNextDebian(program)} <<<'${input}'`, program, ...args],
      env,
      log: `${folder}.log`,
    })
  // Not the usual session bus, which starts services on demand, including a second keyring.
  const config = join(folder, 'bus.conf')
  const policy = '<allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/>'
  writeFileSync(
    config,
    `<busconfig><type>session</type><listen>${env.DBUS_SESSION_BUS_ADDRESS}</listen><policy context="default">${policy}</policy></busconfig>`,
  )
  const bus = start('dbus-daemon', '', `--config-file=${config}`, '--nofork')
  await untilListening(socket, bus.ended, `${folder}.log`)
  const keyring = start(
    'gnome-keyring-daemon',
    'password',
    '--foreground',
    '--unlock',
    '--components=secrets',
  )
  const isReady = () =>
    spawnSync('/bin/sh', ['-c', inNextDebian('docker-credential-secretservice'), 'sh', 'list'], {
      cwd: '/',
      env,
    }).status === 0
  await until(isReady)
  return {
    env: { DBUS_SESSION_BUS_ADDRESS: env.DBUS_SESSION_BUS_ADDRESS },
    async stop() {
      await keyring.stop()
      await bus.stop()
    },
  }
}
