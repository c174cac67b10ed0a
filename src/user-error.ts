/**
 * An error that the user can fix. Its message becomes the step's error, unchanged and without a stack trace,
 * so it says what is wrong and how to fix it. Any other error is a bug in this action.
 */
export class UserError extends Error {
  /** The output of clients and the registry, for details. */
  readonly details: string

  constructor(message: string, details = '') {
    super(message)
    this.details = details
  }
}

/**
 * An error about a credential file. Says how to fix the file. How to do without it depends on what led to the
 * file, which only `stores/destinations.ts` knows.
 */
export class FileError extends UserError {
  readonly file: string
  readonly #what: string
  readonly #fixes: string[]

  /**
   * @param file the credential file
   * @param what the path and what is wrong
   * @param fixes what helps; any of them
   */
  constructor(file: string, what: string, ...fixes: string[]) {
    super(`${what}.${advice(...fixes)}`)
    this.file = file
    this.#what = what
    this.#fixes = fixes
  }

  /** The same error, with something else that helps; if that is empty, unchanged. */
  or(fix: string): FileError {
    return new FileError(this.file, this.#what, ...this.#fixes, fix)
  }
}

/** A sentence to append, about what helps. */
export function advice(...fixes: string[]): string {
  const text = fixes.filter(Boolean).join(', or ')
  return text && ` ${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
