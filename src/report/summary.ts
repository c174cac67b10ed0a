/**
 * An error as Markdown for the job summary: commands in code blocks that can be copied, everything else as in
 * the log.
 *
 * @param message the error, with commands on indented lines
 */
export function summaryOf(message: string): string {
  const lines = message.split('\n').map(line => {
    if (/^ {4}/.test(line)) return `\n\`\`\`sh\n${line.trim()}\n\`\`\`\n`
    // This action's own link, which escaping would break.
    return line.startsWith('See https://') ? `\n${line}` : escaped(line)
  })
  return `### Login to IBM Cloud Container Registry failed\n\n${lines.join('\n')}\n`
}

/** Escapes text from other sources, so that it is not rendered as Markdown or HTML. */
function escaped(line: string): string {
  return line.replace(/[\\`*_{}[\]<>#|!&~$@]/g, '\\$&')
}
