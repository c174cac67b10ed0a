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
