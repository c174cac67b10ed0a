import * as core from '@actions/core'

/** Writes one line to the log, whatever is in it: a path may contain line breaks. */
export function say(line: string): void {
  core.info(harmless(line.replace(/[\r\n]+/g, ' ')))
}

/** Writes text from other sources to the log, line by line, marked as a quotation. */
export function quote(text: string): void {
  core.info(
    text
      .split(/\r?\n|\r/)
      .map(line => `| ${harmless(line)}`)
      .join('\n'),
  )
}

/**
 * The runner executes workflow commands in the log: `::` at the start of a line, possibly after whitespace,
 * and, in the older form, `##[` anywhere in a line (src/Runner.Common/ActionCommand.cs of actions/runner). The
 * lines that are written here begin with a word or `|`.
 */
function harmless(line: string): string {
  return line.replaceAll('##[', '## [')
}
