import { accessSync, constants, statSync } from 'node:fs'
import path from 'node:path'

/** The endings of programs. PATHEXT is a variable of Windows; this is its default there. */
const endings = () =>
  process.platform === 'win32' ? list(process.env.PATHEXT || '.COM;.EXE;.BAT;.CMD') : ['']

/**
 * Searches PATH for a program. Skips folders that cannot be read, and items without a name, which shells take
 * for the current folder.
 *
 * @returns its path; undefined if it is not found
 */
export function findProgram(name: string): string | undefined {
  return list(process.env.PATH ?? '')
    .flatMap(folder => endings().map(ending => path.join(folder, `${name}${ending}`)))
    .find(isProgram)
}

function list(text: string): string[] {
  return text.split(path.delimiter).filter(item => item !== '')
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}
