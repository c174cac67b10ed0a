/**
 * An error as Markdown for the job's summary: commands in blocks that can be copied, everything else as it is in the
 * log.
 *
 * @param message the error, whose commands stand on indented lines of their own
 */
export function summaryOf(message: string): string {
  const lines = message.split('\n').map(line => {
    if (/^ {4}/.test(line)) return `\n\`\`\`sh\n${line.trim()}\n\`\`\`\n`
    // The link of ours; a character of it that is escaped would lead elsewhere.
    return line.startsWith('See https://') ? `\n${line}` : escaped(line)
  })
  return `### Login to IBM Cloud Container Registry failed\n\n${lines.join('\n')}\n`
}

/** What others said in it is text, and no Markdown or HTML. */
function escaped(line: string): string {
  return line.replace(/[\\`*_{}[\]<>#|!&~$@]/g, '\\$&')
}
