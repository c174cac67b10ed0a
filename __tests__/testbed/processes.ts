import { execFileSync } from 'node:child_process'

/** The command lines of this machine's processes that contain a text. */
export function processesNaming(text: string): string[] {
  const lines = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).split('\n')
  return lines.filter(line => line.includes(text))
}
