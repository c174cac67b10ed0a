import { execFileSync } from 'node:child_process'

/** The processes of this machine that have a text in their command line, a line each. */
export function processesNaming(text: string): string[] {
  const lines = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).split('\n')
  return lines.filter(line => line.includes(text))
}
