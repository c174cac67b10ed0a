import { EOL } from 'node:os'

export interface Annotation {
  kind: 'error' | 'warning' | 'notice'
  message: string
}

/**
 * Reads a step's output as the runner does: executes workflow commands and hides secrets.
 *
 * Source: GitHub's documentation "Workflow commands for GitHub Actions"; for the masker's base64 forms,
 * src/Sdk/DTLogging/Logging/ValueEncoders.cs of https://github.com/actions/runner
 */
export class LogReader {
  readonly #masks: Set<string>
  readonly #debug: boolean

  /** @param masks the job's masks; new ones are added */
  constructor(masks: Set<string>, debug: boolean) {
    this.#masks = masks
    this.#debug = debug
  }

  read(raw: string): { log: string; annotations: Annotation[] } {
    const annotations: Annotation[] = []
    const shown: string[] = []
    // The runner hides a secret only after it learns of it.
    const show = (line: string) => shown.push(this.#hide(line))
    for (const line of raw.split(EOL)) {
      const [, command, text = ''] = line.match(/^::([a-z-]+)(?: [^:]*)?::(.*)$/) ?? []
      const message = unescaped(text)
      if (command === 'add-mask') this.#mask(message)
      else if (command === 'error' || command === 'warning' || command === 'notice') {
        annotations.push({ kind: command, message: this.#hide(message) })
        show(`##[${command}]${message}`)
      } else if (command === 'debug') {
        if (this.#debug) show(`##[debug]${message}`)
      } else if (command === 'group') show(`##[group]${message}`)
      else if (command === 'endgroup') show('##[endgroup]')
      else show(line)
    }
    return { log: shown.join('\n'), annotations }
  }

  #mask(value: string): void {
    for (const secret of [value, ...value.split(/\r?\n/)].map(text => text.trim())) {
      if (secret === '') continue
      this.#masks.add(secret)
      for (const encoded of base64Alignments(secret)) this.#masks.add(encoded)
    }
  }

  #hide(text: string): string {
    return [...this.#masks]
      .sort((a, b) => b.length - a.length)
      .reduce((hidden, mask) => hidden.replaceAll(mask, '***'), text)
  }
}

/** The base64 forms of a text within a longer one, for each of the three possible alignments. */
export function base64Alignments(text: string): string[] {
  const bytes = Buffer.from(text)
  return [0, 1, 2]
    .map(shift =>
      bytes.subarray(shift, shift + Math.floor((bytes.length - shift) / 3) * 3).toString('base64'),
    )
    .filter(encoded => encoded.length > 4)
}

/** Parses a file such as GITHUB_ENV: `name=value`, or `name<<DELIMITER`, lines, `DELIMITER`. */
export function parseFileCommand(text: string): Record<string, string> {
  const values: Record<string, string> = {}
  const lines = text.split(/\r?\n/)
  for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
    const [, name, delimiter] = line.match(/^([^=<]+)<<(.+)$/) ?? []
    if (name !== undefined && delimiter !== undefined) {
      const end = lines.indexOf(delimiter)
      if (end < 0) throw new Error(`no end ${delimiter} for ${name}`)
      values[name] = lines
        .splice(0, end + 1)
        .slice(0, -1)
        .join('\n')
    } else if (line.includes('='))
      values[line.slice(0, line.indexOf('='))] = line.slice(line.indexOf('=') + 1)
  }
  return values
}

function unescaped(text: string): string {
  return text.replace(/%0D/g, '\r').replace(/%0A/g, '\n').replace(/%25/g, '%')
}
