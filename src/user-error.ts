/**
 * Something that the user can mend. The message is shown as the step's one error, as it is and without a
 * stack trace, so it says what is wrong and what to do. Anything else that is thrown is a defect of ours.
 */
export class UserError extends Error {
  /** What clients and registry said themselves, for whoever wants it. */
  readonly details: string

  constructor(message: string, details = '') {
    super(message)
    this.details = details
  }
}
