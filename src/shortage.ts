import { Fault } from './fault.ts'

/** What a machine can run out of, and how the system and the clients report it. */
const SHORTAGES: [of: string, said: RegExp][] = [
  ['file handles (ulimit -n)', /\bE[MN]FILE\b|too many open files/i],
  [
    "processes (ulimit -u, or a container's limit)",
    /\bspawn .*EAGAIN\b|fork.* resource temporarily|new OS thread/i,
  ],
  ['memory', /\bENOMEM\b|cannot allocate memory/i],
  ['disk space', /\b(?:ENOSPC|EDQUOT)\b|no space left on|disk quota exceeded/i],
]

/** @returns what the machine ran out of, if the text reports it */
export function shortageIn(text: string): string | undefined {
  return SHORTAGES.find(([, said]) => said.test(text))?.[0]
}

/** Same as {@link shortageIn}, as a fault. */
export function shortageFault(output: string): Fault | undefined {
  const shortage = shortageIn(output)
  return shortage === undefined ? undefined : new Fault('shortage', output, { line: shortage })
}

/**
 * @returns the message of a system error, or of the toolkit for a missing runner file; undefined otherwise
 */
export function refusalOfSystem(error: unknown): string | undefined {
  const { syscall, message } = error as NodeJS.ErrnoException
  return syscall !== undefined || /^Missing file at path: /.test(message) ? message : undefined
}
